/* SPDX-License-Identifier: MIT */
#include "export/plan_table.h"

#include <inttypes.h>
#include <stdlib.h>

#include "export/gzip_estimate.h"
#include "export/losses.h"
#include "export/quote.h"

static const char *const how_names[] = {
    [PLAN_MADE] = "made",     [PLAN_WHOLE] = "whole", [PLAN_INSIDE] = "inside",
    [PLAN_SINGLE] = "single", [PLAN_MOUNT] = "COPY",
};

/* Appends the estimate for the base and the kept files. A base file that a kept file replaces
 * counts too, because the base's layer still contains it. */
static void add_gzipped(const struct dockerfile *dockerfile, struct buf *out)
{
    const struct plan *plan = dockerfile->plan;
    const struct tree *source = plan->source, *base = plan->input->base;
    MEM_AUTO bool *wanted = mem_zero(source->n, sizeof *wanted);
    int64_t bytes = 0;
    struct err err = {0};
    for (uint32_t i = 0; i < plan->tree->n; i++) {
        uint32_t origin = mapped_origin(plan->mapped, i);
        if (origin != NODE_NONE && (plan->everything || plan->keep->verdicts[i].kept))
            wanted[origin] = true;
    }
    if (gzip_estimate_add(plan->input->db, source, wanted, NULL, &bytes, &err) &&
        (!base || gzip_estimate_add(plan->input->db, base, NULL, NULL, &bytes, &err)))
        buf_printf(out, "# about %" PRId64 " bytes gzipped\n", bytes);
    else
        buf_printf(out, "# gzipped size unknown: %s\n", err.text);
}

static void add_head(const struct dockerfile *dockerfile, size_t n_layers, struct buf *out)
{
    const struct keep *keep = dockerfile->plan->keep;
    double share =
        keep->subject_bytes ? 100.0 * (double)keep->final_bytes / (double)keep->subject_bytes : 0;
    buf_printf(out, "# form %s, builder %s: %zu COPY line%s, %zu layer%s\n", dockerfile->form->name,
               builder_of(dockerfile->request->builder)->name, dockerfile->n_copies,
               dockerfile->n_copies == 1 ? "" : "s", n_layers, n_layers == 1 ? "" : "s");
    buf_printf(out,
               "# %u file%s kept, %" PRId64 " bytes; slim image: %" PRId64
               " bytes, %.1f %% of the subject image (%" PRId64 ")\n",
               keep->n_kept, keep->n_kept == 1 ? "" : "s", keep->kept_bytes, keep->final_bytes,
               share, keep->subject_bytes);
    add_gzipped(dockerfile, out);
}

static void add_row(const struct dockerfile *dockerfile, uint32_t i, struct buf *out)
{
    const struct plan *plan = dockerfile->plan;
    const struct node *node = &plan->tree->nodes[i];
    bool sum = plan->how[i] == PLAN_WHOLE;
    BUF_AUTO struct buf path = {0}, badges = {0}, owner = {0};
    tree_path(plan->tree, i, &path);
    losses_print_badges(dockerfile->lost[i], &badges);
    buf_printf(&owner, "%u:%u", node->uid, node->gid);
    buf_printf(out, "%-6s %-6s %04o %11s ", how_names[plan->how[i]], node_kinds[node->kind],
               node->mode, owner.p);
    if (sum || node->kind == NODE_FILE)
        buf_printf(out, "%12" PRId64, sum ? plan->keep->rollups[i].kept_bytes : node->size);
    else
        buf_printf(out, "%12s", "-");
    buf_printf(out, " %-3s ", badges.n ? badges.p : "-");
    quote_comment(buf_bytes(&path), out);
    if (plan_is_moved(plan, i)) {
        buf_clear(&path);
        plan_source_path(plan, i, &path);
        buf_add(out, bytes_of(" from "));
        quote_comment(buf_bytes(&path), out);
    }
    buf_byte(out, '\n');
}

void plan_table_print(struct dockerfile *dockerfile, struct buf *out)
{
    const struct plan *plan = dockerfile->plan;
    add_head(dockerfile, dockerfile_n_layers(dockerfile), out);
    losses_print_legend(dockerfile, out);
    buf_printf(out, "# %-4s %-6s %-4s %11s %12s %-3s %s\n", "how", "kind", "mode", "owner", "bytes",
               "lost", "path");
    if (plan->everything) {
        buf_add(out, bytes_of("whole  dir    everything in the subject image: /\n"));
        return;
    }
    for (uint32_t i = 1; i < plan->tree->n; i++)
        if (plan->how[i] != PLAN_NOT && (plan->how[i] != PLAN_INSIDE || dockerfile->lost[i]))
            add_row(dockerfile, i, out);
}
