/* SPDX-License-Identifier: MIT */
#include "image/content/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "image/content/capability.h"
#include "util/lookup.h"

static const char CAPABILITY[] =
    "SELECT x.value FROM merged m JOIN xattr x ON x.layer = m.source_layer AND x.path = "
    "m.source_path AND x.name = 'security.capability' WHERE m.image = :image AND m.path = :path";

const char *inventory_name(enum inventory_kind kind)
{
    static const char *const names[N_INVENTORY] = {[INVENTORY_SETUID] = "setuid",
                                                   [INVENTORY_CAPABILITIES] = "capabilities",
                                                   [INVENTORY_WORLD_WRITABLE] = "world_writable",
                                                   [INVENTORY_DEVICES] = "devices"};
    return names[kind];
}

/* Finds the capabilities of a node; the text is in the arena. */
static enum lookup find_capabilities(struct db *db, const struct tree *tree, uint32_t node,
                                     struct arena *arena, struct bytes *text, struct err *err)
{
    static const uint8_t none[16];
    if (!memcmp(tree->nodes[node].xattrs, none, sizeof none))
        return LOOKUP_ABSENT;
    struct stmt *q = db_query(db, CAPABILITY, err);
    if (!q)
        return LOOKUP_ERR;
    stmt_bind_int(q, ":image", tree->image);
    stmt_bind_int(q, ":path", tree->nodes[node].path_id);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW) {
        BUF_AUTO struct buf words = {0};
        if (!capability_text(stmt_bytes(q, 0), &words))
            buf_add(&words, bytes_of("unreadable"));
        *text = arena_copy(arena, buf_bytes(&words));
    }
    stmt_reset(q);
    return step == STEP_ERR ? LOOKUP_ERR : step == STEP_ROW ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

static bool is_of(const struct node *node, enum inventory_kind kind)
{
    switch (kind) {
    case INVENTORY_SETUID:
        return node->kind == NODE_FILE && node->mode & 06000;
    case INVENTORY_WORLD_WRITABLE:
        return node->kind != NODE_LINK && node->mode & 02;
    case INVENTORY_DEVICES:
        return node->kind == NODE_CHAR || node->kind == NODE_BLOCK;
    default:
        return false;
    }
}

/* Working data while an inventory is read: the capacity of its lists. */
struct inventory_lists {
    struct inventory *out;
    size_t cap[N_INVENTORY], cap_texts;
};

static void add_node(struct inventory_lists *lists, enum inventory_kind kind, uint32_t node)
{
    struct inventory *out = lists->out;
    ARRAY_ROOM(out->nodes[kind], out->n[kind], lists->cap[kind]);
    out->nodes[kind][out->n[kind]++] = node;
}

static void add_capabilities(struct inventory_lists *lists, uint32_t node, struct bytes text)
{
    struct inventory *out = lists->out;
    ARRAY_ROOM(out->capabilities, out->n[INVENTORY_CAPABILITIES], lists->cap_texts);
    out->capabilities[out->n[INVENTORY_CAPABILITIES]] = text;
    add_node(lists, INVENTORY_CAPABILITIES, node);
}

bool inventory_read(struct db *db, const struct tree *tree, struct inventory *out, struct err *err)
{
    struct inventory_lists lists = {.out = out};
    *out = (struct inventory){0};
    for (uint32_t node = 0; node < tree->n; node++) {
        struct bytes text;
        enum lookup found = find_capabilities(db, tree, node, &out->arena, &text, err);
        if (found == LOOKUP_ERR) {
            inventory_finish(out);
            return false;
        }
        if (found == LOOKUP_FOUND)
            add_capabilities(&lists, node, text);
        for (enum inventory_kind kind = 0; kind < N_INVENTORY; kind++)
            if (is_of(&tree->nodes[node], kind))
                add_node(&lists, kind, node);
    }
    return true;
}

void inventory_finish(struct inventory *inventory)
{
    for (enum inventory_kind kind = 0; kind < N_INVENTORY; kind++)
        free(inventory->nodes[kind]);
    free(inventory->capabilities);
    arena_finish(&inventory->arena);
    *inventory = (struct inventory){0};
}
