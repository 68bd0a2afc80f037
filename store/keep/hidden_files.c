/* SPDX-License-Identifier: MIT
 *
 * Counts the files that one stage of the filter chain hides: the nodes that the lines hidden only
 * by this stage use, without the nodes that matching lines use.
 */
#include "keep/evidence.h"
#include "chain/access_route.h"

#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

/* All owned. */
struct hiding {
    const struct keep_input *input; /* borrowed */
    const uint32_t *real;           /* by path of the accesses; borrowed */
    uint32_t *literal; /* by path: its node without following the last link; or NOT_YET */
    uint32_t *by_row;  /* result of evidence_rows */
    bool *used;        /* by node: a matching line uses it */
    bool *seen;        /* by node: counted for this stage */
    bool *group_used, *group_seen; /* the same, by first name of a hard link */
};

static void hiding_finish(struct hiding *hiding)
{
    free(hiding->literal);
    free(hiding->by_row);
    free(hiding->used);
    free(hiding->seen);
    free(hiding->group_used);
    free(hiding->group_seen);
}

/* Returns the node that the access of a row used, or NODE_NONE. */
static uint32_t end_of(struct hiding *hiding, size_t row)
{
    struct access_row access = access_at(hiding->input->accesses, row);
    if (!access.type->nofollow)
        return hiding->real[access.path];
    uint32_t *end = &hiding->literal[access.path];
    struct tree_walk walk;
    if (*end == NOT_YET)
        *end = access_resolve(hiding->input->subject, &hiding->input->accesses->paths[access.path],
                              TREE_NOFOLLOW, &walk);
    return *end;
}

static void use_node(struct hiding *hiding, uint32_t node, struct hidden *out)
{
    const struct node *n = &hiding->input->subject->nodes[node];
    bool *mine = out ? hiding->seen : hiding->used;
    bool *groups = out ? hiding->group_seen : hiding->group_used;
    if (mine[node] || (out && hiding->used[node]))
        return;
    mine[node] = true;
    bool is_new = n->peer == NODE_NONE || !(groups[n->peer] || hiding->group_used[n->peer]);
    if (n->peer != NODE_NONE)
        groups[n->peer] = true;
    if (!out || n->kind == NODE_DIR)
        return;
    out->n_files++;
    if (is_new && n->kind == NODE_FILE)
        out->bytes += n->size;
}

static void use_places(struct hiding *hiding, const roaring_bitmap_t *lines, struct hidden *out)
{
    const struct line_paths *line_paths = hiding->input->line_paths;
    roaring_uint32_iterator_t at;
    roaring_init_iterator(lines, &at);
    for (; at.has_value && at.current_value < line_paths_n_lines(line_paths);
         roaring_advance_uint32_iterator(&at))
        use_node(hiding, line_paths_node(line_paths, at.current_value), out);
}

/* Marks the nodes of these lines as used (out NULL), or counts them in out. */
static bool use_lines(struct hiding *hiding, const roaring_bitmap_t *lines, struct hidden *out,
                      struct err *err)
{
    const struct keep_input *input = hiding->input;
    const struct accesses *accesses = input->accesses;
    if (line_paths_are_lines(input->line_paths)) {
        use_places(hiding, lines, out);
        return true;
    }
    memset(hiding->by_row, 0xff, accesses->n * sizeof *hiding->by_row); /* NO_LINE */
    if (!evidence_rows(input, lines, hiding->by_row, err))
        return false;
    for (size_t row = 0; row < accesses->n; row++) {
        if (hiding->by_row[row] == NO_LINE || !evidence_counts(accesses, row))
            continue;
        uint32_t node = end_of(hiding, row);
        if (node != NODE_NONE)
            use_node(hiding, node, out);
    }
    return true;
}

bool keep_hidden(const struct keep_input *input, const roaring_bitmap_t *const *back, size_t n,
                 struct hidden *out, struct err *err)
{
    memset(out, 0, n * sizeof *out);
    if (!input->subject || !input->accesses || !input->survivors || !input->line_paths)
        return true;
    uint32_t n_nodes = input->subject->n;
    struct hiding hiding = {
        .input = input,
        .real = line_paths_real(input->line_paths),
        .literal = evidence_filled(input->accesses->n_paths, NOT_YET),
        .by_row = evidence_filled(input->accesses->n, NO_LINE),
        .used = mem_zero(n_nodes, sizeof(bool)),
        .seen = mem_zero(n_nodes, sizeof(bool)),
        .group_used = mem_zero(n_nodes, sizeof(bool)),
        .group_seen = mem_zero(n_nodes, sizeof(bool)),
    };
    bool ok = use_lines(&hiding, input->survivors, NULL, err);
    for (size_t i = 0; ok && i < n; i++) {
        memset(hiding.seen, 0, n_nodes * sizeof(bool));
        memset(hiding.group_seen, 0, n_nodes * sizeof(bool));
        if (back[i])
            ok = use_lines(&hiding, back[i], &out[i], err);
    }
    hiding_finish(&hiding);
    return ok;
}
