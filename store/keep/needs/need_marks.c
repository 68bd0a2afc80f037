/* SPDX-License-Identifier: MIT
 *
 * Keep marks: a mark applies to its path and everything below, up to a path with its own mark
 * (marks.h).
 */
#include "keep/closure.h"

static void print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                  struct buf *out)
{
    uint32_t marked = keep->verdicts[node].from;
    buf_add(out, bytes_of("marked keep"));
    if (marked != node) {
        buf_add(out, bytes_of(" by the mark on "));
        tree_path(input->subject, marked, out);
    }
}

static bool seed(struct closure *closure, void *state, struct err *err)
{
    (void)state;
    (void)err;
    for (uint32_t i = 0; i < closure->tree->n; i++) {
        uint32_t marked = i;
        if (closure->verdicts[i].mark != MARK_KEEP)
            continue;
        while (closure->verdicts[marked].own_mark == MARK_NONE)
            marked = closure->tree->nodes[marked].parent;
        closure_need(closure, i, &reason_mark, marked);
    }
    return true;
}

/* `from` is the node that has the mark. */
const struct reason reason_mark = {
    .origin = ORIGIN_MARK, .print = print, .is_last = true, .seed = seed};
