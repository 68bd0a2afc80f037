/* SPDX-License-Identifier: MIT
 *
 * The tree of an image out of the session. Rows come by path id, so a parent is found by binary
 * search, whatever ids a session holds.
 */
#include "image/tree_private.h"

#include <stdlib.h>
#include <string.h>

static const char FIND_IMAGE[] = "SELECT id FROM image WHERE role = :role AND complete = 1";

static const char READ_PLACES[] =
    "SELECT m.path, p.parent, p.name, m.ordinal, m.peer, m.source_layer, m.source_path, "
    "m.package FROM merged m JOIN path p ON p.id = m.path WHERE m.image = :image ORDER BY m.path";

/* All of a layer in the order that it is stored in: cheaper than looking up what the image shows.
 */
static const char READ_ENTRIES[] =
    "SELECT path, kind, mode, uid, gid, size, mtime_s, mtime_ns, link, device, hash, xattrs "
    "FROM entry WHERE layer = :layer ORDER BY path";

static const char READ_NEEDS[] =
    "SELECT path, kind, value FROM need WHERE layer = :layer ORDER BY path, seq";

enum { IMPLICIT_MODE = 0755, ITEMS_MAX = INT32_MAX, NEEDS_MAX = UINT16_MAX };

/* Of an item, the row of merged that it was read from; ids, 0: none. */
struct place {
    int64_t parent, peer, layer, source;
};

struct reading {
    struct tree *tree;
    struct tree_item *items; /* owned until tree_number; by path id */
    struct place *places;    /* owned; beside items */
    uint32_t n, cap;
    uint32_t *order; /* owned; items by (layer, source) */
};

static void reading_finish(struct reading *r)
{
    free(r->items);
    free(r->places);
    free(r->order);
}

/* N_NODE_KINDS: a whiteout, an opaque marker or a hard link, which are no nodes of their own. */
static enum node_kind kind_from(struct bytes name)
{
    enum node_kind kind = NODE_DIR;
    while (kind < N_NODE_KINDS && !bytes_equal(name, bytes_of(node_kinds[kind])))
        kind++;
    return kind;
}

static void copy_hash(uint8_t out[16], struct bytes hash)
{
    if (hash.n == 16)
        memcpy(out, hash.p, 16);
}

static void read_place(struct reading *r, struct stmt *q)
{
    struct tree_item *item = &r->items[r->n];
    *item = (struct tree_item){.parent = NODE_NONE,
                               .peer = NODE_NONE,
                               .node = {.path_id = stmt_int(q, 0),
                                        .name = arena_copy(&r->tree->arena, stmt_bytes(q, 2)),
                                        .link = bytes_from("", 0),
                                        .ordinal = (uint32_t)stmt_int(q, 3),
                                        .package = (uint32_t)stmt_int(q, 7),
                                        .kind = NODE_DIR,
                                        .mode = IMPLICIT_MODE}};
    r->places[r->n++] = (struct place){.parent = stmt_int(q, 1),
                                       .peer = stmt_int(q, 4),
                                       .layer = stmt_int(q, 5),
                                       .source = stmt_int(q, 6)};
}

static const char COUNT_PLACES[] = "SELECT count(*) FROM merged WHERE image = :image";

/* Room for all items at once. */
static bool make_room(struct reading *r, struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, COUNT_PLACES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", r->tree->image);
    enum step step = stmt_step(q, err);
    int64_t n = step == STEP_ROW ? stmt_int(q, 0) : 0;
    stmt_reset(q);
    if (n > ITEMS_MAX)
        return err_set(err, "%s: more than %d paths in an image", db_path(db), ITEMS_MAX);
    r->cap = (uint32_t)n;
    r->items = mem_big(r->cap, sizeof *r->items);
    r->places = mem_big(r->cap, sizeof *r->places);
    return step == STEP_ROW;
}

static bool read_places(struct reading *r, struct db *db, struct err *err)
{
    struct stmt *q = make_room(r, db, err) ? db_query(db, READ_PLACES, err) : NULL;
    if (!q)
        return false;
    stmt_bind_int(q, ":image", r->tree->image);
    enum step step = STEP_DONE;
    while (r->n < r->cap && (step = stmt_step(q, err)) == STEP_ROW)
        read_place(r, q);
    stmt_reset(q);
    return step != STEP_ERR;
}

static int by_source(const void *a, const void *b, void *with)
{
    const struct place *places = with;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    if (places[i].layer != places[k].layer)
        return places[i].layer < places[k].layer ? -1 : 1;
    if (places[i].source != places[k].source)
        return places[i].source < places[k].source ? -1 : 1;
    return 0;
}

static void read_entry(struct tree *tree, struct stmt *q, enum node_kind kind, struct node *node)
{
    node->kind = (uint8_t)kind;
    node->mode = (uint16_t)(stmt_int(q, 2) & 07777);
    node->uid = (uint32_t)stmt_int(q, 3);
    node->gid = (uint32_t)stmt_int(q, 4);
    node->mtime_s = stmt_int(q, 6);
    node->mtime_ns = (uint32_t)stmt_int(q, 7);
    if (node->kind == NODE_FILE) {
        node->size = stmt_int(q, 5) > 0 ? stmt_int(q, 5) : 0;
        copy_hash(node->hash, stmt_bytes(q, 10));
    } else if (node->kind == NODE_LINK) {
        node->link = arena_copy(&tree->arena, stmt_bytes(q, 8));
    } else if (!stmt_is_null(q, 9)) {
        uint64_t device = (uint64_t)stmt_int(q, 9);
        node->device_major = (uint32_t)(device >> 32);
        node->device_minor = (uint32_t)device;
    }
    copy_hash(node->xattrs, stmt_bytes(q, 11));
}

/* Reads what the items order[from] … order[to - 1] are: all those with their source in one layer.
 */
static bool read_layer(struct reading *r, struct db *db, uint32_t from, uint32_t to,
                       struct err *err)
{
    struct stmt *q = db_query(db, READ_ENTRIES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", r->places[r->order[from]].layer);
    enum step step = STEP_DONE;
    while (from < to && (step = stmt_step(q, err)) == STEP_ROW) {
        int64_t path = stmt_int(q, 0);
        enum node_kind kind = kind_from(stmt_bytes(q, 1));
        if (kind == N_NODE_KINDS)
            continue;
        while (from < to && r->places[r->order[from]].source < path)
            from++;
        for (; from < to && r->places[r->order[from]].source == path; from++)
            read_entry(r->tree, q, kind, &r->items[r->order[from]].node);
    }
    stmt_reset(q);
    return step != STEP_ERR;
}

static enum need_kind need_from(struct bytes name)
{
    for (enum need_kind kind = 0; kind < N_NEED_KINDS; kind++)
        if (bytes_equal(name, bytes_of(need_names[kind])))
            return kind;
    return NEED_SONAME;
}

/* Gives the needs gathered of a source to the items that have it, which begin at order[from], and
 * returns where those behind begin. */
static uint32_t attach_needs(struct reading *r, uint32_t from, uint32_t to, int64_t source,
                             const struct need *list, uint32_t n)
{
    struct need *copy = NULL;
    while (from < to && r->places[r->order[from]].source < source)
        from++;
    for (; from < to && r->places[r->order[from]].source == source; from++) {
        struct node *node = &r->items[r->order[from]].node;
        if (!copy)
            copy = memcpy(arena_alloc(&r->tree->arena, n * sizeof *copy), list, n * sizeof *copy);
        node->needs = copy;
        node->n_needs = (uint16_t)n;
    }
    return from;
}

/* Likewise what they need. */
static bool read_needs(struct reading *r, struct db *db, uint32_t from, uint32_t to,
                       struct err *err)
{
    struct stmt *q = db_query(db, READ_NEEDS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", r->places[r->order[from]].layer);
    MEM_AUTO struct need *list = NULL;
    uint32_t n = 0, cap = 0;
    int64_t source = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (stmt_int(q, 0) != source) {
            if (n)
                from = attach_needs(r, from, to, source, list, n);
            source = stmt_int(q, 0);
            n = 0;
        }
        if (n == NEEDS_MAX)
            continue;
        ARRAY_ROOM(list, n, cap);
        list[n].kind = need_from(stmt_bytes(q, 1));
        list[n++].value = arena_copy(&r->tree->arena, stmt_bytes(q, 2));
    }
    if (n)
        attach_needs(r, from, to, source, list, n);
    return step == STEP_DONE;
}

static bool read_nodes(struct reading *r, struct db *db, struct err *err)
{
    if (!read_places(r, db, err))
        return false;
    r->order = mem_array(NULL, r->n, sizeof *r->order);
    for (uint32_t i = 0; i < r->n; i++)
        r->order[i] = i;
    if (r->n)
        qsort_r(r->order, r->n, sizeof *r->order, by_source, r->places);
    for (uint32_t from = 0, to; from < r->n; from = to) {
        int64_t layer = r->places[r->order[from]].layer;
        for (to = from + 1; to < r->n && r->places[r->order[to]].layer == layer; to++)
            ;
        if (layer && !(read_layer(r, db, from, to, err) && read_needs(r, db, from, to, err)))
            return false;
    }
    return true;
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

/* Path ids to items. The root, path 1, is item 0: merged always has it. */
static void join(struct reading *r)
{
    for (uint32_t i = 1; i < r->n; i++) /* a directory's children mostly stand together */
        r->items[i].parent = r->places[i].parent == r->places[i - 1].parent
                                 ? r->items[i - 1].parent
                                 : item_of(r, r->places[i].parent);
    for (uint32_t i = 0; i < r->n; i++)
        if (r->places[i].peer)
            r->items[i].peer = item_of(r, r->places[i].peer);
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
    if (!ok) {
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
