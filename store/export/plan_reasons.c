/* SPDX-License-Identifier: MIT */
#include "export/plan_reasons.h"

#include "export/quote.h"

static void add_reason(const struct plan *plan, const struct keep_input *source, uint32_t node,
                       struct buf *out)
{
    BUF_AUTO struct buf reason = {0};
    uint32_t origin = mapped_origin(plan->mapped, node);
    if (origin != NODE_NONE)
        keep_reason(plan->mapped->source_keep, source, origin, &reason);
    buf_add(out, bytes_of(": "));
    quote_comment(buf_bytes(&reason), out);
    buf_byte(out, '\n');
}

/* Returns the first kept file in a directory: its reason is more useful than the directory's.
 */
static uint32_t first_file(const struct plan *plan, uint32_t node)
{
    const struct tree *tree = plan->tree;
    for (uint32_t i = node + 1; i <= node + tree->nodes[node].n_below; i++)
        if (tree->nodes[i].kind != NODE_DIR && plan->keep->verdicts[i].kept)
            return i;
    return node;
}

static void add_line(const struct plan *plan, const struct keep_input *source, uint32_t node,
                     struct buf *out)
{
    BUF_AUTO struct buf path = {0};
    uint32_t n = plan->keep->rollups[node].n_kept, file = node;
    tree_path(plan->tree, node, &path);
    buf_add(out, bytes_of("# why "));
    quote_comment(buf_bytes(&path), out);
    if (plan->how[node] == PLAN_WHOLE && n) {
        file = first_file(plan, node);
        buf_clear(&path);
        tree_path(plan->tree, file, &path);
        buf_printf(out, ", %u file%s, ", n, n == 1 ? "" : "s");
        quote_comment(buf_bytes(&path), out);
    }
    add_reason(plan, source, file, out);
}

void plan_reasons_write(const struct plan *plan, struct buf *out)
{
    struct keep_input source = *plan->input;
    source.subject = plan->source;
    if (plan->everything) {
        buf_add(out, bytes_of("# why /: everything in the subject image is needed\n"));
        return;
    }
    for (uint32_t i = 1; i < plan->tree->n; i++)
        if (plan->how[i] == PLAN_WHOLE || plan->how[i] == PLAN_SINGLE || plan->how[i] == PLAN_MOUNT)
            add_line(plan, &source, i, out);
}
