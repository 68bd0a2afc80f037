/* SPDX-License-Identifier: MIT
 *
 * The kept tree with its paths in the slim image: map rules applied. A rule applies to everything
 * below its FROM, except paths with a deeper rule.
 *
 *     struct mapped_tree mapped;
 *     if (!mapped_tree_make(&mapped, &input, keep, rules, err)) … // ERR_NO: two paths become one
 *     plan_make(&plan, &mapped, CARRY_BY_RUN);
 *     mapped_tree_finish(&mapped);
 */
#ifndef XSMALL_EXPORT_MAPPED_TREE_H
#define XSMALL_EXPORT_MAPPED_TREE_H

#include "export/map_rules.h"
#include "keep/keep.h"

struct mapped_tree {
    struct keep_input input; /* its subject: the needed paths at their new paths, and directories */
    const struct keep *keep; /* one verdict for each node of input.subject */
    const struct tree *source;      /* the true subject; borrowed */
    const struct keep *source_keep; /* of source; borrowed */
    uint32_t *origin;    /* owned; by node of input.subject: node of source; NODE_NONE: a created
                            parent directory; NULL: no path is mapped, nodes are equal */
    struct buf notes;    /* lines: the moved paths */
    struct buf warnings; /* lines: symlinks and interpreters whose target was moved */
    struct tree *tree;   /* owned; tree and kept are NULL if no path is mapped */
    struct keep *kept;   /* owned */
};

/* Applies the rules. input, keep and rules are borrowed until mapped_tree_finish. rules may be
 * NULL. */
bool mapped_tree_make(struct mapped_tree *mapped, const struct keep_input *input,
                      const struct keep *keep, const struct map_rules *rules, struct err *err);
void mapped_tree_finish(struct mapped_tree *mapped);

/* Returns the node of the unmapped subject, or NODE_NONE. */
static inline uint32_t mapped_origin(const struct mapped_tree *mapped, uint32_t node)
{
    return mapped->origin ? mapped->origin[node] : node;
}

#endif
