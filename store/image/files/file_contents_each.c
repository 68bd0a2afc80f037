/* SPDX-License-Identifier: MIT
 *
 * Files are sorted by position in the layer, and hashed while they are read. Sparse files are not
 * in one piece in the layer: they come last, all in one more read of the layer.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "image/files/file_contents_private.h"
#include "image/layer/layer.h"
#include "util/spool.h"

enum { PIECE = 256 * 1024 };

struct wanted {
    uint32_t node;
    struct file_contents_place place;
    bool is_given; /* for a sparse file: already passed to take */
};

struct each {
    struct file_contents *contents;
    file_contents_take *take;
    void *with;
    char *buffer;       /* owned */
    XXH3_state_t *hash; /* owned */
    uint32_t node;      /* node of the current file */
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_wanted(const void *left, const void *right)
{
    const struct wanted *a = left, *b = right;
    int c = compare_numbers(a->place.ordinal, b->place.ordinal);
    if (!c)
        c = compare_numbers(!a->place.has_offset, !b->place.has_offset);
    if (!c)
        c = a->place.has_offset
                ? compare_numbers(a->place.offset, b->place.offset)
                : compare_numbers((uint64_t)a->place.source_path, (uint64_t)b->place.source_path);
    return c ? c : compare_numbers(a->node, b->node);
}

static bool give(struct each *e, uint64_t at, struct bytes chunk, struct err *err)
{
    struct progress *progress = e->contents->progress;
    if (progress && atomic_load_explicit(&progress->cancel, memory_order_relaxed))
        return err_cancelled(err);
    XXH3_128bits_update(e->hash, chunk.p, chunk.n);
    if (progress)
        atomic_fetch_add_explicit(&progress->done_bytes, chunk.n, memory_order_relaxed);
    return e->take(e->with, e->node, at, chunk, err);
}

static void begin_file(struct each *e, const struct wanted *wanted)
{
    e->node = wanted->node;
    XXH3_128bits_reset(e->hash);
}

static bool end_file(struct each *e, const struct wanted *wanted, struct err *err)
{
    const struct file_contents *c = e->contents;
    XXH128_canonical_t hash;
    XXH128_canonicalFromHash(&hash, XXH3_128bits_digest(e->hash));
    if (memcmp(hash.digest, c->tree->nodes[wanted->node].hash, sizeof hash.digest) != 0) {
        BUF_AUTO struct buf path = {0};
        tree_path(c->tree, wanted->node, &path);
        return err_set(err, "%s: %s changed since it was loaded; run xsmall load again",
                       c->source.path, path.p);
    }
    return e->take(e->with, e->node, wanted->place.size, bytes_from("", 0), err);
}

static bool from_layer(struct each *e, const struct file_contents_place *place, struct err *err)
{
    struct file_contents *c = e->contents;
    for (uint64_t at = 0; at < place->size;) {
        struct bytes some = {0};
        size_t n = place->size - at < PIECE ? (size_t)(place->size - at) : PIECE;
        if (!file_contents_some(c, place->offset + at, n, e->buffer, &some, err))
            return false;
        if (!some.n)
            return err_set(err, "%s: layer %u ends too early", c->source.path, place->ordinal);
        if (!give(e, at, some, err))
            return false;
        at += some.n;
    }
    return true;
}

static bool take_sparse(void *with, const struct layer_file *file, uint64_t at, struct bytes chunk,
                        struct err *err)
{
    struct each *e = with;
    struct wanted *wanted = file->with;
    if (!at)
        begin_file(e, wanted);
    if (chunk.n)
        return give(e, at, chunk, err);
    wanted->is_given = true;
    return end_file(e, wanted, err);
}

/* Chooses the files that were not passed yet. Names of one file are adjacent; only one of them is
 * chosen. */
static bool choose_sparse(struct each *e, struct wanted *wanted, size_t n, struct arena *arena,
                          struct layer_files *out, struct err *err)
{
    const struct wanted *last = NULL; /* NULL, so that the first remaining file is always chosen */
    BUF_AUTO struct buf path = {0};
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (wanted[i].is_given || (last && wanted[i].place.source_path == last->place.source_path))
            continue;
        buf_clear(&path);
        if (!file_contents_path(e->contents, &wanted[i].place, &path, err))
            return false;
        out->all[out->n++] = (struct layer_file){.path = arena_copy(arena, buf_bytes(&path)),
                                                 .header = wanted[i].place.header,
                                                 .with = &wanted[i]};
        last = &wanted[i];
    }
    return true;
}

/* Reads the sparse files of one layer. */
static bool from_sparse(struct each *e, struct wanted *wanted, size_t n, struct err *err)
{
    struct file_contents *c = e->contents;
    MEM_AUTO struct layer_file *list = mem_array(NULL, n, sizeof *list);
    struct layer_files files = {.all = list, .take = take_sparse, .with = e};
    for (size_t n_left = n; n_left; n_left -= files.n) {
        struct arena arena = {0};
        bool ok = choose_sparse(e, wanted, n, &arena, &files, err) &&
                  layer_contents(c->fd, c->extent.offset, c->extent.size, &files, c->progress, err);
        arena_finish(&arena);
        if (!ok)
            return false;
    }
    return true;
}

static bool from_file(struct each *e, const struct file_contents_place *place, struct err *err)
{
    FD_AUTO int fd = file_contents_open_file(e->contents, place, err);
    if (fd < 0)
        return false;
    for (uint64_t at = 0; at < place->size;) {
        size_t n = place->size - at < PIECE ? (size_t)(place->size - at) : PIECE;
        if (!blob_pread(fd, e->buffer, n, at, err) || !give(e, at, bytes_from(e->buffer, n), err))
            return false;
        at += n;
    }
    return true;
}

/* Returns the number of files in the next read: one file, or all sparse files of a layer. */
static size_t count_together(const struct file_contents *c, const struct wanted *wanted, size_t n)
{
    size_t i = 1;
    while (!c->is_dir && !wanted->place.has_offset && i < n && !wanted[i].place.has_offset &&
           wanted[i].place.ordinal == wanted->place.ordinal)
        i++;
    return i;
}

static bool give_some(struct each *e, struct wanted *wanted, size_t n, struct err *err)
{
    struct file_contents *c = e->contents;
    if (!c->is_dir && !file_contents_go_to(c, wanted->place.ordinal, err))
        return false;
    if (!c->is_dir && !wanted->place.has_offset)
        return from_sparse(e, wanted, n, err);
    begin_file(e, wanted);
    return (c->is_dir ? from_file(e, &wanted->place, err) : from_layer(e, &wanted->place, err)) &&
           end_file(e, wanted, err);
}

/* Finds the location of all files, so that the total for progress is known. */
static bool locate_all(struct file_contents *c, const uint32_t *nodes, size_t n,
                       struct wanted *wanted, struct err *err)
{
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++) {
        wanted[i] = (struct wanted){.node = nodes[i]};
        if (!file_contents_locate(c, nodes[i], &wanted[i].place, err))
            return false;
        total += wanted[i].place.size;
    }
    if (n)
        qsort(wanted, n, sizeof *wanted, compare_wanted);
    if (c->progress) {
        atomic_store(&c->progress->done_bytes, 0);
        atomic_store(&c->progress->total_bytes, total);
        atomic_store(&c->progress->phase, PROGRESS_FILES);
    }
    return true;
}

bool file_contents_each(struct file_contents *contents, const uint32_t *nodes, size_t n,
                        file_contents_take *take, void *with, struct err *err)
{
    MEM_AUTO struct wanted *wanted = mem_array(NULL, n, sizeof *wanted);
    if (!locate_all(contents, nodes, n, wanted, err))
        return false;
    struct each e = {.contents = contents,
                     .take = take,
                     .with = with,
                     .buffer = mem_alloc(PIECE),
                     .hash = XXH3_createState()};
    bool ok = e.hash || err_set(err, "out of memory");
    for (size_t i = 0, step; ok && i < n; i += step) {
        step = count_together(contents, &wanted[i], n - i);
        ok = give_some(&e, &wanted[i], step, err);
    }
    free(e.buffer);
    XXH3_freeState(e.hash);
    return ok;
}
