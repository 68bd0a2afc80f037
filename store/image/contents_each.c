/* SPDX-License-Identifier: MIT
 *
 * Whole files of many nodes: sorted by where they lie, hashed on their way.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "image/contents_private.h"
#include "image/layer.h"
#include "image/spool.h"

enum { PIECE = 256 * 1024 };

struct wanted {
    uint32_t node;
    struct contents_place place;
};

struct each {
    struct contents *contents;
    contents_take *take;
    void *with;
    char *buffer;       /* owned */
    XXH3_state_t *hash; /* owned */
    uint32_t node;      /* the one that is handed out */
};

static int compare_wanted(const void *left, const void *right)
{
    const struct wanted *a = left, *b = right;
    if (a->place.ordinal != b->place.ordinal)
        return a->place.ordinal < b->place.ordinal ? -1 : 1;
    if (a->place.offset != b->place.offset)
        return a->place.offset < b->place.offset ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

static bool give(struct each *e, uint64_t at, struct bytes chunk, struct err *err)
{
    XXH3_128bits_update(e->hash, chunk.p, chunk.n);
    return e->take(e->with, e->node, at, chunk, err);
}

/* A chunk of a sparse file. */
static bool give_sparse(void *with, uint64_t at, struct bytes chunk, bool *enough, struct err *err)
{
    *enough = false;
    return give(with, at, chunk, err);
}

static bool from_layer(struct each *e, const struct contents_place *place, struct err *err)
{
    struct contents *c = e->contents;
    for (uint64_t at = 0; at < place->size;) {
        struct bytes some = {0};
        size_t n = place->size - at < PIECE ? (size_t)(place->size - at) : PIECE;
        if (!contents_some(c, place->offset + at, n, e->buffer, &some, err))
            return false;
        if (!some.n)
            return err_set(err, "%s: layer %u ends too early", c->source.path, place->ordinal);
        if (!give(e, at, some, err))
            return false;
        at += some.n;
    }
    return true;
}

static bool from_sparse(struct each *e, const struct contents_place *place, struct err *err)
{
    struct contents *c = e->contents;
    BUF_AUTO struct buf path = {0};
    return contents_path(c, place, &path, err) &&
           layer_content(c->fd, c->extent.offset, c->extent.size, buf_bytes(&path), c->progress,
                         give_sparse, e, err);
}

static bool from_file(struct each *e, const struct contents_place *place, struct err *err)
{
    FD_AUTO int fd = contents_open_file(e->contents, place, err);
    if (fd < 0)
        return false;
    for (uint64_t at = 0; at < place->size;) {
        size_t n = place->size - at < PIECE ? (size_t)(place->size - at) : PIECE;
        if (e->contents->progress && atomic_load(&e->contents->progress->cancel))
            return err_cancelled(err);
        if (!blob_pread(fd, e->buffer, n, at, err) || !give(e, at, bytes_from(e->buffer, n), err))
            return false;
        at += n;
    }
    return true;
}

static bool give_file(struct each *e, const struct wanted *wanted, struct err *err)
{
    struct contents *c = e->contents;
    XXH128_canonical_t hash;
    e->node = wanted->node;
    XXH3_128bits_reset(e->hash);
    bool ok = c->is_dir ? from_file(e, &wanted->place, err)
                        : contents_go_to(c, wanted->place.ordinal, err) &&
                              (wanted->place.has_offset ? from_layer(e, &wanted->place, err)
                                                        : from_sparse(e, &wanted->place, err));
    if (!ok)
        return false;
    XXH128_canonicalFromHash(&hash, XXH3_128bits_digest(e->hash));
    if (memcmp(hash.digest, c->tree->nodes[wanted->node].hash, sizeof hash.digest) != 0) {
        BUF_AUTO struct buf path = {0};
        tree_path(c->tree, wanted->node, &path);
        return err_set(err, "%s: %s is not what was loaded any more: load it again", c->source.path,
                       path.p);
    }
    return e->take(e->with, e->node, wanted->place.size, bytes_from("", 0), err);
}

bool contents_each(struct contents *contents, const uint32_t *nodes, size_t n, contents_take *take,
                   void *with, struct err *err)
{
    MEM_AUTO struct wanted *wanted = mem_array(NULL, n, sizeof *wanted);
    for (size_t i = 0; i < n; i++) {
        wanted[i].node = nodes[i];
        if (!contents_locate(contents, nodes[i], &wanted[i].place, err))
            return false;
    }
    if (n)
        qsort(wanted, n, sizeof *wanted, compare_wanted);
    struct each e = {.contents = contents,
                     .take = take,
                     .with = with,
                     .buffer = mem_alloc(PIECE),
                     .hash = XXH3_createState()};
    bool ok = e.hash || err_set(err, "out of memory");
    for (size_t i = 0; ok && i < n; i++)
        ok = give_file(&e, &wanted[i], err);
    free(e.buffer);
    XXH3_freeState(e.hash);
    return ok;
}
