/* SPDX-License-Identifier: MIT */
#include "image/content/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "image/content/capability.h"

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

/* *found: it has capabilities; *text, in the arena, says which. */
static bool read_capabilities(struct db *db, const struct tree *tree, uint32_t node,
                              struct inventory *out, bool *found, struct bytes *text,
                              struct err *err)
{
    static const uint8_t none[16];
    *found = false;
    if (!memcmp(tree->nodes[node].xattrs, none, sizeof none))
        return true;
    struct stmt *q = db_query(db, CAPABILITY, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", tree->image);
    stmt_bind_int(q, ":path", tree->nodes[node].path_id);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW) {
        BUF_AUTO struct buf words = {0};
        *found = true;
        if (!capability_text(stmt_bytes(q, 0), &words))
            buf_add(&words, bytes_of("unreadable"));
        *text = arena_copy(&out->arena, buf_bytes(&words));
    }
    stmt_reset(q);
    return step != STEP_ERR;
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

bool inventory_read(struct db *db, const struct tree *tree, struct inventory *out, struct err *err)
{
    size_t cap[N_INVENTORY] = {0}, cap_texts = 0;
    *out = (struct inventory){0};
    for (uint32_t node = 0; node < tree->n; node++) {
        bool found;
        struct bytes text = {0};
        if (!read_capabilities(db, tree, node, out, &found, &text, err)) {
            inventory_finish(out);
            return false;
        }
        if (found) {
            ARRAY_ROOM(out->capabilities, out->n[INVENTORY_CAPABILITIES], cap_texts);
            out->capabilities[out->n[INVENTORY_CAPABILITIES]] = text;
        }
        for (enum inventory_kind kind = 0; kind < N_INVENTORY; kind++) {
            if (kind == INVENTORY_CAPABILITIES ? !found : !is_of(&tree->nodes[node], kind))
                continue;
            ARRAY_ROOM(out->nodes[kind], out->n[kind], cap[kind]);
            out->nodes[kind][out->n[kind]++] = node;
        }
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
