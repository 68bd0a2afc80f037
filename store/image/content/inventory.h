/* SPDX-License-Identifier: MIT
 *
 * Lists the security-relevant nodes of a tree: setuid and setgid files, file capabilities,
 * world-writable files and directories, devices.
 *
 *     struct inventory inventory = {0};
 *     if (!inventory_read(db, tree, &inventory, err)) …
 *     for (size_t i = 0; i < inventory.n[INVENTORY_SETUID]; i++)
 *         use(&tree->nodes[inventory.nodes[INVENTORY_SETUID][i]]);
 *     inventory_finish(&inventory);
 */
#ifndef XSMALL_IMAGE_CONTENT_INVENTORY_H
#define XSMALL_IMAGE_CONTENT_INVENTORY_H

#include "image/tree/tree.h"

enum inventory_kind {
    INVENTORY_SETUID,         /* regular files with the setuid or the setgid bit */
    INVENTORY_CAPABILITIES,   /* files with security.capability */
    INVENTORY_WORLD_WRITABLE, /* all kinds except symlinks; also with the sticky bit */
    INVENTORY_DEVICES,
    N_INVENTORY
};
/* Returns "setuid", "capabilities", "world_writable" or "devices". */
const char *inventory_name(enum inventory_kind kind);

struct inventory {
    uint32_t *nodes[N_INVENTORY]; /* owned; in the order of nodes; all names of a hard link */
    size_t n[N_INVENTORY];
    struct bytes *capabilities; /* owned array; text from capability_text, or "unreadable" */
    struct arena arena;
};

/* Lists the nodes. tree must come from tree_read. */
bool inventory_read(struct db *db, const struct tree *tree, struct inventory *out, struct err *err);
void inventory_finish(struct inventory *inventory);

#endif
