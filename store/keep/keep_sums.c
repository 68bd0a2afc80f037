/* SPDX-License-Identifier: MIT
 *
 * Computes the sums of the tree. The bytes of a hard link count once in every directory that
 * contains one or more of its names: each name adds them, and the nearest common directory of two
 * neighbouring names (in tree order) subtracts them.
 */
#include "keep/closure.h"

#include <stdlib.h>

static uint32_t meeting_point(const struct tree *tree, uint32_t a, uint32_t b)
{
    while (b < a || b > a + tree->nodes[a].n_below)
        a = tree->nodes[a].parent;
    return a;
}

/* last, by first name of a hard link: the last name seen so far, or NODE_NONE. */
static void add_bytes(struct keep *keep, const struct tree *tree, uint32_t node, uint32_t *last,
                      bool kept_only)
{
    const struct node *n = &tree->nodes[node];
    struct rollup *here = &keep->rollups[node];
    *(kept_only ? &here->kept_bytes : &here->bytes) += n->size;
    if (n->peer == NODE_NONE)
        return;
    if (last[n->peer] != NODE_NONE) {
        struct rollup *meet = &keep->rollups[meeting_point(tree, last[n->peer], node)];
        *(kept_only ? &meet->kept_bytes : &meet->bytes) -= n->size;
    }
    last[n->peer] = node;
}

static void add_up(struct rollup *to, const struct rollup *from)
{
    to->bytes += from->bytes;
    to->kept_bytes += from->kept_bytes;
    to->n_files += from->n_files;
    to->n_kept += from->n_kept;
    to->n_used += from->n_used;
    to->n_in_base += from->n_in_base;
}

static void fill_rollups(struct keep *keep, const struct tree *tree)
{
    MEM_AUTO uint32_t *last = mem_array(NULL, tree->n, sizeof *last);
    MEM_AUTO uint32_t *last_kept = mem_array(NULL, tree->n, sizeof *last_kept);
    for (uint32_t i = 0; i < tree->n; i++)
        last[i] = last_kept[i] = NODE_NONE;
    for (uint32_t i = 0; i < tree->n; i++) {
        const struct verdict *verdict = &keep->verdicts[i];
        if (tree->nodes[i].kind == NODE_DIR)
            continue;
        keep->rollups[i].n_files++;
        keep->rollups[i].n_kept += verdict->kept;
        keep->rollups[i].n_used += verdict->n_used > 0;
        keep->rollups[i].n_in_base += verdict->in_base == BASE_SAME;
        if (tree->nodes[i].kind != NODE_FILE)
            continue;
        add_bytes(keep, tree, i, last, false);
        if (verdict->kept)
            add_bytes(keep, tree, i, last_kept, true);
    }
    for (uint32_t i = tree->n; --i > 0;)
        add_up(&keep->rollups[tree->nodes[i].parent], &keep->rollups[i]);
}

/* Marks the nodes of the base that kept nodes replace. A kept directory is merged with a directory.
 */
static bool *find_replaced(const struct keep *keep, const struct tree *subject,
                           const struct tree *base, const uint32_t *base_of)
{
    bool *replaced = mem_zero(base->n, sizeof *replaced);
    for (uint32_t i = 0; i < subject->n; i++) {
        uint32_t there = base_of[i];
        bool both_dirs = there != NODE_NONE && subject->nodes[i].kind == NODE_DIR &&
                         base->nodes[there].kind == NODE_DIR;
        if (there == NODE_NONE || !keep->verdicts[i].kept || both_dirs)
            continue;
        for (uint32_t k = there; k <= there + base->nodes[there].n_below; k++)
            replaced[k] = true;
    }
    return replaced;
}

static int64_t remaining_bytes(const struct tree *base, const bool *replaced)
{
    int64_t sum = 0;
    MEM_AUTO bool *counted = mem_zero(base->n, sizeof *counted);
    for (uint32_t i = 0; i < base->n; i++) {
        const struct node *n = &base->nodes[i];
        if (n->kind != NODE_FILE || replaced[i] || (n->peer != NODE_NONE && counted[n->peer]))
            continue;
        if (n->peer != NODE_NONE)
            counted[n->peer] = true;
        sum += n->size;
    }
    return sum;
}

void sums_fill(struct keep *keep, const struct keep_input *input, const uint32_t *base_of)
{
    fill_rollups(keep, input->subject);
    keep->n_kept = keep->rollups[NODE_ROOT].n_kept;
    keep->kept_bytes = keep->rollups[NODE_ROOT].kept_bytes;
    keep->subject_bytes = keep->rollups[NODE_ROOT].bytes;
    keep->final_bytes = keep->kept_bytes;
    if (base_of) {
        MEM_AUTO bool *replaced = find_replaced(keep, input->subject, input->base, base_of);
        keep->final_bytes += remaining_bytes(input->base, replaced);
    }
}
