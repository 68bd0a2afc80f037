/* SPDX-License-Identifier: MIT */
#include "report/coverage.h"

#include <stdlib.h>

/* Adds a node to a sum. peers has, by the first name of a hard-link group, whether the sum already
 * contains its bytes. */
static void add(const struct tree *tree, uint32_t node, uint8_t *peers, struct coverage_sum *sum)
{
    uint32_t peer = tree->nodes[node].peer;
    sum->n_files++;
    if (peer != NODE_NONE && peers[peer])
        return;
    if (peer != NODE_NONE)
        peers[peer] = 1;
    sum->bytes += tree->nodes[node].size;
}

void coverage_of_kept(const struct session *session, const struct coverage *coverage,
                      struct coverage_kept *out)
{
    *out = (struct coverage_kept){0};
    if (!session->subject || !session->keep)
        return;
    const struct tree *tree = session->subject;
    struct coverage_sum *sums[] = {&out->none, &out->some, &out->all};
    MEM_AUTO uint8_t *which = mem_zero(tree->n, 1);
    for (size_t i = 0; i < coverage->n_files; i++)
        if (coverage->files[i].node != NODE_NONE)
            which[coverage->files[i].node] = coverage->files[i].n_runs == coverage->n_runs ? 2 : 1;
    for (int k = 0; k < 3; k++) {
        MEM_AUTO uint8_t *peers = mem_zero(tree->n, 1);
        for (uint32_t node = 0; node < tree->n; node++)
            if (which[node] == k && session->keep->verdicts[node].kept &&
                tree->nodes[node].kind != NODE_DIR)
                add(tree, node, peers, sums[k]);
    }
}

static void add_sum(const char *by, const struct coverage_sum *sum, struct buf *out)
{
    buf_printf(out, "%s: %llu (%lld byte%s)", by, (unsigned long long)sum->n_files,
               (long long)sum->bytes, sum->bytes == 1 ? "" : "s");
}

void coverage_say_kept(const struct coverage_kept *kept, size_t n_runs, struct buf *out)
{
    buf_add(out, bytes_of("kept files used "));
    add_sum(n_runs == 1 ? "by the run" : "by all runs", &kept->all, out);
    if (n_runs > 1)
        add_sum(", by some runs", &kept->some, out);
    add_sum(", by no run", &kept->none, out);
}
