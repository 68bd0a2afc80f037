/* SPDX-License-Identifier: MIT
 *
 * Each chunk is hashed while it is in the cache. If the bytes of an ELF file cannot be read again
 * (compressed layers), they are stored: a small file in memory, a larger file in a temporary file.
 */
#include "image/layer/content_scan.h"

#include <string.h>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h> /* chooses the widest registers that the machine has */
#endif
#include <zstd.h>

#include "image/layer/blob.h"
#include "image/content/elf.h"
#include "image/content/ld_so_conf.h"
#include "util/spool.h"

enum {
    MAGIC_BYTES = 4,
    SCRIPT_BYTES =
        256, /* Linux reads no more of a #! line: BINPRM_BUF_SIZE, uapi/linux/binfmts.h */
    KEEP_BYTES = 4 * 1024 * 1024,
    NEEDS_BYTES_MAX = 1024 * 1024, /* of one file; many needs can share a long string */
    NEEDS_MAX = 8192,
    ZEROS = 64 * 1024,
    PACKAGE_LEVEL = 1 /* compression level of zstd */
};

void content_scan_begin(struct content_scan *content, uint64_t size,
                        struct content_scan_place place, struct bytes path)
{
    if (!content->hash) {
        content->hash = XXH3_createState();
        content->spool = -1;
    }
    XXH3_128bits_reset(content->hash);
    content->place = place;
    content->size = size;
    content->n = 0;
    content->kind = CONTENT_NEW;
    content->is_config = ld_so_conf_is_one(path);
    content->package_file = package_text_kind_of(path);
    content->spooled = content->spool_failed = false;
    buf_clear(&content->head);
}

void content_scan_finish(struct content_scan *content)
{
    if (content->hash) {
        XXH3_freeState(content->hash);
        spool_close_at(&content->spool);
    }
    buf_finish(&content->head);
    ZSTD_freeCCtx(content->zstd);
    *content = (struct content_scan){.spool = -1};
}

static void tell_kind(struct content_scan *content)
{
    struct bytes head = buf_bytes(&content->head);
    content->kind = CONTENT_PLAIN;
    if (bytes_starts(head, bytes_from("\x7f"
                                      "ELF",
                                      4)))
        content->kind = CONTENT_ELF;
    else if (content->package_file)
        content->kind = CONTENT_PACKAGES;
    else if (content->is_config)
        content->kind = CONTENT_CONFIG;
    else if (bytes_starts(head, bytes_of("#!")))
        content->kind = CONTENT_SCRIPT;
    if (content->kind != CONTENT_ELF || content->place.fd >= 0 || content->size <= KEEP_BYTES)
        return;
    /* The file overwrites the previous file, because the pages are already allocated. */
    if (content->spool < 0)
        content->spool = spool_open(&content->spool_err);
    content->spooled = true;
    content->spool_failed =
        content->spool < 0 || !spool_write(content->spool, head, 0, &content->spool_err);
}

/* Returns how many bytes of a file are kept in memory. */
static size_t limit_of(const struct content_scan *content)
{
    switch (content->kind) {
    case CONTENT_SCRIPT:
        return SCRIPT_BYTES;
    case CONTENT_CONFIG:
        return SEARCH_MAX_BYTES;
    case CONTENT_PACKAGES:
        return content->package_file == PACKAGE_PYTHON_METADATA ? PACKAGE_HEAD_MAX
               : content->size > PACKAGE_TEXT_MAX               ? 0
                                                                : PACKAGE_TEXT_MAX;
    default:
        return KEEP_BYTES;
    }
}

/* Stores a chunk that ends at content->n. */
static void keep(struct content_scan *content, struct bytes chunk)
{
    if (content->kind == CONTENT_PLAIN || (content->kind == CONTENT_ELF && content->place.fd >= 0))
        return;
    if (content->spooled) {
        if (!content->spool_failed)
            content->spool_failed =
                !spool_write(content->spool, chunk, content->n - chunk.n, &content->spool_err);
        return;
    }
    size_t limit = limit_of(content);
    size_t room = content->head.n < limit ? limit - content->head.n : 0;
    buf_add(&content->head, bytes_from(chunk.p, chunk.n < room ? chunk.n : room));
}

void content_scan_add(struct content_scan *content, struct bytes chunk)
{
    XXH3_128bits_update(content->hash, chunk.p, chunk.n);
    content->n += chunk.n;
    if (content->kind == CONTENT_NEW) {
        /* A chunk can be as short as one byte. */
        size_t n = MAGIC_BYTES - content->head.n;
        n = chunk.n < n ? chunk.n : n;
        buf_add(&content->head, bytes_from(chunk.p, n));
        chunk = bytes_skip(chunk, n);
        if (content->head.n == MAGIC_BYTES)
            tell_kind(content);
    }
    if (chunk.n)
        keep(content, chunk);
}

void content_scan_add_hole(struct content_scan *content, uint64_t n)
{
    static const char zeros[ZEROS];
    while (n) {
        size_t step = n < sizeof zeros ? (size_t)n : sizeof zeros;
        content_scan_add(content, bytes_from(zeros, step));
        n -= step;
    }
}

/* The collected needs of one file. */
struct gathering {
    struct arena *arena;
    struct need *list; /* owned */
    size_t n, cap, bytes;
    bool cut, elf_cut; /* a limit was exceeded */
};

static void add_need(void *with, enum need_kind kind, struct bytes value)
{
    struct gathering *gathering = with;
    if (gathering->n == NEEDS_MAX || value.n > NEEDS_BYTES_MAX - gathering->bytes) {
        gathering->cut = true;
        return;
    }
    gathering->bytes += value.n;
    ARRAY_ROOM(gathering->list, gathering->n, gathering->cap);
    gathering->list[gathering->n].kind = kind;
    gathering->list[gathering->n++].value = arena_copy(gathering->arena, value);
}

static bool read_head(void *with, void *to, size_t n, uint64_t offset)
{
    const struct buf *head = with;
    if (offset > head->n || n > head->n - offset)
        return false;
    if (n)
        memcpy(to, head->p + offset, n);
    return true;
}

static bool read_place(void *with, void *to, size_t n, uint64_t offset)
{
    const struct content_scan_place *place = with;
    struct err ignored;
    return blob_pread(place->fd, to, n, place->offset + offset, &ignored);
}

static void gather_elf(struct content_scan *content, struct gathering *gathering)
{
    struct content_scan_place place = content->place;
    struct elf_source source = {read_place, &place, &gathering->elf_cut};
    if (content->spooled)
        place = (struct content_scan_place){content->spool, 0};
    else if (place.fd < 0)
        source = (struct elf_source){read_head, &content->head, &gathering->elf_cut};
    elf_needs(&source, content->n, add_need, gathering);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Parses a #! line by the rules of fs/binfmt_script.c: the interpreter, then the rest as one
 * argument, without the blanks around it. */
static void gather_script(struct content_scan *content, struct gathering *gathering)
{
    struct bytes line = bytes_skip(buf_bytes(&content->head), 2);
    bool whole = content->n < SCRIPT_BYTES;
    size_t end = bytes_index(line, '\n');
    whole = whole || end < line.n;
    line.n = end;
    line.n = bytes_index(line, 0);
    while (line.n && is_blank(line.p[0]))
        line = bytes_skip(line, 1);
    while (line.n && is_blank(line.p[line.n - 1]))
        line.n--;
    size_t n = 0;
    while (n < line.n && !is_blank(line.p[n]))
        n++;
    if (!n || (!whole && n == line.n)) /* the kernel rejects a name that is cut */
        return;
    add_need(gathering, NEED_SCRIPT, bytes_from(line.p, n));
    struct bytes rest = bytes_skip(line, n);
    while (rest.n && is_blank(rest.p[0]))
        rest = bytes_skip(rest, 1);
    if (rest.n)
        add_need(gathering, NEED_SCRIPT_ARG, rest);
}

/* Compresses the text of a package manager's file into the feed's arena. */
static void take_packages(struct content_scan *content, struct entry_feed *feed,
                          struct entry *entry)
{
    if (content->package_file != PACKAGE_PYTHON_METADATA && content->n > PACKAGE_TEXT_MAX) {
        entry_feed_problem(feed, entry->path, bytes_of("too long a list of packages: not read"));
        return;
    }
    if (!content->zstd)
        content->zstd = ZSTD_createCCtx();
    BUF_AUTO struct buf packed = {0};
    buf_reserve(&packed, ZSTD_compressBound(content->head.n));
    size_t n = content->zstd ? ZSTD_compressCCtx(content->zstd, packed.p, packed.cap,
                                                 content->head.p, content->head.n, PACKAGE_LEVEL)
                             : 0;
    if (!n || ZSTD_isError(n))
        entry_feed_problem(feed, entry->path, bytes_of("its packages are not known: no memory"));
    else
        entry->packages = arena_copy(entry_feed_arena(feed), bytes_from(packed.p, n));
}

static void gather(struct content_scan *content, struct bytes path, struct gathering *gathering)
{
    if (content->kind == CONTENT_ELF)
        gather_elf(content, gathering);
    else if (content->kind == CONTENT_CONFIG)
        ld_so_conf_needs(path, buf_bytes(&content->head), add_need, gathering);
    else
        gather_script(content, gathering);
}

/* Reports the needs of the file that are not recorded because of a limit. */
static void report_cuts(const struct content_scan *content, const struct gathering *gathering,
                        struct entry_feed *feed, struct bytes path)
{
    BUF_AUTO struct buf words = {0};
    if (gathering->cut)
        buf_printf(&words, "more than %d needs, or %d bytes of them: the rest is not followed",
                   NEEDS_MAX, NEEDS_BYTES_MAX);
    else if (gathering->elf_cut)
        buf_add(&words,
                bytes_of("more dynamic entries or symbol versions than are read of a file"));
    else if (content->kind == CONTENT_CONFIG && content->n > SEARCH_MAX_BYTES)
        buf_printf(&words, "only its first %d bytes are read", SEARCH_MAX_BYTES);
    if (words.n)
        entry_feed_problem(feed, path, buf_bytes(&words));
}

void content_scan_end(struct content_scan *content, struct entry_feed *feed, struct entry *entry)
{
    if (content->kind == CONTENT_NEW) /* shorter than the longest magic */
        tell_kind(content);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(content->hash));
    memcpy(entry->hash, canonical.digest, sizeof entry->hash);
    entry->has_hash = true;
    if (content->kind == CONTENT_PLAIN)
        return;
    if (content->spool_failed) {
        entry_feed_problem(feed, entry->path,
                           bytes_of("its needs are not known: no temporary file"));
        return;
    }
    if (content->kind == CONTENT_PACKAGES) {
        take_packages(content, feed, entry);
        return;
    }
    struct gathering gathering = {.arena = entry_feed_arena(feed)};
    gather(content, entry->path, &gathering);
    report_cuts(content, &gathering, feed, entry->path);
    MEM_AUTO struct need *list = gathering.list;
    if (!gathering.n)
        return;
    entry->n_needs = gathering.n;
    entry->needs = arena_alloc(entry_feed_arena(feed), gathering.n * sizeof *entry->needs);
    memcpy(entry->needs, list, gathering.n * sizeof *list);
}
