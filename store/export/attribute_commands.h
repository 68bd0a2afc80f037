/* SPDX-License-Identifier: MIT
 *
 * Owners, modes and times given by commands, where no copy brings them: those of directories that
 * are made, and of links.
 *
 *     attributes_write(&script, bytes_of("/.xsmall"), items, n);
 */
#ifndef XSMALL_EXPORT_ATTRIBUTE_COMMANDS_H
#define XSMALL_EXPORT_ATTRIBUTE_COMMANDS_H

#include "export/shell_script.h"
#include "image/tree/tree.h"

struct attributes {
    struct bytes name;       /* as the commands take it; borrowed */
    const struct node *node; /* whose attributes it gets; borrowed */
    bool give_owner, give_mode;
    bool is_link; /* a link has no mode of its own */
};

/* Appends the commands: owners before modes (chown takes setuid away), times last; what comes later
 * in items first, so that the deepest directories come first where items are in tree order. Items
 * that want the same share a command. False where a name is too long for one. */
bool attributes_write(struct script *script, struct bytes dir, const struct attributes *items,
                      size_t n);

#endif
