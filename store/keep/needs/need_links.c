/* SPDX-License-Identifier: MIT
 *
 * Symlinks on the way to a needed path: every link that a resolution goes through. They are added
 * where a path is resolved, with closure_need_links.
 */
#include "keep/closure.h"

void closure_need_links(struct closure *closure, const struct tree_walk *walk, uint32_t end)
{
    if (end == NODE_NONE || closure->verdicts[end].mark == MARK_DROP ||
        !closure_is_on(closure, &reason_link))
        return;
    for (uint32_t i = 0; i < walk->n_hops; i++)
        closure_need(closure, walk->hops[i], &reason_link, end);
}

const struct reason reason_link = {NEED_KIND("links", "symlinks in needed paths"),
                                   .origin = ORIGIN_NEED, .text = "symlink in the path of "};
