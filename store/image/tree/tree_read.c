/* SPDX-License-Identifier: MIT
 *
 * Reads the tree of an image from the session. Rows are sorted by path id, so a parent is found by
 * binary search, for any ids in the session.
 */
#include "image/tree/tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"

static const char FIND_IMAGE[] = "SELECT id FROM image WHERE role = :role AND complete = 1";

static const char READ_PLACES[] =
    "SELECT m.path, p.parent, p.name, m.ordinal, m.peer, m.source_layer, m.source_path, "
    "m.package FROM merged m JOIN path p ON p.id = m.path WHERE m.image = :image ORDER BY m.path";

/* Reads all entries of a layer in the order of storage: this is faster than looking up only the
 * entries that the image shows. */
static const char READ_ENTRIES[] =
    "SELECT path, kind, mode, uid, gid, size, mtime_s, mtime_ns, link, device, hash, xattrs "
    "FROM entry WHERE layer = :layer ORDER BY path";

static const char READ_NEEDS[] =
    "SELECT path, kind, value FROM need WHERE layer = :layer ORDER BY path, seq";

enum { ROOT_PATH = 1, ITEMS_MAX = INT32_MAX, NEEDS_MAX = UINT16_MAX, AHEAD = 8 };

/* The ids of the row of table merged from which an item was read; 0: no id. */
struct place {
    int64_t parent, peer, layer, source;
};

/* The entries of a layer that describe nodes. */
struct origin {
    int64_t path;
    uint32_t node;
};
struct origins {
    int64_t layer;
    struct origin *list; /* n of them, by path */
    uint32_t n;
};

struct reading {
    struct tree *tree;
    struct tree_item *items; /* owned; by path id */
    struct place *places;    /* owned; same indexes as items */
    uint32_t n, cap;
    struct origin *origins; /* owned; origins of one layer are adjacent */
    struct origins *layers; /* owned */
    size_t n_layers, cap_layers;
};

static void reading_finish(struct reading *r)
{
    free(r->items);
    free(r->places);
    free(r->origins);
    free(r->layers);
}

/* Returns the kind of a node; N_NODE_KINDS for a whiteout, an opaque marker or a hard link, which
 * are not nodes. */
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
    r->items[r->n] = (struct tree_item){.name = arena_copy(&r->tree->arena, stmt_bytes(q, 2)),
                                        .path_id = stmt_int(q, 0),
                                        .ordinal = (uint32_t)stmt_int(q, 3),
                                        .package = (uint32_t)stmt_int(q, 7),
                                        .parent = NODE_NONE,
                                        .peer = NODE_NONE};
    r->places[r->n++] = (struct place){.parent = stmt_int(q, 1),
                                       .peer = stmt_int(q, 4),
                                       .layer = stmt_int(q, 5),
                                       .source = stmt_int(q, 6)};
}

static const char COUNT_PLACES[] = "SELECT count(*) FROM merged WHERE image = :image";

/* Allocates memory for all items at once. */
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

/* Returns the item of a path id, or NODE_NONE. */
static uint32_t item_of(const struct reading *r, int64_t path)
{
    uint32_t low = 0, high = r->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (r->items[middle].path_id < path)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->n && r->items[low].path_id == path ? low : NODE_NONE;
}

/* Replaces path ids by indexes of items. The root, path id 1, is item 0; table merged always has
 * it. */
static void join(struct reading *r)
{
    for (uint32_t i = 1; i < r->n; i++) /* most children of a directory are adjacent */
        r->items[i].parent = r->places[i].parent == r->places[i - 1].parent
                                 ? r->items[i - 1].parent
                                 : item_of(r, r->places[i].parent);
    for (uint32_t i = 0; i < r->n; i++)
        if (r->places[i].peer)
            r->items[i].peer = item_of(r, r->places[i].peer);
}

static int by_path(const void *a, const void *b)
{
    const struct origin *x = a, *y = b;
    return (x->path > y->path) - (x->path < y->path);
}

/* Sorts the origins by path. The list is already sorted except for hard links, whose origin is
 * another path, so most lists need no sort. */
static void sort_origins(struct origins *layer)
{
    uint32_t i = 1;
    while (i < layer->n && layer->list[i - 1].path <= layer->list[i].path)
        i++;
    if (i < layer->n)
        qsort(layer->list, layer->n, sizeof *layer->list, by_path);
}

/* Returns the index of a layer in r->layers; adds the layer if it is new. known maps layer ids to
 * indexes. */
static uint32_t layer_index(struct reading *r, struct map *known, int64_t layer)
{
    bool is_new;
    uint64_t *place = map_at(known, bytes_from((char *)&layer, sizeof layer), &is_new);
    if (is_new) {
        *place = r->n_layers;
        ARRAY_ROOM(r->layers, r->n_layers, r->cap_layers);
        r->layers[r->n_layers++] = (struct origins){.layer = layer};
    }
    return (uint32_t)*place;
}

/* Finds the layer of each place, and counts the nodes of each layer. Stores in out, for each item,
 * the index in r->layers; NODE_NONE if the item has no layer or no node. */
static void count_origins(struct reading *r, const uint32_t *numbers, uint32_t *out)
{
    struct map known = {0};
    int64_t last = 0;
    uint32_t at = NODE_NONE;
    for (uint32_t i = 0; i < r->n; i++) {
        int64_t layer = r->places[i].layer;
        out[i] = NODE_NONE;
        if (!layer || numbers[i] == NODE_NONE)
            continue;
        if (layer != last)
            at = layer_index(r, &known, layer);
        last = layer;
        out[i] = at;
        r->layers[at].n++;
    }
    map_finish(&known);
}

static void number(struct reading *r)
{
    MEM_AUTO uint32_t *numbers = tree_number(r->tree, r->items, r->n);
    MEM_AUTO uint32_t *layer_of = mem_array(NULL, r->n, sizeof *layer_of);
    count_origins(r, numbers, layer_of);
    struct origin *next = r->origins = mem_big(r->n, sizeof *r->origins);
    for (size_t i = 0; i < r->n_layers; i++) {
        r->layers[i].list = next;
        next += r->layers[i].n;
        r->layers[i].n = 0;
    }
    for (uint32_t i = 0; i < r->n; i++) {
        if (layer_of[i] == NODE_NONE)
            continue;
        struct origins *layer = &r->layers[layer_of[i]];
        layer->list[layer->n++] = (struct origin){r->places[i].source, numbers[i]};
    }
    for (size_t i = 0; i < r->n_layers; i++)
        sort_origins(&r->layers[i]);
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

/* Prefetches a node some rows before it is written, because nodes are written in random order. */
static void prefetch(const struct node *node)
{
    const char *p = (const char *)node;
    for (size_t i = 0; i < sizeof *node; i += 64)
        __builtin_prefetch(p + i, 1);
}

static bool read_entries(struct reading *r, struct db *db, const struct origins *layer,
                         struct err *err)
{
    const struct origin *at = layer->list, *end = at + layer->n;
    struct stmt *q = db_query(db, READ_ENTRIES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", layer->layer);
    enum step step = STEP_DONE;
    while (at < end && (step = stmt_step(q, err)) == STEP_ROW) {
        int64_t path = stmt_int(q, 0);
        enum node_kind kind = kind_from(stmt_bytes(q, 1));
        if (kind == N_NODE_KINDS)
            continue;
        while (at < end && at->path < path)
            at++;
        for (; at < end && at->path == path; at++) {
            if (end - at > AHEAD)
                prefetch(&r->tree->nodes[at[AHEAD].node]);
            read_entry(r->tree, q, kind, &r->tree->nodes[at->node]);
        }
    }
    stmt_reset(q);
    return step != STEP_ERR;
}

/* Converts the name of a need. An unknown name is an error, because without that need the slim
 * image would lack files. */
static bool need_from(const struct db *db, struct bytes name, enum need_kind *out, struct err *err)
{
    for (enum need_kind kind = 0; kind < N_NEED_KINDS; kind++)
        if (bytes_equal(name, bytes_of(need_names[kind])))
            return *out = kind, true;
    return err_set(err, "%s: unknown word \"%.*s\" in table need; written by a newer xsmall?",
                   db_path(db), (int)(name.n < 40 ? name.n : 40), name.p);
}

/* Attaches the collected needs of a path to the nodes that the path describes. Returns the next
 * origin after that path. */
static const struct origin *attach_needs(struct reading *r, const struct origin *at,
                                         const struct origin *end, int64_t path,
                                         const struct need *list, uint32_t n)
{
    struct need *copy = NULL;
    while (at < end && at->path < path)
        at++;
    for (; at < end && at->path == path; at++) {
        if (!copy)
            copy = memcpy(arena_alloc(&r->tree->arena, n * sizeof *copy), list, n * sizeof *copy);
        r->tree->nodes[at->node].needs = copy;
        r->tree->nodes[at->node].n_needs = (uint16_t)n;
    }
    return at;
}

static bool read_needs(struct reading *r, struct db *db, const struct origins *layer,
                       struct err *err)
{
    const struct origin *at = layer->list, *end = at + layer->n;
    struct stmt *q = db_query(db, READ_NEEDS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", layer->layer);
    MEM_AUTO struct need *list = NULL;
    uint32_t n = 0, cap = 0;
    int64_t path = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (stmt_int(q, 0) != path) {
            if (n)
                at = attach_needs(r, at, end, path, list, n);
            path = stmt_int(q, 0);
            n = 0;
        }
        if (n == NEEDS_MAX)
            continue;
        ARRAY_ROOM(list, n, cap);
        if (!need_from(db, stmt_bytes(q, 1), &list[n].kind, err)) {
            stmt_reset(q);
            return false;
        }
        list[n++].value = arena_copy(&r->tree->arena, stmt_bytes(q, 2));
    }
    if (n)
        attach_needs(r, at, end, path, list, n);
    return step == STEP_DONE;
}

static bool read_layers(struct reading *r, struct db *db, struct err *err)
{
    for (size_t i = 0; i < r->n_layers; i++)
        if (!read_entries(r, db, &r->layers[i], err) || !read_needs(r, db, &r->layers[i], err))
            return false;
    return true;
}

static bool has_root(const struct reading *r)
{
    return r->n && r->items[0].path_id == ROOT_PATH;
}

static bool read_nodes(struct reading *r, struct db *db, const char *role, struct err *err)
{
    if (!read_places(r, db, err))
        return false;
    if (has_root(r)) {
        join(r);
        number(r);
        if (!read_layers(r, db, err))
            return false;
    }
    return (has_root(r) && r->tree->nodes[NODE_ROOT].kind == NODE_DIR) ||
           err_set(err, "%s: the %s's tree has no root", db_path(db), role);
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
    struct tree *tree = mem_zero(1, sizeof *tree);
    struct reading r = {.tree = tree};
    tree->image = image;
    bool ok = read_nodes(&r, db, role, err);
    reading_finish(&r);
    if (!ok) {
        tree_destroy(tree);
        return false;
    }
    *out = tree;
    return true;
}
