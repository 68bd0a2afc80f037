/* SPDX-License-Identifier: MIT
 *
 * The trace by process, as a tree: the number of paths that each process used, of its failed
 * look-ups and of its calls.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_image.h"
#include "views/view_pivots.h"
#include "screen/format.h"

enum { COLUMN_PID, COLUMN_FILES, COLUMN_FAILED, COLUMN_TIMES, COLUMN_PROGRAM };

static const struct column columns[] = {
    [COLUMN_PID] = {"pid", 7, true, 0},          [COLUMN_FILES] = {"paths", 7, true, 0},
    [COLUMN_FAILED] = {"failed", 7, true, 0},    [COLUMN_TIMES] = {"calls", 9, true, 64},
    [COLUMN_PROGRAM] = {"program", 0, false, 0},
};

static const struct pivot_process *process_at(const struct app *app, uint64_t row)
{
    return &pivots_state_of(app)->made.processes[row];
}

static struct list *list(struct app *app)
{
    return &pivots_state_of(app)->lists[PIVOT_PROCESSES];
}

static uint64_t count(struct app *app)
{
    return pivots_have_rows(app, PIVOT_PROCESSES) ? pivots_state_of(app)->made.n : 0;
}

static void add_program(const struct pivot_process *process, struct view_cell *out)
{
    enum { INDENT_MOST = 20 };
    for (uint32_t i = 0; i < process->depth && i < INDENT_MOST; i++)
        buf_add(&out->text, bytes_of("  "));
    buf_add(&out->text,
            process->program.n ? process->program : bytes_of("(no execve in the logs)"));
    buf_add(&out->tail, process->argv);
    if (!process->times)
        out->role = ROLE_DIM;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct pivot_process *process = process_at(app, row);
    switch (column) {
    case COLUMN_PID:
        if (process->pid)
            buf_printf(&out->text, "%d", process->pid);
        break;
    case COLUMN_FILES:
        format_count(process->n_files, &out->text);
        break;
    case COLUMN_FAILED:
        format_count(process->n_failed, &out->text);
        break;
    case COLUMN_TIMES:
        format_count(process->times, &out->text);
        break;
    default:
        add_program(process, out);
        return;
    }
    if (!process->times)
        out->role = ROLE_DIM;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    const struct pivot_process *process = process_at(app, row);
    buf_printf(out, "%d ", process->pid);
    buf_add(out, process->program);
    buf_byte(out, ' ');
    buf_add(out, process->argv);
}

static void narrow(struct app *app, uint32_t process, enum pivot_by by)
{
    struct pivot_filter filter = pivots_state_of(app)->filter;
    filter.process = process;
    pivots_state_of(app)->anchor = 0;
    pivots_show(app, by);
    pivots_set_filter(app, &filter);
}

static bool act(struct app *app, enum action action)
{
    uint64_t row = list(app)->cursor;
    const struct pivot_process *process = row < count(app) ? process_at(app, row) : NULL;
    if (process && action == ACTION_OPEN)
        return narrow(app, process->process, PIVOT_PATHS), true;
    if (process && action == ACTION_LINES)
        return narrow(app, process->process, PIVOT_LINES), true;
    return pivots_act(app, action, process ? process->line : UINT32_MAX);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    const struct pivot_process *process = process_at(app, row);
    if (process->program.n)
        propose_path(process->program, out);
}

static const char *empty(struct app *app)
{
    return pivots_empty(app, "No process is in the logs.");
}

static const enum action takes[] = {TAKES_PIVOT, ACTION_OPEN, ACTION_LINES, ACTION_NONE};

const struct view view_processes = {
    .id = VIEW_ID_processes,
    .title = "Trace",
    .tab = &view_trace,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .propose = propose,
    .summary = pivots_add_summary,
    .hint = ". failed look-ups  Enter paths  L lines  ? help  e c t limits  0 no limits  / search",
};
