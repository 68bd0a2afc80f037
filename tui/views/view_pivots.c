/* SPDX-License-Identifier: MIT */
#include "views/view_pivots.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "views/registry.h"
#include "chain/line_set.h"

static const struct view *const views[N_PIVOTS] = {[PIVOT_LINES] = &view_trace,
                                                   [PIVOT_PATHS] = &view_paths,
                                                   [PIVOT_PROCESSES] = &view_processes,
                                                   [PIVOT_SEARCHES] = &view_searches};

struct pivots *pivots_state_of(const struct app *app)
{
    return view_state(app, &view_trace);
}

const struct view *pivots_view(const struct app *app)
{
    return views[pivots_state_of(app)->by];
}

void pivots_show(struct app *app, enum pivot_by by)
{
    if (pivots_state_of(app)->by != by)
        pivots_state_of(app)->serial++;
    pivots_state_of(app)->by = by;
    app_open(app, views[by]);
}

void pivots_restore(struct app *app, const struct view *view, const struct pivot_filter *filter,
                    bool all_lines)
{
    struct pivots *pivots = pivots_state_of(app);
    for (enum pivot_by by = 0; by < N_PIVOTS; by++)
        if (views[by] == view)
            pivots->by = by;
    pivots->all_lines = all_lines;
    pivots->filter = *filter;
    pivots->serial++;
}

bool pivots_have_rows(const struct app *app, enum pivot_by by)
{
    const struct pivots *pivots = pivots_state_of(app);
    return pivots->is_made && pivots->made.by == by &&
           (by != PIVOT_LINES || pivots->of_generation == app->decisions.now);
}

bool pivots_filter_lines(const struct app *app)
{
    return pivot_is_filter(&pivots_state_of(app)->filter) && !pivots_state_of(app)->all_lines;
}

/* Returns the row, in the output of the chain, of the line under the cursor of the view by line. */
static uint64_t output_row(const struct app *app)
{
    const struct pivots *pivots = pivots_state_of(app);
    uint64_t cursor = pivots_state_of(app)->lists[PIVOT_LINES].cursor;
    if (!pivots_filter_lines(app))
        return cursor;
    if (!pivots_have_rows(app, PIVOT_LINES))
        return pivots->anchor;
    return cursor < pivots->made.n ? pivots->made.lines[cursor] : 0;
}

void pivots_set_filter(struct app *app, const struct pivot_filter *filter)
{
    uint64_t row = pivots_state_of(app)->all_lines ? 0 : output_row(app);
    pivots_state_of(app)->filter = *filter;
    pivots_state_of(app)->serial++;
    pivots_state_of(app)->anchor = row;
    if (!pivot_is_filter(filter) && !pivots_state_of(app)->all_lines)
        pivots_state_of(app)->lists[PIVOT_LINES] = (struct list){.cursor = row};
    app->dirty = true;
}

void pivots_lines_of(struct app *app, struct bytes path, uint32_t node)
{
    struct pivot_filter filter = pivot_no_filter;
    filter.path = arena_copy(&pivots_state_of(app)->strings, path);
    filter.node = node;
    pivots_state_of(app)->all_lines = false;
    pivots_show(app, PIVOT_LINES);
    pivots_set_filter(app, &filter);
    pivots_state_of(app)->anchor = 0;
}

/* Sets the limit on the call, or clears it if it is set. */
static void toggle_call(struct app *app, const struct access_row *row)
{
    struct pivot_filter filter = pivots_state_of(app)->filter;
    filter.call = filter.call.n
                      ? bytes_of("")
                      : arena_copy(&pivots_state_of(app)->strings, bytes_of(row->type->call));
    pivots_set_filter(app, &filter);
}

static void toggle_process(struct app *app, const struct access_row *row)
{
    struct pivot_filter filter = pivots_state_of(app)->filter;
    filter.process = filter.process == PIVOT_ALL ? row->process : PIVOT_ALL;
    pivots_set_filter(app, &filter);
}

static void toggle_kind(struct app *app, const struct access_row *row)
{
    struct pivot_filter filter = pivots_state_of(app)->filter;
    filter.kind = filter.kind == PIVOT_ALL ? row->type->kind : PIVOT_ALL;
    pivots_set_filter(app, &filter);
}

static bool is_set(const struct pivot_filter *filter, enum action action)
{
    return (action == ACTION_CALL && filter->call.n) ||
           (action == ACTION_PROCESS && filter->process != PIVOT_ALL) ||
           (action == ACTION_KIND && filter->kind != PIVOT_ALL);
}

static bool toggle(struct app *app, enum action action, uint32_t line)
{
    struct access_row row = {0};
    if (action != ACTION_CALL && action != ACTION_PROCESS && action != ACTION_KIND)
        return false;
    size_t index = line == UINT32_MAX ? SIZE_MAX : session_line_access(app->session, line);
    if (index == SIZE_MAX && !is_set(&pivots_state_of(app)->filter, action)) {
        app_say(app, ROLE_DIM, "the call of this line has no path");
        return true;
    }
    if (index != SIZE_MAX)
        row = access_at(app->session->accesses, index);
    if (action == ACTION_CALL)
        toggle_call(app, &row);
    else if (action == ACTION_PROCESS)
        toggle_process(app, &row);
    else
        toggle_kind(app, &row);
    return true;
}

bool pivots_act(struct app *app, enum action action, uint32_t line)
{
    struct pivot_filter filter = pivots_state_of(app)->filter;
    switch (action) {
    case ACTION_CYCLE:
        pivots_show(app, (pivots_state_of(app)->by + 1) % N_PIVOTS);
        return true;
    case ACTION_RESULT:
        filter.outcome = (filter.outcome + 1) % N_OUTCOMES;
        pivots_set_filter(app, &filter);
        return true;
    case ACTION_ALL:
        pivots_set_filter(app, &pivot_no_filter);
        return true;
    default:
        return toggle(app, action, line);
    }
}

/* Returns the first row of the limited lines at or after a row of the output of the chain. */
static uint64_t first_row_from(const struct pivot *lines, uint64_t output)
{
    size_t low = 0, high = lines->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines->lines[middle] < output)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void put_cursor(struct app *app)
{
    if (pivots_state_of(app)->anchor == UINT64_MAX) /* the cursor is in place */
        return;
    uint64_t row = first_row_from(&pivots_state_of(app)->made, pivots_state_of(app)->anchor);
    pivots_state_of(app)->lists[PIVOT_LINES] =
        (struct list){.cursor = row && row == pivots_state_of(app)->made.n ? row - 1 : row};
}

void pivots_reveal_line(struct app *app, uint32_t line)
{
    uint64_t row = view_trace_row(app, line);
    pivots_state_of(app)->all_lines = false;
    pivots_show(app, PIVOT_LINES);
    pivots_state_of(app)->anchor = row;
    pivots_state_of(app)->lists[PIVOT_LINES] = (struct list){.cursor = row};
    if (pivots_filter_lines(app) && pivots_have_rows(app, PIVOT_LINES))
        put_cursor(app);
}

void pivots_line_name(const struct app *app, uint32_t line, struct buf *out)
{
    const struct corpus *corpus = app->session->corpus;
    const struct corpus_log *log = &corpus->logs[corpus_log_of(corpus, line)];
    buf_add(out, log->name);
    buf_printf(out, ":%u", line - log->first_line + 1);
}

void pivots_add_summary(struct app *app, struct buf *out)
{
    static const char *const names[] = {[PIVOT_LINES] = "by line",
                                        [PIVOT_PATHS] = "by path",
                                        [PIVOT_PROCESSES] = "by process",
                                        [PIVOT_SEARCHES] = "failed look-ups"};
    static const char *const outcomes[] = {"", " \xc2\xb7 succeeded", " \xc2\xb7 failed"};
    const struct pivot_filter *filter = &pivots_state_of(app)->filter;
    buf_add(out, bytes_of(names[pivots_state_of(app)->by]));
    buf_add(out, bytes_of(outcomes[filter->outcome]));
    if (filter->call.n) {
        buf_add(out, bytes_of(" \xc2\xb7 "));
        buf_add(out, filter->call);
    }
    if (filter->kind != PIVOT_ALL)
        buf_printf(out, " \xc2\xb7 %s", access_kind_name((enum access_kind)filter->kind));
    if (filter->process != PIVOT_ALL)
        buf_printf(out, " \xc2\xb7 pid %d", app->session->accesses->processes[filter->process].pid);
    if (filter->path.n) {
        buf_add(out, bytes_of(" \xc2\xb7 "));
        buf_add(out, filter->path);
    }
    if (pivots_state_of(app)->all_lines && pivots_state_of(app)->by == PIVOT_LINES &&
        pivot_is_filter(filter))
        buf_add(out, bytes_of(" (limits are off while hidden lines are shown)"));
}

const char *pivots_empty(struct app *app, const char *none)
{
    if (!app->session->corpus->n_logs)
        return NO_LOG_TEXT;
    if (app->session->chain_err.kind != ERR_NONE)
        return app->session->chain_err.text;
    bool made = pivots_state_of(app)->by != PIVOT_LINES || pivots_filter_lines(app);
    if (made && !pivots_have_rows(app, pivots_state_of(app)->by))
        return "counting ...";
    return pivot_is_filter(&pivots_state_of(app)->filter)
               ? "Nothing matches the limits. The key 0 clears them."
               : none;
}

void pivots_list_searches(struct app *app)
{
    struct pivots *pivots = pivots_state_of(app);
    const struct pivot *made = &pivots->made;
    size_t cap = 0;
    free(pivots->rows);
    pivots->rows = NULL;
    pivots->n_rows = 0;
    for (uint32_t i = 0; i < made->n; i++) {
        const struct pivot_search *search = &made->searches[i];
        uint32_t n = pivots->open[i] ? search->n : 0;
        for (uint32_t k = 0; k <= n; k++) {
            ARRAY_ROOM(pivots->rows, pivots->n_rows, cap);
            pivots->rows[pivots->n_rows++] =
                (struct search_row){i, k ? search->first + k - 1 : UINT32_MAX};
        }
    }
}

/* The job that computes the rows. */
struct pivots_work {
    roaring_bitmap_t *survivors; /* copy of the matching lines; owned; NULL: not known */
    uint32_t *logs;              /* as in pivot_input; owned */
    size_t n_logs;
    struct pivot_filter filter;
    enum pivot_sort sort;
    uint64_t serial;               /* pivots.serial when the job started */
    const struct uses *known_uses; /* borrowed; only the delivery of this job replaces it; NULL: the
                                      job counts the uses */
    /* The result; owned: the rows (the input sets pivot.by), and the uses if the job counted them.
     */
    struct pivot pivot;
    struct uses uses;
};

static bool job_wanted(const struct app *app)
{
    const struct pivots *pivots = pivots_state_of(app);
    bool lines = app->view == &view_trace && pivots_filter_lines(app);
    bool shown = lines || (app->view == views[pivots->by] && pivots->by != PIVOT_LINES);
    return shown && app->decisions.evaluated && app->session->corpus->n_logs &&
           app->session->chain_err.kind == ERR_NONE &&
           (!pivots->is_made || pivots->of_serial != pivots->serial ||
            pivots->of_generation != app->decisions.now);
}

static bool job_input(struct app *app, struct job *job)
{
    struct pivots_work *work = job->work;
    const struct pivots *pivots = pivots_state_of(app);
    const struct chain *chain = app->session->chain;
    const roaring_bitmap_t *survivors = chain_survivors(chain);
    struct bytes ignored;
    work->survivors = line_set_copy(survivors);
    work->n_logs = chain_n_selected(chain);
    work->logs = mem_array(NULL, work->n_logs + 1, sizeof *work->logs);
    for (size_t i = 0; i < work->n_logs; i++)
        work->logs[i] = chain_selected(chain, i, &ignored);
    work->pivot.by = pivots->by;
    work->filter = pivots->filter;
    work->sort = pivots->sort;
    work->serial = pivots->serial;
    work->known_uses = pivots->uses_of == app->decisions.now ? &pivots->uses : NULL;
    return true;
}

static bool job_run(const struct job_tools *tools, struct job *job)
{
    struct pivots_work *work = job->work;
    const struct session *session = tools->session;
    struct pivot_input input = {.corpus = session->corpus,
                                .accesses = session->accesses,
                                .line_paths = session->line_paths,
                                .subject = session->subject,
                                .reader = tools->reader,
                                .db = tools->db,
                                .survivors = work->survivors,
                                .logs = work->logs,
                                .n_logs = work->n_logs,
                                .cancel = &job->cancel};
    bool lines = work->pivot.by == PIVOT_LINES;
    const struct uses *uses = lines || work->known_uses ? work->known_uses : &work->uses;
    if ((!lines && !work->known_uses && !uses_count(&input, &work->uses, &job->err)) ||
        !pivot_make(&input, uses, &work->filter, &work->pivot, &job->err))
        return false;
    if (work->pivot.by == PIVOT_PATHS)
        pivot_sort_paths(&work->pivot, work->sort, session->accesses, session->subject);
    return true;
}

static bool job_is_stale(const struct app *app, const struct job *job)
{
    const struct pivots_work *work = job->work;
    return work->serial != pivots_state_of(app)->serial || job_is_of_old_decisions(app, job);
}

static void job_deliver(struct app *app, struct job *job)
{
    struct pivots_work *work = job->work;
    struct pivots *pivots = pivots_state_of(app);
    if (work->uses.times) {
        uses_finish(&pivots->uses);
        pivots->uses = work->uses;
        pivots->uses_of = job->generation;
        work->uses = (struct uses){0};
    }
    pivot_finish(&pivots->made);
    pivots->made = work->pivot;
    work->pivot = (struct pivot){0};
    pivots->is_made = true;
    pivots->of_serial = work->serial;
    pivots->of_generation = job->generation;
    if (pivots->by == PIVOT_SEARCHES) {
        free(pivots->open);
        pivots->open = mem_zero(pivots->made.n + 1, 1);
        pivots_list_searches(app);
    }
    if (pivots->by == PIVOT_LINES)
        put_cursor(app);
}

static void job_finish(void *with)
{
    struct pivots_work *work = with;
    if (work->survivors)
        line_set_free(work->survivors);
    free(work->logs);
    pivot_finish(&work->pivot);
    uses_finish(&work->uses);
}

static const struct job_type job_pivots = {
    .name = "rows of the trace",
    .work_size = sizeof(struct pivots_work),
    .urgency = URGENCY_ROWS,
    .yields_to = URGENCY_TYPING,
    .wants = job_wanted,
    .take_input = job_input,
    .run = job_run,
    .is_stale = job_is_stale,
    .deliver = job_deliver,
    .finish = job_finish,
};
const struct job_type *const pivots_jobs[] = {&job_pivots, NULL};
