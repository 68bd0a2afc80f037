/* SPDX-License-Identifier: MIT
 *
 * The parent directories of a needed path, with mode and owner.
 */
#include "keep/closure.h"

/* The reason of each directory is the needed node, not the next directory below it. */
static void add(struct closure *closure, void *state, uint32_t node)
{
    (void)state;
    uint32_t parent = closure->tree->nodes[node].parent;
    for (; parent != NODE_NONE; parent = closure->tree->nodes[parent].parent) {
        if (closure->verdicts[parent].needed)
            break; /* its ancestors are already queued, or will be added for it */
        closure_need(closure, parent, &reason_parent, node);
    }
}

const struct reason reason_parent = {
    NEED_KIND("parents", "parent directories, with mode and owner"), .origin = ORIGIN_NEED,
    .text = "parent directory of ", .add = add};
