/* SPDX-License-Identifier: MIT
 *
 * Shell commands that set owners, modes and times where copying does not: on created directories,
 * and on symlinks.
 *
 *     attributes_write(&script, bytes_of("/.xsmall"), items, n);
 */
#ifndef XSMALL_EXPORT_ATTRIBUTE_COMMANDS_H
#define XSMALL_EXPORT_ATTRIBUTE_COMMANDS_H

#include "export/shell_script.h"
#include "image/tree/tree.h"

struct attributes {
    struct bytes name;       /* as the commands need it; borrowed */
    const struct node *node; /* the source of the attributes; borrowed */
    bool give_owner, give_mode;
    bool is_link; /* a symlink has no mode */
};

/* Appends the commands: owners before modes (chown clears setuid), times last. Processes items from
 * last to first, so that with items in tree order the deepest directories come first. Items with
 * equal values share a command. Returns false if a name is too long for a command. */
bool attributes_write(struct script *script, struct bytes dir, const struct attributes *items,
                      size_t n);

#endif
