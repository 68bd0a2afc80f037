/* SPDX-License-Identifier: MIT
 *
 * Contents are read in the order of the layers and written in the order of the tree; a temporary
 * file holds them in between.
 */
#include "export/forms/slim_tar.h"

#include <stdlib.h>
#include <string.h>

#include "image/layer/blob.h"
#include "util/spool.h"
#include "image/layer/tar_writer.h"

static const char XATTRS[] =
    "SELECT x.name, x.value FROM merged m JOIN xattr x ON x.layer = m.source_layer "
    "AND x.path = m.source_path WHERE m.image = :image AND m.path = :path ORDER BY x.name";

struct writing {
    const struct tar_tree *rootfs;
    struct db *db;
    struct tar_writer *tar; /* owned */
    int spool;              /* owned */
    uint64_t end;           /* bytes in spool */
    char *piece;            /* owned */
    enum rootfs_from now;   /* whose contents are being spooled */
    struct {
        uint64_t *offsets; /* owned; by node of the source: offset in spool */
        uint32_t *first;   /* owned; by the first node of a hard link: the first that is written */
    } of[N_ROOTFS_FROM];
};
enum { PIECE = 256 * 1024 };

static const struct node *source_node(const struct writing *w, uint32_t at)
{
    const struct tar_tree *rootfs = w->rootfs;
    return &rootfs->trees[rootfs->from[at]]->nodes[rootfs->node[at]];
}

/* Returns the first written name of a hard link; the node itself if it is the first. */
static uint32_t written_at(const struct writing *w, uint32_t at)
{
    uint32_t group = source_node(w, at)->peer;
    return group == NODE_NONE ? at : w->of[w->rootfs->from[at]].first[group];
}

static bool take(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    struct writing *w = with;
    if (!at)
        w->of[w->now].offsets[node] = w->end;
    if (!spool_write(w->spool, chunk, w->end, err))
        return false;
    w->end += chunk.n;
    return true;
}

static void find_first(struct writing *w)
{
    const struct tar_tree *rootfs = w->rootfs;
    for (enum rootfs_from from = ROOTFS_SUBJECT; from < N_ROOTFS_FROM; from++) {
        size_t n = rootfs->trees[from] ? rootfs->trees[from]->n : 0;
        w->of[from].offsets = mem_zero(n + 1, sizeof *w->of[from].offsets);
        w->of[from].first = mem_array(NULL, n + 1, sizeof *w->of[from].first);
        memset(w->of[from].first, 0xff, n * sizeof *w->of[from].first);
    }
    for (uint32_t i = 0; i < rootfs->tree->n; i++) {
        uint32_t group = rootfs->from[i] ? source_node(w, i)->peer : NODE_NONE;
        uint32_t *first = w->of[rootfs->from[i]].first;
        if (group != NODE_NONE && first[group] == NODE_NONE)
            first[group] = i;
    }
}

static bool spool_contents(struct writing *w, enum rootfs_from from, struct progress *progress,
                           struct err *err)
{
    const struct tar_tree *rootfs = w->rootfs;
    CONTENTS_AUTO struct file_contents *contents = NULL;
    MEM_AUTO uint32_t *files = mem_array(NULL, rootfs->tree->n, sizeof *files);
    size_t n = 0;
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        if (rootfs->from[i] == from && source_node(w, i)->kind == NODE_FILE &&
            written_at(w, i) == i)
            files[n++] = rootfs->node[i];
    w->now = from;
    return !n || (file_contents_open(w->db, rootfs->trees[from], progress, &contents, err) &&
                  file_contents_each(contents, files, n, take, w, err));
}

/* Reads the extended attributes, sorted by name. Memory from the arena. */
static bool read_xattrs(struct writing *w, uint32_t at, struct arena *arena,
                        struct entry_xattr **list, size_t *n, struct err *err)
{
    static const uint8_t none[16];
    size_t cap = 0;
    *list = NULL;
    *n = 0;
    if (!memcmp(source_node(w, at)->xattrs, none, sizeof none))
        return true;
    struct stmt *q = db_query(w->db, XATTRS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", w->rootfs->trees[w->rootfs->from[at]]->image);
    stmt_bind_int(q, ":path", source_node(w, at)->path_id);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(*list, *n, cap);
        (*list)[(*n)++] = (struct entry_xattr){arena_copy(arena, stmt_bytes(q, 0)),
                                               arena_copy(arena, stmt_bytes(q, 1))};
    }
    return step == STEP_DONE;
}

static bool write_contents(struct writing *w, uint32_t at, struct err *err)
{
    uint64_t size = (uint64_t)source_node(w, at)->size;
    uint64_t begin = w->of[w->rootfs->from[at]].offsets[w->rootfs->node[at]];
    for (uint64_t done = 0; done < size;) {
        size_t n = size - done < PIECE ? (size_t)(size - done) : PIECE;
        if (!blob_pread(w->spool, w->piece, n, begin + done, err) ||
            !tar_writer_data(w->tar, bytes_from(w->piece, n), err))
            return false;
        done += n;
    }
    return true;
}

static bool write_node(struct writing *w, uint32_t at, struct err *err)
{
    BUF_AUTO struct buf path = {0}, peer = {0};
    struct arena arena = {0};
    MEM_AUTO struct entry_xattr *xattrs = NULL;
    const struct node *node = source_node(w, at);
    size_t n;
    uint32_t first = written_at(w, at);
    tree_path(w->rootfs->tree, at, &path);
    if (first != at)
        tree_path(w->rootfs->tree, first, &peer);
    bool ok = read_xattrs(w, at, &arena, &xattrs, &n, err) &&
              tar_writer_add(w->tar, bytes_skip(buf_bytes(&path), 1), node, xattrs, n,
                             bytes_skip(buf_bytes(&peer), 1), err) &&
              (first != at || node->kind != NODE_FILE || write_contents(w, at, err));
    arena_finish(&arena);
    return ok;
}

bool slim_tar_write(struct db *db, const struct tar_tree *rootfs, struct progress *progress, int fd,
                    struct err *err)
{
    struct writing w = {.rootfs = rootfs, .db = db};
    w.spool = spool_open(err);
    if (w.spool < 0)
        return false;
    w.piece = mem_alloc(PIECE);
    find_first(&w);
    bool ok = spool_contents(&w, ROOTFS_BASE, progress, err) &&
              spool_contents(&w, ROOTFS_SUBJECT, progress, err) && tar_writer_open(fd, &w.tar, err);
    for (uint32_t i = 0; ok && i < rootfs->tree->n; i++)
        ok = !rootfs->from[i] || write_node(&w, i, err);
    ok = ok && tar_writer_end(w.tar, err);
    tar_writer_close(w.tar);
    spool_close_at(&w.spool);
    for (enum rootfs_from from = ROOTFS_SUBJECT; from < N_ROOTFS_FROM; from++) {
        free(w.of[from].offsets);
        free(w.of[from].first);
    }
    free(w.piece);
    return ok;
}
