/* SPDX-License-Identifier: MIT
 *
 * The symlinks in a needed path: every symlink that its resolution goes through, and every
 * directory that it leaves through "..". The code that resolves a path adds them with
 * closure_need_links.
 */
#include "keep/closure.h"

/* Returns true if a directory is needed as the parent of a link of the walk, or of its end. */
static bool is_above(const struct tree *tree, uint32_t dir, const struct tree_walk *walk,
                     uint32_t end)
{
    uint32_t n_below = tree->nodes[dir].n_below;
    for (uint32_t i = 0; i < walk->n_hops; i++)
        if (walk->hops[i] - dir <= n_below)
            return true;
    return end - dir <= n_below;
}

void closure_need_links(struct closure *closure, const struct tree_walk *walk, uint32_t end)
{
    if (end == NODE_NONE || closure->verdicts[end].mark == MARK_DROP)
        return;
    for (uint32_t i = 0; i < walk->n_left && closure_is_on(closure, &reason_parent); i++)
        if (!is_above(closure->tree, walk->left[i], walk, end))
            closure_need(closure, walk->left[i], &reason_parent, end);
    if (!closure_is_on(closure, &reason_link))
        return;
    for (uint32_t i = 0; i < walk->n_hops; i++)
        closure_need(closure, walk->hops[i], &reason_link, end);
}

const struct reason reason_link = {NEED_KIND("links", "symlinks on the way to needed files"),
                                   .origin = ORIGIN_NEED, .text = "symlink in the path of "};
