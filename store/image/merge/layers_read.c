/* SPDX-License-Identifier: MIT
 *
 * Reads the layers of an image from the session: the list of layers, their entries, and the paths
 * of the entries as one tree. Paths are identified by path id until the nodes of the tree are
 * numbered.
 */
#include <stdlib.h>
#include <string.h>

#include "image/merge/layers_private.h"
#include "image/tree/tree_private.h"
#include "util/map.h"

static const char LIST_LAYERS[] = "SELECT i.layer, l.bytes, i.dead_bytes, i.command, l.diff_id "
                                  "FROM image_layer i JOIN layer l ON l.id = "
                                  "i.layer WHERE i.image = :image ORDER BY i.ordinal";

static const char READ_ENTRIES[] =
    "SELECT e.path, p.parent, p.name, e.kind, e.mode, e.uid, e.gid, e.size, e.mtime_s, e.mtime_ns, "
    "e.link, e.device, e.hash, e.xattrs FROM entry e JOIN path p ON p.id = e.path "
    "WHERE e.layer = :layer ORDER BY e.path";

static const char READ_PATH[] = "SELECT parent, name FROM path WHERE id = :id";

enum { ROOT_PATH = 1, IMPLICIT_MODE = 0755, PATHS_MAX = INT32_MAX };

struct reading {
    struct db *db;
    struct layers *layers;
    struct map places;       /* path id → index of items */
    struct tree_item *items; /* owned */
    int64_t *parents;        /* owned; path ids; same indexes as items */
    size_t n, cap, cap_parents;
    struct bytes *peers; /* owned; paths of the peers, in the order of hard links */
    size_t n_peers, cap_peers;
    size_t cap_states;
};

static void reading_finish(struct reading *r)
{
    map_finish(&r->places);
    free(r->items);
    free(r->parents);
    free(r->peers);
}

/* Returns the item of a path; creates it if it does not exist. */
static uint32_t item_of(struct reading *r, int64_t path, int64_t parent, struct bytes name)
{
    bool is_new;
    uint64_t *place = map_at(&r->places, bytes_from((const char *)&path, sizeof path), &is_new);
    if (!is_new)
        return (uint32_t)*place;
    *place = r->n;
    ARRAY_ROOM(r->items, r->n, r->cap);
    ARRAY_ROOM(r->parents, r->n, r->cap_parents);
    r->items[r->n] = (struct tree_item){.name = arena_copy(&r->layers->tree->arena, name),
                                        .path_id = path,
                                        .parent = NODE_NONE,
                                        .peer = NODE_NONE};
    r->parents[r->n] = parent;
    return (uint32_t)r->n++;
}

/* Adds the directories above all paths, also directories without an entry in any layer. */
static bool join(struct reading *r, struct err *err)
{
    for (size_t i = 1; i < r->n; i++) { /* n grows in the loop */
        int64_t parent = r->parents[i];
        uint64_t *place = map_find(&r->places, bytes_from((const char *)&parent, sizeof parent));
        if (place) {
            r->items[i].parent = (uint32_t)*place;
            continue;
        }
        struct stmt *q = db_query(r->db, READ_PATH, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":id", parent);
        enum step step = stmt_step(q, err);
        if (step == STEP_ROW) { /* item_of can move the array */
            uint32_t item = item_of(r, parent, stmt_int(q, 0), stmt_bytes(q, 1));
            r->items[i].parent = item;
        }
        stmt_reset(q);
        if (step == STEP_ERR)
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    enum layer_entry_kind kind;
    enum node_kind node;
} kinds[] = {
    {"file", LAYER_ENTRY, NODE_FILE},        {"dir", LAYER_ENTRY, NODE_DIR},
    {"link", LAYER_ENTRY, NODE_LINK},        {"hardlink", LAYER_HARDLINK, NODE_FILE},
    {"whiteout", LAYER_WHITEOUT, NODE_FILE}, {"opaque", LAYER_OPAQUE, NODE_DIR},
    {"char", LAYER_ENTRY, NODE_CHAR},        {"block", LAYER_ENTRY, NODE_BLOCK},
    {"fifo", LAYER_ENTRY, NODE_FIFO},        {"socket", LAYER_ENTRY, NODE_SOCKET},
};

static void copy_hash(uint8_t out[16], struct bytes hash)
{
    if (hash.n == 16)
        memcpy(out, hash.p, 16);
}

static uint32_t read_state(struct reading *r, struct stmt *q, enum node_kind kind)
{
    struct layers *layers = r->layers;
    ARRAY_ROOM(layers->states, layers->n_states, r->cap_states);
    struct node *node = &layers->states[layers->n_states];
    int64_t device = stmt_int(q, 11);
    *node = (struct node){.kind = (uint8_t)kind,
                          .mode = (uint16_t)(stmt_int(q, 4) & 07777),
                          .uid = (uint32_t)stmt_int(q, 5),
                          .gid = (uint32_t)stmt_int(q, 6),
                          .mtime_s = stmt_int(q, 8),
                          .mtime_ns = (uint32_t)stmt_int(q, 9),
                          .device_major = (uint32_t)((uint64_t)device >> 32),
                          .device_minor = (uint32_t)device};
    if (kind == NODE_FILE) {
        node->size = stmt_int(q, 7) > 0 ? stmt_int(q, 7) : 0;
        copy_hash(node->hash, stmt_bytes(q, 12));
    }
    if (kind == NODE_LINK)
        node->link = arena_copy(&layers->tree->arena, stmt_bytes(q, 10));
    copy_hash(node->xattrs, stmt_bytes(q, 13));
    return layers->n_states++;
}

/* Reads an entry. Until the tree is built, node is an index of items, and the peer of a hard link
 * is an index of peers. */
static void read_entry(struct reading *r, struct stmt *q, struct layer_entries *entries)
{
    size_t k = 0, n = sizeof kinds / sizeof *kinds;
    while (k < n && !bytes_equal(stmt_bytes(q, 3), bytes_of(kinds[k].name)))
        k++;
    if (k == n || r->n >= PATHS_MAX)
        return;
    ARRAY_ROOM(entries->list, entries->n, entries->cap);
    struct layer_entry *entry = &entries->list[entries->n++];
    *entry = (struct layer_entry){.kind = kinds[k].kind, .peer = NODE_NONE};
    entry->node = item_of(r, stmt_int(q, 0), stmt_int(q, 1), stmt_bytes(q, 2));
    if (entry->kind == LAYER_ENTRY) {
        entry->state = read_state(r, q, kinds[k].node);
    } else if (entry->kind == LAYER_HARDLINK) {
        ARRAY_ROOM(r->peers, r->n_peers, r->cap_peers);
        entry->peer = (uint32_t)r->n_peers;
        r->peers[r->n_peers++] = arena_copy(&r->layers->tree->arena, stmt_bytes(q, 10));
    }
}

static bool read_layer(struct reading *r, int64_t layer, struct layer_entries *entries,
                       struct err *err)
{
    struct stmt *q = db_query(r->db, READ_ENTRIES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", layer);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW)
        read_entry(r, q, entries);
    return step == STEP_DONE;
}

static bool list_layers(struct reading *r, int64_t image, int64_t **ids, struct err *err)
{
    struct stmt *q = db_query(r->db, LIST_LAYERS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", image);
    struct layers *layers = r->layers;
    size_t cap = 0, cap_ids = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(layers->all, layers->n, cap);
        ARRAY_ROOM(*ids, layers->n, cap_ids);
        (*ids)[layers->n] = stmt_int(q, 0);
        layers->all[layers->n] =
            (struct layer){.ordinal = (uint32_t)layers->n + 1,
                           .bytes = stmt_int(q, 1),
                           .dead_bytes = stmt_int(q, 2),
                           .command = arena_copy(&layers->tree->arena, stmt_bytes(q, 3)),
                           .diff_id = arena_copy(&layers->tree->arena, stmt_bytes(q, 4))};
        layers->n++;
    }
    return step == STEP_DONE;
}

/* Replaces indexes of items by node numbers. */
static void number(struct reading *r, struct layer_entries *entries)
{
    struct tree *tree = r->layers->tree;
    MEM_AUTO uint32_t *nodes = tree_number(tree, r->items, (uint32_t)r->n);
    for (size_t i = 0; i < r->layers->n; i++)
        for (size_t k = 0; k < entries[i].n; k++) {
            struct layer_entry *entry = &entries[i].list[k];
            entry->node = nodes[entry->node];
            if (entry->kind == LAYER_HARDLINK)
                entry->peer = tree_find(tree, r->peers[entry->peer]);
        }
}

static bool read_all(struct reading *r, const int64_t *ids, const atomic_bool *cancel,
                     struct layer_entries *entries, struct err *err)
{
    item_of(r, ROOT_PATH, 0, bytes_of(""));
    for (size_t i = 0; i < r->layers->n; i++) {
        if (cancel && atomic_load(cancel))
            return err_cancelled(err);
        if (!read_layer(r, ids[i], &entries[i], err))
            return false;
    }
    if (!join(r, err))
        return false;
    number(r, entries);
    layers_replay(r->layers, entries);
    layers_dive(r->layers, entries);
    return true;
}

bool layers_read(struct db *db, int64_t image, const atomic_bool *cancel, struct layers **out,
                 struct err *err)
{
    struct layers *layers = mem_zero(1, sizeof *layers);
    struct reading r = {.db = db, .layers = layers};
    MEM_AUTO int64_t *ids = NULL;
    *out = NULL;
    layers->tree = mem_zero(1, sizeof *layers->tree);
    layers->tree->image = image;
    layers->states = mem_zero(2, sizeof *layers->states);
    layers->n_states = r.cap_states = 2;
    layers->states[LAYERS_IMPLICIT].kind = NODE_DIR;
    layers->states[LAYERS_IMPLICIT].mode = IMPLICIT_MODE;
    bool ok = list_layers(&r, image, &ids, err);
    struct layer_entries *entries = mem_zero(layers->n + 1, sizeof *entries);
    ok = ok && read_all(&r, ids, cancel, entries, err);
    for (size_t i = 0; i < layers->n; i++)
        free(entries[i].list);
    free(entries);
    reading_finish(&r);
    if (!ok) {
        layers_destroy(layers);
        return false;
    }
    layers->there = mem_zero(layers->tree->n, 1);
    layers->changes = mem_zero(layers->tree->n, 1);
    layers_choose(layers, (uint32_t)layers->n);
    *out = layers;
    return true;
}
