/* SPDX-License-Identifier: MIT
 *
 * The processes of the selected logs as a tree, each with a summary of its accesses.
 */
#include <stdlib.h>

#include "report/pivot_private.h"
#include "util/map.h"

/* State while the tree is built. */
struct growing {
    const struct pivot_input *input;
    struct pivot_process *flat; /* by process; owned */
    size_t n;
};

static struct bytes key_of(const uint32_t pair[2])
{
    return bytes_from((const char *)pair, 2 * sizeof *pair);
}

static const char PROCESSES[] = "SELECT number, parent, program, argv, first_line FROM process "
                                "WHERE log = :log ORDER BY number";

/* Reads the processes of a log. accesses.processes has the rows of a log together, but in any
 * order, so that they are looked up by number. */
static bool read_log(struct growing *g, uint32_t log, const struct map *by_number,
                     struct arena *arena, struct err *err)
{
    struct stmt *q = db_query(g->input->db, PROCESSES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", g->input->corpus->logs[log].id);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        uint32_t key[2] = {log, (uint32_t)stmt_int(q, 0)};
        const uint64_t *at = map_find(by_number, key_of(key));
        if (!at)
            continue;
        struct pivot_process *process = &g->flat[*at];
        process->parent = (int32_t)stmt_int(q, 1);
        process->program = arena_copy(arena, stmt_bytes(q, 2));
        process->argv = arena_copy(arena, stmt_bytes(q, 3));
    }
    return step == STEP_DONE;
}

/* Counts the distinct paths of a process; seen has one bit for used and one bit for failed. */
static void count_path(struct map *seen, struct pivot_process *process,
                       const struct access_row *row)
{
    enum { USED = 1, FAILED = 2 };
    uint32_t key[2] = {row->process, row->path};
    uint64_t *bits = map_at(seen, key_of(key), NULL);
    if (!row->type->error && !(*bits & USED)) {
        process->n_files++;
        process->n_failed -= (*bits & FAILED) != 0;
        *bits |= USED;
    } else if (row->type->error && !*bits) {
        process->n_failed++;
        *bits |= FAILED;
    }
}

static void count_all(struct growing *g, const struct uses *uses, const struct pivot_filter *filter)
{
    const struct accesses *accesses = g->input->accesses;
    struct map seen = {0};
    for (size_t i = 0; i < accesses->n; i++) {
        if (!uses->times[i] || !uses_pass(g->input, filter, i))
            continue;
        struct access_row row = access_at(accesses, i);
        struct pivot_process *process = &g->flat[row.process];
        process->times += uses->times[i];
        process->line = uses->lines[i] < process->line ? uses->lines[i] : process->line;
        count_path(&seen, process, &row);
    }
    map_finish(&seen);
}

/* Sets by process the index of its parent; n means that the parent is unknown or has no lines. A
 * pid can be reused: in the same log, the parent is the last process with the pid before the child.
 * With strace -ff, the parent has its own log. */
static void find_parents(const struct growing *g, uint32_t *parents)
{
    const struct access_process *processes = g->input->accesses->processes;
    const struct corpus_log *logs = g->input->corpus->logs;
    struct map in_log = {0}, in_run = {0};
    for (size_t i = 0; i < g->n; i++) {
        uint32_t run[2] = {(uint32_t)logs[processes[i].log].run, (uint32_t)processes[i].pid};
        *map_at(&in_run, key_of(run), NULL) = i;
    }
    for (size_t i = 0; i < g->n; i++) {
        uint32_t log = processes[i].log, parent = (uint32_t)g->flat[i].parent;
        const uint64_t *near = map_find(&in_log, key_of((uint32_t[]){log, parent}));
        const uint64_t *far =
            map_find(&in_run, key_of((uint32_t[]){(uint32_t)logs[log].run, parent}));
        parents[i] = !parent ? (uint32_t)g->n
                     : near  ? (uint32_t)*near
                     : far   ? (uint32_t)*far
                             : (uint32_t)g->n;
        *map_at(&in_log, key_of((uint32_t[]){log, (uint32_t)processes[i].pid}), NULL) = i;
    }
    map_finish(&in_log);
    map_finish(&in_run);
}

/* Appends a process and all its descendants that are not in the output yet. */
static void append_tree(const struct growing *g, const uint32_t *first, const uint32_t *next,
                        uint32_t *stack, bool *done, uint32_t top, struct pivot *out)
{
    size_t n = 0;
    if (!done[top])
        stack[n++] = top;
    done[top] = true;
    while (n) {
        uint32_t at = stack[--n];
        out->processes[out->n++] = g->flat[at];
        for (uint32_t child = first[at]; child < g->n; child = next[child]) {
            if (done[child])
                continue;
            done[child] = true;
            g->flat[child].depth = g->flat[at].depth + 1;
            stack[n++] = child;
        }
    }
}

static void make_tree(const struct growing *g, struct pivot *out)
{
    MEM_AUTO uint32_t *parents = mem_array(NULL, g->n + 1, sizeof *parents);
    MEM_AUTO uint32_t *first = mem_array(NULL, g->n + 1, sizeof *first);
    MEM_AUTO uint32_t *next = mem_array(NULL, g->n + 1, sizeof *next);
    MEM_AUTO uint32_t *stack = mem_array(NULL, g->n + 1, sizeof *stack);
    MEM_AUTO bool *done = mem_zero(g->n + 1, sizeof *done);
    find_parents(g, parents);
    for (size_t i = 0; i < g->n; i++)
        first[i] = (uint32_t)g->n;
    for (uint32_t i = 0; i < g->n; i++) { /* in reverse, because the stack reverses the order */
        next[i] = parents[i] < g->n ? first[parents[i]] : (uint32_t)g->n;
        if (parents[i] < g->n)
            first[parents[i]] = i;
    }
    out->processes = mem_array(NULL, g->n + 1, sizeof *out->processes);
    for (uint32_t i = 0; i < g->n; i++)
        if (parents[i] == g->n)
            append_tree(g, first, next, stack, done, i, out);
    for (uint32_t i = 0; i < g->n; i++) /* cycles of parents, in a damaged session */
        append_tree(g, first, next, stack, done, i, out);
}

bool pivot_make_processes(const struct pivot_input *input, const struct uses *uses,
                          const struct pivot_filter *filter, struct pivot *out, struct err *err)
{
    const struct accesses *accesses = input->accesses;
    struct growing g = {.input = input, .n = accesses->n_processes};
    struct map by_number = {0};
    g.flat = mem_zero(g.n + 1, sizeof *g.flat);
    for (size_t i = 0; i < g.n; i++) {
        const struct access_process *process = &accesses->processes[i];
        *map_at(&by_number, key_of((uint32_t[]){process->log, process->number}), NULL) = i;
        g.flat[i] =
            (struct pivot_process){.process = (uint32_t)i, .pid = process->pid, .line = UINT32_MAX};
    }
    bool ok = true;
    for (uint32_t log = 0; ok && log < input->corpus->n_logs; log++)
        ok = read_log(&g, log, &by_number, &out->arena, err);
    if (ok) {
        count_all(&g, uses, filter);
        make_tree(&g, out);
    }
    map_finish(&by_number);
    free(g.flat);
    return ok;
}
