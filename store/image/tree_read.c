/* SPDX-License-Identifier: MIT
 *
 * The tree of an image out of the session. Rows come by path id, so a parent is found by binary
 * search, whatever ids a session holds.
 */
#include "image/tree_private.h"

#include <stdlib.h>
#include <string.h>

static const char FIND_IMAGE[] = "SELECT id FROM image WHERE role = :role AND complete = 1";

static const char READ_NODES[] =
    "SELECT m.path, p.parent, p.name, m.ordinal, m.peer, e.kind, e.mode, e.uid, e.gid, e.size, "
    "e.mtime_s, e.mtime_ns, e.link, e.device, e.hash, e.xattrs "
    "FROM merged m JOIN path p ON p.id = m.path LEFT JOIN entry e ON e.layer = m.source_layer "
    "AND e.path = m.source_path AND e.kind NOT IN ('whiteout', 'opaque', 'hardlink') "
    "WHERE m.image = :image ORDER BY m.path";

static const char READ_NEEDS[] =
    "SELECT m.path, n.kind, n.value FROM merged m JOIN need n ON n.layer = m.source_layer "
    "AND n.path = m.source_path WHERE m.image = :image ORDER BY m.path, n.seq";

enum { IMPLICIT_MODE = 0755, ITEMS_MAX = INT32_MAX, NEEDS_MAX = UINT16_MAX };

struct reading {
    struct tree *tree;
    struct tree_item *items; /* owned until tree_number; by path id */
    uint32_t n, cap;
    int64_t *parents, *peers; /* path ids, beside items; 0: none. Owned */
};

static void reading_finish(struct reading *r)
{
    free(r->items);
    free(r->parents);
    free(r->peers);
}

static const struct {
    const char *name;
    enum node_kind kind;
} kinds[] = {
    {"dir", NODE_DIR},     {"file", NODE_FILE}, {"link", NODE_LINK},     {"char", NODE_CHAR},
    {"block", NODE_BLOCK}, {"fifo", NODE_FIFO}, {"socket", NODE_SOCKET},
};

static enum node_kind kind_from(struct bytes name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (bytes_equal(name, bytes_of(kinds[i].name)))
            return kinds[i].kind;
    return NODE_DIR; /* NULL: no layer describes it */
}

static void copy_hash(uint8_t out[16], struct bytes hash)
{
    if (hash.n == 16)
        memcpy(out, hash.p, 16);
}

static void read_node(struct reading *r, struct stmt *q)
{
    struct tree_item *item = &r->items[r->n];
    struct node *node = &item->node;
    *item = (struct tree_item){.parent = NODE_NONE, .peer = NODE_NONE};
    node->path_id = stmt_int(q, 0);
    r->parents[r->n] = stmt_int(q, 1);
    node->name = arena_copy(&r->tree->arena, stmt_bytes(q, 2));
    node->ordinal = (uint32_t)stmt_int(q, 3);
    r->peers[r->n] = stmt_int(q, 4);
    node->kind = (uint8_t)kind_from(stmt_bytes(q, 5));
    node->mode = stmt_is_null(q, 6) ? IMPLICIT_MODE : (uint16_t)(stmt_int(q, 6) & 07777);
    node->uid = (uint32_t)stmt_int(q, 7);
    node->gid = (uint32_t)stmt_int(q, 8);
    node->size = node->kind == NODE_FILE && stmt_int(q, 9) > 0 ? stmt_int(q, 9) : 0;
    node->mtime_s = stmt_int(q, 10);
    node->mtime_ns = (uint32_t)stmt_int(q, 11);
    node->link = arena_copy(&r->tree->arena,
                            node->kind == NODE_LINK ? stmt_bytes(q, 12) : bytes_from("", 0));
    int64_t device = stmt_int(q, 13);
    node->device_major = (uint32_t)((uint64_t)device >> 32);
    node->device_minor = (uint32_t)device;
    if (node->kind == NODE_FILE)
        copy_hash(node->hash, stmt_bytes(q, 14));
    copy_hash(node->xattrs, stmt_bytes(q, 15));
    r->n++;
}

static void make_room(struct reading *r)
{
    if (r->n < r->cap)
        return;
    r->cap = r->cap ? r->cap * 2 : 1024;
    r->items = mem_array(r->items, r->cap, sizeof *r->items);
    r->parents = mem_array(r->parents, r->cap, sizeof *r->parents);
    r->peers = mem_array(r->peers, r->cap, sizeof *r->peers);
}

static bool read_nodes(struct reading *r, struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, READ_NODES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", r->tree->image);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (r->n == ITEMS_MAX) {
            stmt_reset(q);
            return err_set(err, "%s: more than %d paths in an image", db_path(db), ITEMS_MAX);
        }
        make_room(r);
        read_node(r, q);
    }
    return step == STEP_DONE;
}

/* The item of a path id, or NODE_NONE. */
static uint32_t item_of(const struct reading *r, int64_t path_id)
{
    uint32_t low = 0, high = r->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (r->items[middle].node.path_id < path_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->n && r->items[low].node.path_id == path_id ? low : NODE_NONE;
}

static enum need_kind need_from(struct bytes name)
{
    static const char *const names[] = {
        [NEED_INTERPRETER] = "interpreter", [NEED_NEEDED] = "needed",
        [NEED_RUNPATH] = "runpath",         [NEED_RPATH] = "rpath",
        [NEED_SONAME] = "soname",           [NEED_SCRIPT] = "script",
        [NEED_SCRIPT_ARG] = "script-arg",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (bytes_equal(name, bytes_of(names[i])))
            return (enum need_kind)i;
    return NEED_SONAME;
}

/* Gives the needs gathered in list to the item; they are in the arena from here on. */
static void attach_needs(struct reading *r, uint32_t item, const struct need *list, uint32_t n)
{
    if (item == NODE_NONE || !n)
        return;
    struct need *copy = arena_alloc(&r->tree->arena, n * sizeof *copy);
    memcpy(copy, list, n * sizeof *copy);
    r->items[item].node.needs = copy;
    r->items[item].node.n_needs = (uint16_t)n;
}

static bool read_needs(struct reading *r, struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, READ_NEEDS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", r->tree->image);
    MEM_AUTO struct need *list = NULL;
    uint32_t n = 0, cap = 0;
    int64_t path_id = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (stmt_int(q, 0) != path_id) {
            attach_needs(r, item_of(r, path_id), list, n);
            path_id = stmt_int(q, 0);
            n = 0;
        }
        if (n == NEEDS_MAX)
            continue;
        ARRAY_ROOM(list, n, cap);
        list[n].kind = need_from(stmt_bytes(q, 1));
        list[n++].value = arena_copy(&r->tree->arena, stmt_bytes(q, 2));
    }
    attach_needs(r, item_of(r, path_id), list, n);
    return step == STEP_DONE;
}

/* Path ids to items. The root, path 1, is item 0: merged always has it. */
static void join(struct reading *r)
{
    for (uint32_t i = 1; i < r->n; i++)
        r->items[i].parent = item_of(r, r->parents[i]);
    for (uint32_t i = 0; i < r->n; i++)
        if (r->peers[i])
            r->items[i].peer = item_of(r, r->peers[i]);
}

static bool find_image(struct db *db, const char *role, int64_t *id, struct err *err)
{
    struct stmt *q = db_query(db, FIND_IMAGE, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":role", bytes_of(role));
    enum step step = stmt_step(q, err);
    *id = step == STEP_ROW ? stmt_int(q, 0) : 0;
    stmt_reset(q);
    return step != STEP_ERR;
}

bool tree_read(struct db *db, const char *role, struct tree **out, struct err *err)
{
    int64_t image;
    *out = NULL;
    if (!find_image(db, role, &image, err))
        return false;
    if (!image)
        return true;
    struct reading r = {.tree = mem_zero(1, sizeof *r.tree)};
    r.tree->image = image;
    bool ok = read_nodes(&r, db, err);
    if (ok && (!r.n || r.items[0].node.path_id != 1 || r.items[0].node.kind != NODE_DIR))
        ok = err_set(err, "%s: the %s's tree has no root", db_path(db), role);
    if (!ok || !read_needs(&r, db, err)) {
        tree_destroy(r.tree);
        reading_finish(&r);
        return false;
    }
    join(&r);
    tree_number(r.tree, mem_steal(&r.items), r.n);
    *out = r.tree;
    reading_finish(&r);
    return true;
}
