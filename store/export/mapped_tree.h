/* SPDX-License-Identifier: MIT
 *
 * The kept tree as it stands in the slim image when map rules move parts of it. A rule holds for
 * all below its FROM but for what a deeper one names.
 *
 *     struct mapped_tree moved;
 *     if (!mapped_tree_make(&moved, &input, keep, moves, err)) … // ERR_NO: two would be one
 *     plan_make(&plan, &moved, CARRY_BY_RUN);
 *     mapped_tree_finish(&moved);
 */
#ifndef XSMALL_EXPORT_MAPPED_TREE_H
#define XSMALL_EXPORT_MAPPED_TREE_H

#include "export/map_rules.h"
#include "keep/keep.h"

struct mapped_tree {
    struct keep_input
        input; /* its subject is what is needed, where it will stand, and directories */
    const struct keep *keep;        /* one verdict a node of that */
    const struct tree *source;      /* the true subject; borrowed */
    const struct keep *source_keep; /* of that; borrowed */
    uint32_t *origin; /* owned; by node of input.subject: source's, NODE_NONE: a directory made on
                         the way; NULL: nothing is moved, it is the same node */
    struct buf notes; /* lines: what stands where */
    struct buf warnings; /* lines: links and interpreters that are not where they are looked for */
    struct tree *tree;   /* owned; NULL where nothing is moved, as is kept */
    struct keep *kept;   /* owned */
};

/* input, keep and moves are borrowed and live as long. moves may be NULL. */
bool mapped_tree_make(struct mapped_tree *moved, const struct keep_input *input,
                      const struct keep *keep, const struct map_rules *moves, struct err *err);
void mapped_tree_finish(struct mapped_tree *moved);

/* The node of the true subject, or NODE_NONE. */
static inline uint32_t moved_origin(const struct mapped_tree *moved, uint32_t node)
{
    return moved->origin ? moved->origin[node] : node;
}

#endif
