/* SPDX-License-Identifier: MIT
 *
 * The tree is an array over path ids; a node refers to its first child and its siblings, so that a
 * subtree is removed without a search:
 *
 *     node: live? ── inode: layers of attributes and content, number of names
 *       first child ──▶ child ⇄ child ⇄ child
 *
 * A layer is applied in three steps, so the order of its tar does not matter: first whiteouts and
 * opaque markers, which apply to lower layers; then entries; then hard links, whose peer can be in
 * a lower layer or anywhere in the same layer. Paths of whiteouts are literal: as in the kernel's
 * overlay, no symlink is followed.
 */
#include "image/merge/layer_merge.h"

#include <stdlib.h>

#include "db/bulk_insert.h"
#include "db/loading.h"
#include "image/merge/package_owners.h"

struct merge_node {
    int64_t first, next, previous; /* path ids; 0: no such node */
    uint32_t inode;                /* 0: the path does not exist */
    uint32_t ordinal;              /* the topmost layer that wrote this path; 0: no layer */
    uint32_t pending; /* while hard links are applied: index of its row + 1; 0: not pending */
};

struct merge_inode {
    int64_t layer, path; /* key of table entry; layer 0: no layer has an entry for it */
    int64_t size;
    uint32_t ordinal; /* of the layer that wrote it */
    uint32_t n_names;
    bool is_dir;
};

struct merging {
    struct db *db;
    struct path_ids *paths;
    int64_t image, load;
    struct merge_node *nodes; /* owned; by path id */
    size_t n_nodes;
    struct merge_inode *inodes; /* owned; from 1 */
    size_t n_inodes, cap_inodes;
    int64_t *missing; /* owned; used by make_parents */
    size_t cap_missing;
    uint32_t *owner; /* owned; by path id: package number, or 0; NULL: the image has no packages */
    struct progress *progress;
};

static uint32_t new_inode(struct merging *m, struct merge_inode inode)
{
    ARRAY_ROOM(m->inodes, m->n_inodes, m->cap_inodes);
    m->inodes[m->n_inodes] = inode;
    return (uint32_t)m->n_inodes++;
}

static bool is_dir(const struct merging *m, int64_t path)
{
    return m->nodes[path].inode && m->inodes[m->nodes[path].inode].is_dir;
}

/* Adds a path with an inode to its parent, which must exist. */
static void hang(struct merging *m, int64_t path, uint32_t inode, uint32_t ordinal)
{
    struct merge_node *node = &m->nodes[path];
    int64_t parent = path_ids_parent(m->paths, path);
    node->inode = inode;
    node->ordinal = ordinal;
    node->first = node->previous = node->next = 0;
    m->inodes[inode].n_names++;
    if (!parent)
        return;
    node->next = m->nodes[parent].first;
    if (node->next)
        m->nodes[node->next].previous = path;
    m->nodes[parent].first = path;
}

static void take_leaf(struct merging *m, int64_t path)
{
    struct merge_node *node = &m->nodes[path];
    int64_t parent = path_ids_parent(m->paths, path);
    if (node->previous)
        m->nodes[node->previous].next = node->next;
    else if (parent)
        m->nodes[parent].first = node->next;
    if (node->next)
        m->nodes[node->next].previous = node->previous;
    m->inodes[node->inode].n_names--;
    node->inode = 0;
    node->ordinal = 0;
    node->next = node->previous = 0;
}

/* Removes everything below a path: repeatedly goes down to the deepest first child, then up again.
 */
static void take_children(struct merging *m, int64_t path)
{
    int64_t at = path;
    for (;;) {
        while (m->nodes[at].first)
            at = m->nodes[at].first;
        if (at == path)
            return;
        int64_t parent = path_ids_parent(m->paths, at);
        take_leaf(m, at);
        at = parent;
    }
}

static void take(struct merging *m, int64_t path)
{
    if (!m->nodes[path].inode)
        return;
    take_children(m, path);
    take_leaf(m, path);
}

/* Creates the missing directories above a path, with mode 0755 and owner 0:0. Replaces a parent
 * that is not a directory. */
static void make_parents(struct merging *m, int64_t path)
{
    size_t n = 0;
    for (int64_t at = path; (at = path_ids_parent(m->paths, at)) && !is_dir(m, at);) {
        ARRAY_ROOM(m->missing, n, m->cap_missing);
        m->missing[n++] = at;
    }
    while (n-- > 0) { /* from the top down, each is added to the previous directory */
        take(m, m->missing[n]);
        hang(m, m->missing[n], new_inode(m, (struct merge_inode){.is_dir = true}), 0);
    }
}

static void apply_markers(struct merging *m, const struct layer_rows *facts)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct layer_row *fact = &facts->list[i];
        if (fact->kind == ENTRY_WHITEOUT && fact->path != PATHS_ROOT)
            take(m, fact->path);
        else if (fact->kind == ENTRY_OPAQUE && is_dir(m, fact->path))
            take_children(m, fact->path);
    }
}

static void apply_entry(struct merging *m, const struct layer_rows *facts,
                        const struct layer_row *fact, uint32_t ordinal)
{
    struct merge_inode fresh = {.layer = facts->layer,
                                .path = fact->path,
                                .size = fact->kind == ENTRY_FILE ? fact->size : 0,
                                .ordinal = ordinal,
                                .is_dir = fact->kind == ENTRY_DIR};
    if (fresh.is_dir && is_dir(m, fact->path)) {
        fresh.n_names = 1; /* over a directory: replaces its attributes, keeps its children */
        m->inodes[m->nodes[fact->path].inode] = fresh;
        m->nodes[fact->path].ordinal = ordinal;
        return;
    }
    if (fact->path == PATHS_ROOT)
        return;
    make_parents(m, fact->path);
    take(m, fact->path);
    hang(m, fact->path, new_inode(m, fresh), ordinal);
}

static bool report(struct merging *m, int64_t path, const char *what, struct err *err)
{
    BUF_AUTO struct buf text = {0};
    return path_ids_text(m->paths, path, &text, err) &&
           loading_problem(m->db, m->load, buf_bytes(&text), what, err);
}

/* Applies a hard link. If its peer is also a hard link of this layer, applies the peer first. chain
 * has room for all rows of the layer. */
static bool apply_link(struct merging *m, const struct layer_rows *facts, uint32_t place,
                       uint32_t ordinal, uint32_t *chain, struct err *err)
{
    size_t n = 0;
    for (uint32_t at = place; at;) {
        const struct layer_row *fact = &facts->list[at - 1];
        m->nodes[fact->path].pending = 0; /* so that a loop of links ends */
        chain[n++] = at - 1;
        at = m->nodes[fact->link].pending;
    }
    while (n-- > 0) {
        const struct layer_row *fact = &facts->list[chain[n]];
        uint32_t inode = m->nodes[fact->link].inode;
        if (fact->link == fact->path && inode && !m->inodes[inode].is_dir)
            continue;
        if (!inode || m->inodes[inode].is_dir || fact->path == PATHS_ROOT) {
            take(m, fact->path);
            if (!report(m, fact->path, "hard link without a valid target", err))
                return false;
            continue;
        }
        /* The path can be a directory that contains the peer: the peer is then removed with the
         * directory. */
        m->inodes[inode].n_names++;
        make_parents(m, fact->path);
        take(m, fact->path);
        m->inodes[inode].n_names--;
        hang(m, fact->path, inode, ordinal);
    }
    return true;
}

static bool apply_links(struct merging *m, const struct layer_rows *facts, uint32_t ordinal,
                        struct err *err)
{
    size_t n = 0;
    for (uint32_t i = 0; i < facts->n; i++) {
        const struct layer_row *fact = &facts->list[i];
        if (fact->kind != ENTRY_HARDLINK || fact->gone)
            continue;
        m->nodes[fact->path].pending = i + 1;
        n++;
    }
    if (!n)
        return true;
    MEM_AUTO uint32_t *chain = mem_array(NULL, n, sizeof *chain);
    for (uint32_t i = 0; i < facts->n; i++) {
        const struct layer_row *fact = &facts->list[i];
        if (fact->kind == ENTRY_HARDLINK && !fact->gone &&
            !apply_link(m, facts, m->nodes[fact->path].pending, ordinal, chain, err))
            return false;
    }
    return true;
}

static bool apply_layer(struct merging *m, const struct layer_rows *facts, uint32_t ordinal,
                        struct err *err)
{
    apply_markers(m, facts);
    for (size_t i = 0; i < facts->n; i++) {
        const struct layer_row *fact = &facts->list[i];
        if (!fact->gone && fact->kind < ENTRY_HARDLINK)
            apply_entry(m, facts, fact, ordinal);
    }
    return apply_links(m, facts, ordinal, err);
}

/* Finds the first name, in C order, of each inode that has several names. */
static bool first_names(struct merging *m, int64_t *first, struct err *err)
{
    char **texts = mem_zero(m->n_inodes, sizeof *texts);
    BUF_AUTO struct buf text = {0};
    bool ok = true;
    for (size_t id = PATHS_ROOT; ok && id < m->n_nodes; id++) {
        uint32_t inode = m->nodes[id].inode;
        if (!inode || m->inodes[inode].n_names < 2)
            continue;
        ok = path_ids_text(m->paths, (int64_t)id, &text, err);
        if (ok && (!texts[inode] || bytes_compare(buf_bytes(&text), bytes_of(texts[inode])) < 0)) {
            free(texts[inode]);
            texts[inode] = mem_dup(buf_bytes(&text));
            first[inode] = (int64_t)id;
        }
    }
    for (size_t i = 0; i < m->n_inodes; i++)
        free(texts[i]);
    free(texts);
    return ok;
}

static const char ADD_MERGED[] =
    "INSERT INTO merged (image, path, ordinal, peer, source_layer, source_path, package) "
    "SELECT :image, c0, c1, c2, c3, c4, c5 FROM bulk";

/* A slice of existing paths that are written together. */
struct merge_slice {
    const struct merging *m;
    const int64_t *first; /* result of first_names */
    int64_t ids[256];
    size_t n;
};

static void give_number(struct bulk_value *out, int64_t number)
{
    out->kind = number ? BULK_INT : BULK_NULL;
    out->number = number;
}

static void slice_value(const void *with, size_t row, int column, struct bulk_value *out)
{
    const struct merge_slice *slice = with;
    const struct merging *m = slice->m;
    int64_t path = slice->ids[row];
    const struct merge_node *node = &m->nodes[path];
    const struct merge_inode *inode = &m->inodes[node->inode];
    switch (column) {
    case 0:
        return give_number(out, path);
    case 1:
        return give_number(out, node->ordinal);
    case 2:
        return give_number(out, inode->n_names > 1 ? slice->first[node->inode] : 0);
    case 3:
        return give_number(out, inode->layer);
    case 4:
        return give_number(out, inode->layer ? inode->path : 0);
    default:
        return give_number(out, m->owner ? m->owner[path] : 0);
    }
}

static bool write_slice(struct merging *m, struct merge_slice *slice, struct err *err)
{
    struct bulk_insert rows = {slice->n, slice_value, slice};
    struct stmt *q = db_query(m->db, ADD_MERGED, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", m->image);
    if (!bulk_insert_run(q, &rows, err))
        return false;
    slice->n = 0;
    if (m->progress && atomic_load(&m->progress->cancel))
        return err_cancelled(err);
    return db_slice(m->db, err);
}

static bool write_nodes(struct merging *m, struct err *err)
{
    MEM_AUTO int64_t *first = mem_zero(m->n_inodes, sizeof *first);
    struct merge_slice slice = {.m = m, .first = first};
    if (!first_names(m, first, err))
        return false;
    for (size_t id = PATHS_ROOT; id < m->n_nodes; id++) {
        if (!m->nodes[id].inode)
            continue;
        slice.ids[slice.n++] = (int64_t)id;
        if (slice.n == sizeof slice.ids / sizeof *slice.ids && !write_slice(m, &slice, err))
            return false;
    }
    return write_slice(m, &slice, err);
}

static bool owned_node(const void *with, int64_t path, struct package_owners_node *out)
{
    const struct merging *m = with;
    if (path < PATHS_ROOT || (size_t)path >= m->n_nodes || !m->nodes[path].inode)
        return false;
    const struct merge_inode *inode = &m->inodes[m->nodes[path].inode];
    *out = (struct package_owners_node){inode->layer, inode->path, inode->is_dir};
    return true;
}

static bool find_owners(struct merging *m, const struct layer_merge_input *layers, size_t n,
                        struct err *err)
{
    MEM_AUTO int64_t *ids = mem_array(NULL, n, sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = layers[i].facts->layer;
    struct package_owners_request request = {.db = m->db,
                                             .paths = m->paths,
                                             .image = m->image,
                                             .load = m->load,
                                             .layers = ids,
                                             .n_layers = n,
                                             .node = owned_node,
                                             .with = m};
    return package_owners_find(&request, &m->owner, err);
}

static void count_dead(const struct merging *m, struct layer_merge_input *layers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        layers[i].dead_bytes = layers[i].facts->bytes;
    for (size_t i = 1; i < m->n_inodes; i++)
        if (m->inodes[i].n_names && m->inodes[i].ordinal)
            layers[m->inodes[i].ordinal - 1].dead_bytes -= m->inodes[i].size;
}

bool layer_merge_write(const struct layer_merge *merge, struct err *err)
{
    struct merging m = {.db = merge->db,
                        .paths = merge->paths,
                        .image = merge->image,
                        .load = merge->load,
                        .progress = merge->progress};
    if (!path_ids_write(m.paths, err) || !path_ids_load_parents(m.paths, PATHS_ROOT, err))
        return false;
    m.n_nodes = m.paths->n;
    m.nodes = mem_zero(m.n_nodes, sizeof *m.nodes);
    new_inode(&m, (struct merge_inode){0}); /* 0 means "no inode" */
    hang(&m, PATHS_ROOT, new_inode(&m, (struct merge_inode){.is_dir = true}), 0);
    bool ok = true;
    for (size_t i = 0; ok && i < merge->n; i++)
        ok = apply_layer(&m, merge->layers[i].facts, (uint32_t)i + 1, err);
    ok = ok && find_owners(&m, merge->layers, merge->n, err) && write_nodes(&m, err);
    if (ok)
        count_dead(&m, merge->layers, merge->n);
    free(m.nodes);
    free(m.inodes);
    free(m.missing);
    free(m.owner);
    return ok;
}
