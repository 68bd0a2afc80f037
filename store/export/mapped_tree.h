/* SPDX-License-Identifier: MIT
 *
 * The kept tree at its paths in the slim image, with map rules applied. A rule holds for
 * all below its FROM but for what a deeper one names.
 *
 *     struct mapped_tree mapped;
 *     if (!mapped_tree_make(&mapped, &input, keep, rules, err)) … // ERR_NO: two would be one
 *     plan_make(&plan, &mapped, CARRY_BY_RUN);
 *     mapped_tree_finish(&mapped);
 */
#ifndef XSMALL_EXPORT_MAPPED_TREE_H
#define XSMALL_EXPORT_MAPPED_TREE_H

#include "export/map_rules.h"
#include "keep/keep.h"

struct mapped_tree {
    struct keep_input input;   /* its subject is what is needed, at its new path, and directories */
    const struct keep *keep;   /* one verdict a node of that */
    const struct tree *source; /* the true subject; borrowed */
    const struct keep *source_keep; /* of that; borrowed */
    uint32_t *origin; /* owned; by node of input.subject: source's, NODE_NONE: a directory made on
                         the way; NULL: nothing is mapped, it is the same node */
    struct buf notes; /* lines: which tree is where */
    struct buf warnings; /* lines: links and interpreters that are not where they are looked for */
    struct tree *tree;   /* owned; NULL where nothing is mapped, as is kept */
    struct keep *kept;   /* owned */
};

/* input, keep and rules are borrowed and must live as long. rules may be NULL. */
bool mapped_tree_make(struct mapped_tree *mapped, const struct keep_input *input,
                      const struct keep *keep, const struct map_rules *rules, struct err *err);
void mapped_tree_finish(struct mapped_tree *mapped);

/* The node of the true subject, or NODE_NONE. */
static inline uint32_t mapped_origin(const struct mapped_tree *mapped, uint32_t node)
{
    return mapped->origin ? mapped->origin[node] : node;
}

#endif
