/* SPDX-License-Identifier: MIT
 *
 * The members of a file group in a tree. Members that the user added are a reason why paths are
 * needed: reason_group (needs/needs.h) is defined here. Private to store/keep.
 *
 *     group_members_of_glob(tree, bytes_of("/usr/share/zoneinfo/"), visit_member, &mine);
 */
#ifndef XSMALL_KEEP_GROUPS_GROUP_MEMBERS_H
#define XSMALL_KEEP_GROUPS_GROUP_MEMBERS_H

#include "image/tree/tree.h"

/* Calls each() for the members that a member: line names: all matches except directories; if the
 * glob ends with a slash, everything below the matching directories. For a symlink, each() is also
 * called for its target, with the walk to it (else NULL). A node can be passed twice. */
void group_members_of_glob(const struct tree *tree, struct bytes glob,
                           void (*each)(void *with, uint32_t node, const struct tree_walk *walk),
                           void *with);

struct closure;
/* Makes the members that a member: line names needed, with reason_group. */
void group_members_need(struct closure *closure, struct bytes glob);

/* Appends a NUL and a path for each match of a member: line. The path of a directory ends with a
 * slash and includes everything below it. */
void group_members_print(const struct tree *tree, struct bytes glob, struct buf *out);

#endif
