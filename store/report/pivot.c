/* SPDX-License-Identifier: MIT */
#include "report/pivot.h"

#include <roaring/roaring.h>
#include <stdlib.h>

#include "report/pivot_private.h"

/* State while the passing lines are collected. */
struct collecting {
    const struct pivot_input *input;
    const struct pivot_filter *filter;
    struct pivot *out;
    uint64_t before; /* number of surviving lines of the previous logs */
    size_t cap;
};

static void collect_line(void *with, uint32_t line, uint64_t number, size_t row)
{
    struct collecting *c = with;
    (void)line;
    bool pair = access_at(c->input->accesses, row).type->pair;
    if (!uses_pass(c->input, c->filter, row) && !(pair && uses_pass(c->input, c->filter, row + 1)))
        return;
    ARRAY_ROOM(c->out->lines, c->out->n, c->cap);
    c->out->lines[c->out->n++] = (uint32_t)(c->before + number);
}

static bool make_lines(const struct pivot_input *input, const struct pivot_filter *filter,
                       struct pivot *out, struct err *err)
{
    struct collecting c = {.input = input, .filter = filter, .out = out};
    for (size_t i = 0; i < input->n_logs && input->survivors; i++) {
        const struct corpus_log *log = &input->corpus->logs[input->logs[i]];
        if (!uses_walk(input, input->logs[i], collect_line, &c, err))
            return false;
        c.before += roaring_bitmap_range_cardinality(input->survivors, log->first_line,
                                                     (uint64_t)log->first_line + log->n_lines);
        if (c.before > UINT32_MAX)
            return err_set(err, "trace: too many matching lines to list; add a filter");
    }
    return true;
}

/* Adds access i, which has surviving lines, to the sums of its path. */
static void add_access(struct pivot_path *path, const struct access_type *type,
                       const struct uses *uses, size_t i)
{
    path->times += uses->times[i];
    if (!type->error) {
        path->kinds |= 1u << type->kind;
    } else {
        path->failed += uses->times[i];
        path->error = path->error ? path->error : type->error;
    }
    path->line = uses->lines[i] < path->line ? uses->lines[i] : path->line;
}

/* Sums the accesses of each path in out->paths. */
static void make_paths(const struct pivot_input *input, const struct uses *uses,
                       const struct pivot_filter *filter, struct pivot *out)
{
    const struct accesses *accesses = input->accesses;
    const uint32_t *real = line_paths_real(input->line_paths);
    MEM_AUTO uint32_t *index =
        mem_zero(accesses->n_paths + 1, sizeof *index); /* index + 1; 0: no row yet */
    size_t cap = 0;
    for (size_t i = 0; i < accesses->n; i++) {
        if (!uses->times[i] || !uses_pass(input, filter, i))
            continue;
        struct access_row row = access_at(accesses, i);
        if (!index[row.path]) {
            ARRAY_ROOM(out->paths, out->n, cap);
            out->paths[out->n++] = (struct pivot_path){
                .asked = row.path,
                .node = real && !row.type->other_root ? real[row.path] : NODE_NONE,
                .line = UINT32_MAX};
            index[row.path] = (uint32_t)out->n;
        }
        add_access(&out->paths[index[row.path] - 1], row.type, uses, i);
    }
}

bool pivot_make(const struct pivot_input *input, const struct uses *uses,
                const struct pivot_filter *filter, struct pivot *pivot, struct err *err)
{
    bool ok = true;
    *pivot = (struct pivot){.by = pivot->by};
    switch (pivot->by) {
    case PIVOT_LINES:
        ok = make_lines(input, filter, pivot, err);
        break;
    case PIVOT_PATHS:
        make_paths(input, uses, filter, pivot);
        break;
    case PIVOT_PROCESSES:
        ok = pivot_make_processes(input, uses, filter, pivot, err);
        break;
    default:
        pivot_make_searches(input, uses, filter, pivot);
    }
    if (!ok)
        pivot_finish(pivot);
    return ok;
}

void pivot_finish(struct pivot *pivot)
{
    free(pivot->lines);
    free(pivot->paths);
    free(pivot->processes);
    free(pivot->searches);
    free(pivot->places);
    arena_finish(&pivot->arena);
    *pivot = (struct pivot){.by = pivot->by};
}

struct sorting {
    enum pivot_sort sort;
    const struct accesses *accesses;
    const struct tree *tree;
};

static int64_t bytes_of_path(const struct sorting *sorting, const struct pivot_path *path)
{
    return sorting->tree && path->node != NODE_NONE ? sorting->tree->nodes[path->node].size : -1;
}

static int compare_paths(const void *a, const void *b, void *with)
{
    const struct sorting *sorting = with;
    const struct pivot_path *x = a, *y = b;
    if (sorting->sort == PIVOT_BY_TIMES && x->times != y->times)
        return x->times < y->times ? 1 : -1;
    int64_t p = bytes_of_path(sorting, x), q = bytes_of_path(sorting, y);
    if (sorting->sort == PIVOT_BY_BYTES && p != q)
        return p < q ? 1 : -1;
    return bytes_compare(sorting->accesses->paths[x->asked].path,
                         sorting->accesses->paths[y->asked].path);
}

void pivot_sort_paths(struct pivot *pivot, enum pivot_sort sort, const struct accesses *accesses,
                      const struct tree *tree)
{
    struct sorting sorting = {sort, accesses, tree};
    if (pivot->n)
        qsort_r(pivot->paths, pivot->n, sizeof *pivot->paths, compare_paths, &sorting);
}
