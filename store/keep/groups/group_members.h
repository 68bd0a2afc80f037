/* SPDX-License-Identifier: MIT
 *
 * The members of a file group in a tree. The members that the person added are a reason why paths
 * are needed: reason_group (needs/needs.h) is here. Private to store/keep.
 *
 *     group_members_of_glob(tree, bytes_of("/usr/share/zoneinfo/"), visit_member, &mine);
 */
#ifndef XSMALL_KEEP_GROUPS_GROUP_MEMBERS_H
#define XSMALL_KEEP_GROUPS_GROUP_MEMBERS_H

#include "image/tree/tree.h"

/* Calls each() for the members that a member: line finds: the glob's matches except directories;
 * if the glob ends with a slash, everything below the directories that it matches. For a link
 * each() is called also for its target, with the walk that led to it (else NULL). A node can come
 * twice.
 */
void group_members_of_glob(const struct tree *tree, struct bytes glob,
                           void (*each)(void *with, uint32_t node, const struct tree_walk *walk),
                           void *with);

/* Appends what a member: line finds, a NUL and a path each. A directory's path ends with a slash
 * and stands for everything below it. */
void group_members_print(const struct tree *tree, struct bytes glob, struct buf *out);

#endif
