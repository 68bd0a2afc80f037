/* SPDX-License-Identifier: MIT */
#include "image/layer/tar_member.h"

#include <stdlib.h>
#include <string.h>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "util/path.h"

#define WHITEOUT ".wh."
#define OPAQUE   ".wh..wh..opq"
#define AUFS     ".wh..wh."

/* Files that builders of lazily pulled images put at the root of a layer (stargz-snapshotter,
 * docs/estargz.md). Container runtimes hide them too. */
static const char *const hidden[] = {"stargz.index.json", ".prefetch.landmark",
                                     ".no.prefetch.landmark"};

static bool is_hidden(struct bytes path)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (bytes_equal(path, bytes_of(hidden[i])))
            return true;
    return false;
}

static bool is_too_long(struct bytes path)
{
    if (path.n > TAR_MEMBER_PATH_MAX)
        return true;
    for (struct bytes part; (part = path_next(&path)).n;)
        if (part.n > TAR_MEMBER_NAME_MAX + strlen(WHITEOUT))
            return true;
    return false;
}

static bool refuse(struct entry_feed *feed, struct bytes raw, const char *what)
{
    entry_feed_problem(feed,
                       bytes_from(raw.p, raw.n < TAR_MEMBER_PATH_MAX ? raw.n : TAR_MEMBER_PATH_MAX),
                       bytes_of(what));
    return false;
}

/* Returns true if a parent directory is internal to aufs (.wh..wh.plnk and similar). */
static bool is_below_aufs(struct bytes dir)
{
    for (struct bytes part; (part = path_next(&dir)).n;)
        if (bytes_starts(part, bytes_of(AUFS)))
            return true;
    return false;
}

static bool name_whiteout(struct entry_feed *feed, struct bytes path, struct entry *entry)
{
    struct bytes dir = path_dir(path), base = path_base(path);
    if (bytes_equal(base, bytes_of(OPAQUE))) {
        entry->kind = ENTRY_OPAQUE;
        entry->path = arena_copy(entry_feed_arena(feed), dir);
        return true;
    }
    if (bytes_starts(base, bytes_of(AUFS)))
        return false;
    struct bytes name = bytes_skip(base, strlen(WHITEOUT));
    if (!name.n || bytes_equal(name, bytes_of(".")) || bytes_equal(name, bytes_of("..")))
        return refuse(feed, path, "whiteout without a name");
    BUF_AUTO struct buf target = {0};
    buf_add(&target, dir);
    if (dir.n)
        buf_byte(&target, '/');
    buf_add(&target, name);
    entry->kind = ENTRY_WHITEOUT;
    entry->path = arena_copy(entry_feed_arena(feed), buf_bytes(&target));
    return true;
}

bool tar_member_name(struct entry_feed *feed, struct bytes raw, struct entry *entry)
{
    BUF_AUTO struct buf path = {0};
    if (!path_member(raw, &path))
        return refuse(feed, raw, "name outside of the image (..)");
    struct bytes name = buf_bytes(&path);
    if (is_too_long(name))
        return refuse(feed, raw, "name too long");
    if (is_hidden(name) || is_below_aufs(path_dir(name)))
        return false;
    if (bytes_starts(path_base(name), bytes_of(WHITEOUT)))
        return name_whiteout(feed, name, entry);
    if (!name.n && entry->kind != ENTRY_DIR)
        return refuse(feed, raw, "root entry is not a directory");
    entry->path = arena_copy(entry_feed_arena(feed), name);
    return true;
}

bool tar_member_hardlink(struct entry_feed *feed, struct bytes raw, struct entry *entry)
{
    BUF_AUTO struct buf path = {0};
    if (!path_member(raw, &path) || !path.n || is_too_long(buf_bytes(&path)))
        return refuse(feed, entry->path, "hard link to an invalid name");
    entry->link = arena_copy(entry_feed_arena(feed), buf_bytes(&path));
    return true;
}

uint32_t tar_member_owner(struct entry_feed *feed, const struct entry *entry, int64_t id)
{
    if (id >= 0 && id < UINT32_MAX)
        return (uint32_t)id;
    entry_feed_problem(feed, entry->path, bytes_of("an owner out of range: taken as 0"));
    return 0;
}

void tar_member_device(struct entry *entry, uint32_t major, uint32_t minor)
{
    entry->device = (int64_t)((uint64_t)major << 32 | minor);
    if (entry->kind != ENTRY_CHAR || entry->device != 0)
        return;
    struct bytes path = entry->path;
    *entry = (struct entry){.path = path, .kind = ENTRY_WHITEOUT, .offset = -1};
}

struct numbered_xattr {
    struct entry_xattr xattr;
    size_t seq;
};

static int compare_xattrs(const void *a, const void *b)
{
    const struct numbered_xattr *x = a, *y = b;
    int c = bytes_compare(x->xattr.name, y->xattr.name);
    return c ? c : (x->seq > y->seq) - (x->seq < y->seq);
}

static void hash_xattrs(struct entry *entry)
{
    XXH3_state_t *state = XXH3_createState();
    XXH3_128bits_reset(state);
    for (size_t i = 0; i < entry->n_xattrs; i++) {
        struct bytes name = entry->xattrs[i].name, value = entry->xattrs[i].value;
        unsigned char length[8];
        for (int k = 0; k < 8; k++)
            length[k] = (unsigned char)((uint64_t)value.n >> (8 * k));
        XXH3_128bits_update(state, name.n ? name.p : "", name.n);
        XXH3_128bits_update(state, "", 1);
        XXH3_128bits_update(state, length, sizeof length);
        XXH3_128bits_update(state, value.n ? value.p : "", value.n);
    }
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(entry->xattrs_hash, canonical.digest, sizeof entry->xattrs_hash);
    XXH3_freeState(state);
}

void tar_member_xattrs(struct entry_feed *feed, struct entry *entry, struct entry_xattr *list,
                       size_t n)
{
    if (!n)
        return;
    MEM_AUTO struct numbered_xattr *sorted = mem_array(NULL, n, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct numbered_xattr){list[i], i};
    qsort(sorted, n, sizeof *sorted, compare_xattrs);
    entry->xattrs = arena_alloc(entry_feed_arena(feed), n * sizeof *entry->xattrs);
    for (size_t i = 0; i < n; i++) {
        bool again = i + 1 < n && bytes_equal(sorted[i].xattr.name, sorted[i + 1].xattr.name);
        if (!again)
            entry->xattrs[entry->n_xattrs++] = sorted[i].xattr;
    }
    hash_xattrs(entry);
}
