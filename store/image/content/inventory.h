/* SPDX-License-Identifier: MIT
 *
 * What in an image's tree gives rights: setuid and setgid files, file capabilities, what everybody
 * may write, devices.
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
    INVENTORY_WORLD_WRITABLE, /* all but symlinks; with the sticky bit, too */
    INVENTORY_DEVICES,
    N_INVENTORY
};
/* "setuid", "capabilities", "world_writable", "devices". */
const char *inventory_name(enum inventory_kind kind);

struct inventory {
    uint32_t *nodes[N_INVENTORY]; /* owned; in the order of nodes; each name of a hard link */
    size_t n[N_INVENTORY];
    struct bytes *capabilities; /* owned array; as capability_text has them, else "unreadable" */
    struct arena arena;
};

/* tree was read from the session. */
bool inventory_read(struct db *db, const struct tree *tree, struct inventory *out, struct err *err);
void inventory_finish(struct inventory *inventory);

#endif
