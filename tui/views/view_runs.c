/* SPDX-License-Identifier: MIT
 *
 * The coverage matrix. The first rows are the runs, with the files that each run adds. The other
 * rows are the files, with the runs that use each file.
 */
#include "app/app.h"
#include "report/coverage.h"
#include "views/registry.h"
#include "views/view_image.h"
#include "views/view_pivots.h"

#include <stdlib.h>

#include "screen/format.h"

enum { COLUMN_RUNS, COLUMN_BYTES, COLUMN_NAME };

static const struct column columns[] = {
    [COLUMN_RUNS] = {"runs", 12, false, 0},
    [COLUMN_BYTES] = {"bytes", 9, true, 60},
    [COLUMN_NAME] = {"run, file", 0, false, 0},
};

enum which { ALL_FILES, NOT_IN_ALL, IN_ONE, N_WHICH };

struct state {
    struct coverage coverage;
    struct coverage_kept kept;
    uint32_t *files; /* listed files: indices in coverage.files; owned */
    size_t n_files;
    enum which which;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_runs);
}

/* Returns whether a file that n_runs runs use is listed. */
static bool is_listed(const struct state *state, uint32_t n_runs)
{
    switch (state->which) {
    case NOT_IN_ALL:
        return n_runs != state->coverage.n_runs;
    case IN_ONE:
        return n_runs == 1;
    default:
        return true;
    }
}

static void list_files(struct state *state)
{
    size_t cap = 0;
    free(state->files);
    state->files = NULL;
    state->n_files = 0;
    for (size_t i = 0; i < state->coverage.n_files; i++) {
        if (!is_listed(state, state->coverage.files[i].n_runs))
            continue;
        ARRAY_ROOM(state->files, state->n_files, cap);
        state->files[state->n_files++] = (uint32_t)i;
    }
}

static bool open_runs(struct app *app, struct err *err)
{
    struct state *state = state_of(app);
    if (app->session->subject && app->decisions.of_keep != app->decisions.now)
        return err_set(err, STILL_COUNTING);
    coverage_finish(&state->coverage);
    state->coverage = (struct coverage){0};
    if (!coverage_read(app->session, &state->coverage, err))
        return false;
    coverage_of_kept(app->session, &state->coverage, &state->kept);
    list_files(state);
    app_open(app, &view_runs);
    return true;
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    const struct state *state = state_of(app);
    return state->coverage.n_runs + state->n_files;
}

/* Returns the file of a row. Returns NULL if the row is a run. */
static const struct coverage_file *file_at(const struct app *app, uint64_t row)
{
    const struct state *state = state_of(app);
    size_t n = state->coverage.n_runs;
    return row < n ? NULL : &state->coverage.files[state->files[row - n]];
}

static void add_run(const struct coverage *coverage, uint64_t row, size_t column,
                    struct view_cell *out)
{
    const struct coverage_run *run = &coverage->runs[row];
    out->role = ROLE_TITLE;
    if (column == COLUMN_RUNS)
        buf_printf(&out->text, "run %u", (unsigned)row + 1);
    else if (column == COLUMN_BYTES)
        format_bytes(run->used.bytes, &out->text);
    if (column != COLUMN_NAME)
        return;
    buf_add(&out->text, run->name);
    format_count(run->used.n_files, &out->tail);
    buf_add(&out->tail, bytes_of(run->used.n_files == 1 ? " file, " : " files, "));
    format_count(run->added.n_files, &out->tail);
    buf_add(&out->tail, bytes_of(" not in earlier runs, "));
    format_count(run->only.n_files, &out->tail);
    buf_add(&out->tail, bytes_of(" in this run only"));
}

/* Appends one character per run, "+" for a run that uses the file. Appends "2 of 20" if the column
 * is too narrow for all runs. */
static void add_marks(const struct coverage *coverage, size_t file, struct buf *out)
{
    if (coverage->n_runs > (size_t)columns[COLUMN_RUNS].width) {
        buf_printf(out, "%u of %zu", coverage->files[file].n_runs, coverage->n_runs);
        return;
    }
    for (size_t run = 0; run < coverage->n_runs; run++)
        buf_add(out, bytes_of(coverage_uses(coverage, file, run) ? "+" : "\xc2\xb7"));
}

static void add_where(const struct coverage *coverage, const struct coverage_file *file,
                      struct buf *out)
{
    if (coverage->n_runs < 2)
        return;
    if (file->n_runs == coverage->n_runs)
        buf_add(out, bytes_of("in all runs"));
    else if (file->n_runs == 1) {
        buf_add(out, bytes_of("only in "));
        buf_add(out, coverage->runs[file->first_run].name);
    }
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct coverage *coverage = &state_of(app)->coverage;
    const struct coverage_file *file = file_at(app, row);
    if (!file) {
        add_run(coverage, row, column, out);
        return;
    }
    switch (column) {
    case COLUMN_RUNS:
        add_marks(coverage, (size_t)(file - coverage->files), &out->text);
        break;
    case COLUMN_BYTES:
        if (file->node != NODE_NONE && app->session->subject->nodes[file->node].kind == NODE_FILE)
            format_bytes(app->session->subject->nodes[file->node].size, &out->text);
        break;
    default:
        buf_add(&out->text, file->path);
        add_where(coverage, file, &out->tail);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    const struct coverage_file *file = file_at(app, row);
    buf_add(out, file ? file->path : state_of(app)->coverage.runs[row].name);
}

/* Appends how many kept files all runs, some runs and no run used. */
static void add_summary(struct app *app, struct buf *out)
{
    const struct state *state = state_of(app);
    if (state->kept.all.n_files + state->kept.some.n_files + state->kept.none.n_files)
        coverage_say_kept(&state->kept, state->coverage.n_runs, out);
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    const struct coverage_file *file = file_at(app, row);
    return file ? file->node : NODE_NONE;
}

static bool act(struct app *app, enum action action)
{
    static const char *const names[] = {"all files", "files that some runs do not use",
                                        "files that only one run uses"};
    struct state *state = state_of(app);
    if (action == ACTION_CYCLE) {
        state->which = (state->which + 1) % N_WHICH;
        state->list = (struct list){0};
        list_files(state);
        app_say(app, ROLE_DIM, "%s", names[state->which]);
        return true;
    }
    uint64_t row = state->list.cursor;
    const struct coverage_file *file = row < count(app) ? file_at(app, row) : NULL;
    if (!file)
        return false;
    if (action == ACTION_LINES)
        return pivots_lines_of(app, file->path, file->node), true;
    if (file->node != NODE_NONE && action == ACTION_OPEN) {
        view_image_open(app, file->node);
        return true;
    }
    return file->node != NODE_NONE && app_act_on_node(app, file->node, action);
}

static void forget(struct app *app, enum view_renewal renewal)
{
    struct state *state = state_of(app);
    (void)renewal;
    coverage_finish(&state->coverage);
    state->coverage = (struct coverage){0};
    state->kept = (struct coverage_kept){0};
    state->n_files = 0;
}

/* Reads the runs again, because the session may have changed. */
static void reopen(struct app *app, const void *place)
{
    struct err err;
    (void)place;
    if (!open_runs(app, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
}

static void finish(struct app *app)
{
    coverage_finish(&state_of(app)->coverage);
    free(state_of(app)->files);
}

static const char *empty(struct app *app)
{
    (void)app;
    return NO_LOG_TEXT;
}

static const enum action takes[] = {TAKES_NODE, ACTION_CYCLE, ACTION_OPEN, ACTION_NONE};

const struct view view_runs = {
    .id = VIEW_ID_runs,
    .title = "Runs",
    .opens = ACTION_RUNS,
    .open = open_runs,
    .is_snapshot = true,
    .state.size = sizeof(struct state),
    .state.forget = forget,
    .state.finish = finish,
    .place.reopen = reopen,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .node = node_at,
    .takes = takes,
    .act = act,
    .empty = empty,
    .summary = add_summary,
    .hint = ". all, not in all, in one run  ? help  Enter show in tree  L lines  Space keep  / "
            "search  q back",
};
