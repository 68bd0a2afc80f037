/* SPDX-License-Identifier: MIT
 *
 * The directories above a needed path, with mode and owner.
 */
#include "keep/closure.h"

/* Each of them is reported as above the node that needs it, not as above the next directory. */
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
