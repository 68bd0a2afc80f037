/* SPDX-License-Identifier: MIT
 *
 * The members of a family in a tree, and those that the person added as the session holds them.
 * What store/keep's files share; nobody else includes it.
 */
#ifndef XSMALL_KEEP_GROUPS_GROUP_MEMBERS_H
#define XSMALL_KEEP_GROUPS_GROUP_MEMBERS_H

#include "keep/closure.h"

/* Calls each() for what a member: line stands for: all but directories that its glob finds, or
 * with a slash behind, all below the directories that it finds; and what links among those lead to,
 * walk telling how (else NULL). A node can come twice. */
void group_members_of_glob(const struct tree *tree, struct bytes glob,
                           void (*each)(void *with, uint32_t node, const struct tree_walk *walk),
                           void *with);

/* What a member: line finds, a NUL and a path each: directories with a slash behind, for all below
 * them. */
void group_members_print(const struct tree *tree, struct bytes glob, struct buf *out);

/* The seeds: what the person added. */
void group_members_seed(struct closure *closure);

#endif
