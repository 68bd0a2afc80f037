/* SPDX-License-Identifier: MIT */
#include "report/uses.h"

#include <roaring/roaring.h>
#include <stdlib.h>

const struct pivot_filter pivot_no_filter = {
    .kind = PIVOT_ALL, .process = PIVOT_ALL, .node = NODE_NONE};

bool pivot_is_filter(const struct pivot_filter *filter)
{
    return filter->outcome != PIVOT_ANY || filter->call.n || filter->kind != PIVOT_ALL ||
           filter->process != PIVOT_ALL || filter->path.n;
}

static bool is_cancelled(const struct pivot_input *input)
{
    return input->cancel && atomic_load(input->cancel);
}

/* Visits the surviving lines of a block whose calls have an access. */
static bool walk_block(const struct pivot_input *input, uint32_t index,
                       roaring_uint32_iterator_t *at, uint64_t *number,
                       void (*visit)(void *, uint32_t, uint64_t, size_t), void *with,
                       struct err *err)
{
    const struct corpus_block *block = &input->corpus->blocks[index];
    const size_t *first = &input->accesses->first_of_log[block->log];
    const uint32_t *calls;
    if (is_cancelled(input))
        return err_cancelled(err);
    if (!corpus_block_calls(input->reader, index, &calls, err))
        return false;
    for (; at->has_value && at->current_value - block->first_line < block->n_lines;
         roaring_advance_uint32_iterator(at), ++*number) {
        uint32_t seq = calls[at->current_value - block->first_line];
        if (seq && seq <= first[1] - first[0]) /* a damaged session can have invalid numbers */
            visit(with, at->current_value, *number, first[0] + seq - 1);
    }
    return true;
}

bool uses_walk(const struct pivot_input *input, uint32_t log,
               void (*visit)(void *with, uint32_t line, uint64_t number, size_t row), void *with,
               struct err *err)
{
    const struct corpus_log *in = &input->corpus->logs[log];
    roaring_uint32_iterator_t at;
    uint64_t number = 0;
    if (!input->survivors || !in->n_lines)
        return true;
    roaring_init_iterator(input->survivors, &at);
    if (!roaring_move_uint32_iterator_equalorlarger(&at, in->first_line))
        return true;
    for (uint32_t i = 0; i < in->n_blocks && at.has_value; i++)
        if (!walk_block(input, in->first_block + i, &at, &number, visit, with, err))
            return false;
    return true;
}

struct counting {
    const struct accesses *accesses;
    struct uses *out;
};

static void count_row(struct counting *counting, uint32_t line, size_t row)
{
    struct uses *out = counting->out;
    out->lines[row] = line < out->lines[row] ? line : out->lines[row];
    out->times[row]++;
}

static void count_line(void *with, uint32_t line, uint64_t number, size_t row)
{
    struct counting *counting = with;
    (void)number;
    count_row(counting, line, row);
    if (access_at(counting->accesses, row).type->pair)
        count_row(counting, line, row + 1);
}

bool uses_count(const struct pivot_input *input, struct uses *out, struct err *err)
{
    size_t n = input->accesses->n;
    struct counting counting = {input->accesses, out};
    *out = (struct uses){mem_zero(n + 1, sizeof *out->times),
                         mem_array(NULL, n + 1, sizeof(uint32_t))};
    for (size_t i = 0; i < n; i++)
        out->lines[i] = UINT32_MAX;
    MEM_AUTO bool *done = mem_zero(input->corpus->n_logs + 1, sizeof *done);
    bool ok = true;
    for (size_t i = 0; ok && i < input->n_logs; i++) { /* a log can be selected twice */
        uint32_t log = input->logs[i];
        ok = done[log] || uses_walk(input, log, count_line, &counting, err);
        done[log] = true;
    }
    for (size_t i = 0; ok && i < n;
         i++) { /* a call printed in two halves has two lines; both are counted */
        uint32_t calls = out->times[i] ? access_at(input->accesses, i).n : 0;
        out->times[i] = out->times[i] < calls ? out->times[i] : calls;
    }
    if (!ok)
        uses_finish(out);
    return ok;
}

void uses_finish(struct uses *uses)
{
    free(uses->times);
    free(uses->lines);
    *uses = (struct uses){0};
}

static bool is_below(struct bytes path, struct bytes top)
{
    return bytes_starts(path, top) &&
           (path.n == top.n || path.p[top.n] == '/' || top.p[top.n - 1] == '/');
}

static bool is_node_below(const struct tree *tree, uint32_t node, uint32_t top)
{
    while (node != NODE_NONE && node != top)
        node = node ? tree->nodes[node].parent : NODE_NONE;
    return node != NODE_NONE;
}

bool uses_pass(const struct pivot_input *input, const struct pivot_filter *filter, size_t index)
{
    struct access_row row = access_at(input->accesses, index);
    const struct access_type *way = row.type;
    if ((filter->outcome == PIVOT_SUCCEEDED && way->error) ||
        (filter->outcome == PIVOT_FAILED && !way->error) ||
        (filter->call.n && !bytes_equal(filter->call, bytes_of(way->call))) ||
        (filter->kind != PIVOT_ALL && filter->kind != way->kind) ||
        (filter->process != PIVOT_ALL && filter->process != row.process))
        return false;
    if (!filter->path.n || is_below(input->accesses->paths[row.path].path, filter->path))
        return true;
    const uint32_t *real = line_paths_real(input->line_paths);
    return real && !way->other_root && is_node_below(input->subject, real[row.path], filter->node);
}
