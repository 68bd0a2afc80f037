/* SPDX-License-Identifier: MIT
 *
 * Sessions without logs: the paths of the image that match the filter chain.
 */
#include <roaring/roaring.h>

#include "keep/closure.h"
#include "keep/why_text.h"

/* A link is selected with its target, as if a program had opened it. */
static void add_target(struct closure *closure, uint32_t node)
{
    BUF_AUTO struct buf path = {0};
    struct tree_walk walk;
    tree_path(closure->tree, node, &path);
    uint32_t end = tree_resolve(closure->tree, buf_bytes(&path), TREE_FOLLOW, &walk);
    if (end == NODE_NONE)
        return;
    closure_need(closure, end, &reason_selected, node);
    closure_need_links(closure, &walk, end);
}

static bool seed(struct closure *closure, void *state, struct err *err)
{
    (void)state;
    (void)err;
    const struct keep_input *input = closure->input;
    if (!closure_has_evidence(closure) || !line_paths_are_lines(input->line_paths) ||
        roaring_bitmap_is_empty(input->survivors)) /* then the lines need no order */
        return true;
    for (uint32_t node = 0; node < closure->tree->n; node++)
        if (roaring_bitmap_contains(input->survivors, line_paths_line(input->line_paths, node)))
            closure_need(closure, node, &reason_selected, NODE_NONE);
    for (uint32_t node = 0; node < closure->tree->n; node++)
        if (closure->tree->nodes[node].kind == NODE_LINK &&
            roaring_bitmap_contains(input->survivors, line_paths_line(input->line_paths, node)))
            add_target(closure, node);
    return true;
}

static void print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                  struct buf *out)
{
    uint32_t link = keep->verdicts[node].from;
    buf_printf(out, "selected by stage %zu", keep->selecting);
    if (link != NODE_NONE) {
        buf_add(out, bytes_of(" as the target of "));
        tree_path(input->subject, link, out);
    }
}

static bool print_source(const struct keep *keep, const struct keep_input *input,
                         const struct chain *chain, uint32_t node, struct buf *out, struct err *err)
{
    (void)input;
    (void)err;
    if (keep->verdicts[node].from == NODE_NONE && chain &&
        keep->selecting - 1 < chain_n_stages(chain)) {
        why_add_stage(chain, keep->selecting - 1, out);
        buf_byte(out, '\n');
    }
    return true;
}

/* `from` is the link whose target was selected, or NODE_NONE. */
const struct reason reason_selected = {
    .origin = ORIGIN_TRACE, .print = print, .print_source = print_source, .seed = seed};
