/* SPDX-License-Identifier: MIT
 *
 * Contents come in the order in which they lie in the layers, and are written in the order of the
 * tree: in between they are in a temporary file.
 */
#include "export/tar.h"

#include <stdlib.h>
#include <string.h>

#include "image/blob.h"
#include "image/spool.h"
#include "image/tar_writer.h"

static const char XATTRS[] =
    "SELECT x.name, x.value FROM merged m JOIN xattr x ON x.layer = m.source_layer "
    "AND x.path = m.source_path WHERE m.image = :image AND m.path = :path ORDER BY x.name";

struct writing {
    const struct keep_input *input;
    const struct keep *keep;
    const struct tree *tree;
    struct tar_writer *tar; /* owned */
    int spool;              /* owned */
    uint64_t end;           /* of what is in it */
    uint64_t *offsets;      /* owned; in spool, by node */
    uint32_t *first;        /* owned; by the first node of a hard link: its first kept one */
    char *piece;            /* owned */
};
enum { PIECE = 256 * 1024 };

static bool is_written(const struct writing *w, uint32_t node)
{
    return w->keep->verdicts[node].kept && w->tree->nodes[node].kind != NODE_SOCKET;
}

/* The node whose contents it has in the archive. */
static uint32_t written_at(const struct writing *w, uint32_t node)
{
    uint32_t group = w->tree->nodes[node].peer;
    return group == NODE_NONE ? node : w->first[group];
}

static bool take(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    struct writing *w = with;
    if (!at)
        w->offsets[node] = w->end;
    if (!spool_write(w->spool, chunk, w->end, err))
        return false;
    w->end += chunk.n;
    return true;
}

static bool spool_contents(struct writing *w, struct contents *contents, struct err *err)
{
    MEM_AUTO uint32_t *files = mem_array(NULL, w->tree->n, sizeof *files);
    size_t n = 0;
    memset(w->first, 0xff, w->tree->n * sizeof *w->first);
    for (uint32_t node = 0; node < w->tree->n; node++) {
        uint32_t group = w->tree->nodes[node].peer;
        if (!is_written(w, node))
            continue;
        if (group != NODE_NONE && w->first[group] == NODE_NONE)
            w->first[group] = node;
        if (w->tree->nodes[node].kind == NODE_FILE && written_at(w, node) == node)
            files[n++] = node;
    }
    return contents_each(contents, files, n, take, w, err);
}

/* The extended attributes, as their names are sorted. Memory from the arena. */
static bool read_xattrs(struct writing *w, uint32_t node, struct arena *arena,
                        struct feed_xattr **list, size_t *n, struct err *err)
{
    static const uint8_t none[16];
    size_t cap = 0;
    *list = NULL;
    *n = 0;
    if (!memcmp(w->tree->nodes[node].xattrs, none, sizeof none))
        return true;
    struct stmt *q = db_query(w->input->db, XATTRS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", w->tree->image);
    stmt_bind_int(q, ":path", w->tree->nodes[node].path_id);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(*list, *n, cap);
        (*list)[(*n)++] = (struct feed_xattr){arena_copy(arena, stmt_bytes(q, 0)),
                                              arena_copy(arena, stmt_bytes(q, 1))};
    }
    return step == STEP_DONE;
}

static bool write_contents(struct writing *w, uint32_t node, struct err *err)
{
    uint64_t size = (uint64_t)w->tree->nodes[node].size;
    for (uint64_t at = 0; at < size;) {
        size_t n = size - at < PIECE ? (size_t)(size - at) : PIECE;
        if (!blob_pread(w->spool, w->piece, n, w->offsets[node] + at, err) ||
            !tar_writer_data(w->tar, bytes_from(w->piece, n), err))
            return false;
        at += n;
    }
    return true;
}

static bool write_node(struct writing *w, uint32_t node, struct err *err)
{
    BUF_AUTO struct buf path = {0}, peer = {0};
    struct arena arena = {0};
    MEM_AUTO struct feed_xattr *xattrs = NULL;
    size_t n;
    uint32_t first = written_at(w, node);
    tree_path(w->tree, node, &path);
    if (first != node)
        tree_path(w->tree, first, &peer);
    bool ok =
        read_xattrs(w, node, &arena, &xattrs, &n, err) &&
        tar_writer_add(w->tar, bytes_skip(buf_bytes(&path), 1), &w->tree->nodes[node], xattrs, n,
                       bytes_skip(buf_bytes(&peer), 1), err) &&
        (first != node || w->tree->nodes[node].kind != NODE_FILE || write_contents(w, node, err));
    arena_finish(&arena);
    return ok;
}

bool export_tar(const struct keep_input *input, const struct keep *keep, struct contents *contents,
                int fd, struct err *err)
{
    struct writing w = {.input = input, .keep = keep, .tree = input->subject};
    w.spool = spool_open(err);
    if (w.spool < 0)
        return false;
    w.offsets = mem_zero(w.tree->n, sizeof *w.offsets);
    w.first = mem_array(NULL, w.tree->n, sizeof *w.first);
    w.piece = mem_alloc(PIECE);
    bool ok = spool_contents(&w, contents, err) && tar_writer_open(fd, &w.tar, err);
    for (uint32_t node = 0; ok && node < w.tree->n; node++)
        ok = !is_written(&w, node) || write_node(&w, node, err);
    ok = ok && tar_writer_end(w.tar, err);
    tar_writer_close(w.tar);
    spool_close_at(&w.spool);
    free(w.offsets);
    free(w.first);
    free(w.piece);
    return ok;
}
