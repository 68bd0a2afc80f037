/* SPDX-License-Identifier: MIT
 *
 * Shows the text of the export in one form, such as a Dockerfile, and writes it to files.
 */
#include "app/app.h"
#include "rows/text_rows.h"
#include "views/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/write_all.h"

static const struct column columns[] = {{"", 0, false, 0}};

struct state {
    const struct export_form *form; /* NULL: the job chooses a form */
    bool with_reasons;
    bool wanted;    /* the text is outdated and must be computed again */
    bool is_export; /* text is an export; false: text is an error message */
    struct buf text;
    struct bytes *rows; /* rows of text; owned */
    size_t n;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_export);
}

/* The job that computes the text. */
struct export_work {
    const struct export_form *form; /* NULL: choose a form */
    bool why;                       /* write comments with reasons */
    const struct keep *keep;        /* borrowed; only the delivery of another job replaces it */
    struct buf subject, base;       /* names for FROM; owned */
    struct export_text text;        /* the result, which has the warnings as comments; owned */
};

static bool job_wanted(const struct app *app)
{
    return app->view == &view_export && state_of(app)->wanted;
}

static bool job_input(struct app *app, struct job *job)
{
    struct err err = {0};
    struct export_work *work = job->work;
    struct state *state = state_of(app);
    state->wanted = false;
    if (!app->session->keep)
        return false;
    work->form = state->form;
    work->why = state->with_reasons;
    work->keep = app->session->keep;
    if (!session_names(app->session, &work->subject, &work->base, &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        return false;
    }
    return true;
}

static bool job_run(const struct job_tools *tools, struct job *job)
{
    struct export_work *work = job->work;
    struct keep_input input = job_keep_input(tools, job);
    struct export_request request = {.form = work->form,
                                     .why = work->why,
                                     .subject_name = buf_bytes(&work->subject),
                                     .base_name = buf_bytes(&work->base)};
    MAP_RULES_AUTO struct map_rules *rules = NULL;
    struct mapped_tree mapped = {0};
    bool ok = map_rules_read(tools->db, &rules, &job->err) &&
              mapped_tree_make(&mapped, &input, work->keep, rules, &job->err) &&
              export_write(&request, &mapped, &work->text, &job->err);
    mapped_tree_finish(&mapped);
    return ok;
}

static void job_deliver(struct app *app, struct job *job)
{
    struct export_work *work = job->work;
    struct state *state = state_of(app);
    free(state->rows);
    buf_finish(&state->text);
    state->text = work->text.text;
    work->text.text = (struct buf){0};
    state->is_export = job->ok;
    if (job->ok && !state->form)
        state->form = work->text.form; /* keep the form that the job chose */
    if (!job->ok) {
        buf_clear(&state->text);
        buf_printf(&state->text, "%s: %s\n", export_form_name(work->text.form), job->err.text);
    }
    text_rows_split(buf_bytes(&state->text), &state->rows, &state->n);
}

static void job_finish(void *with)
{
    struct export_work *work = with;
    buf_finish(&work->subject);
    buf_finish(&work->base);
    export_text_finish(&work->text);
}

static const struct job_type job_export = {
    .name = "export",
    .work_size = sizeof(struct export_work),
    .urgency = URGENCY_TEXT,
    .failure = FAILURE_DELIVERED,
    .wants = job_wanted,
    .take_input = job_input,
    .run = job_run,
    .deliver = job_deliver,
    .finish = job_finish,
};
static const struct job_type *const jobs[] = {&job_export, NULL};

static bool write_file(struct app *app, const char *path, struct err *err)
{
    const struct state *state = state_of(app);
    if (!state->is_export || state->wanted)
        return err_set(err, "%s: not written; the export is not complete", path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return err_sys(err, "%s", path);
    bool ok = write_all(file, buf_bytes(&state->text));
    if (close(file) || !ok) {
        err_sys(err, "%s", path);
        unlink(path);
        return false;
    }
    return true;
}

static void file_accepted(struct app *app, struct bytes typed)
{
    struct err err;
    MEM_AUTO char *path = mem_dup(typed);
    if (write_file(app, path, &err))
        app_say(app, ROLE_KEEP, "%s: written", path);
    else
        app_say(app, ROLE_ERROR, "%s", err.text);
}

static void directory_accepted(struct app *app, struct bytes dir)
{
    const struct state *state = state_of(app);
    writing_export(app, dir,
                   &(struct export_request){.form = state->form, .why = state->with_reasons});
}

static const struct prompt_type file_prompt = {.label = " write to file: ",
                                               .accepted = file_accepted};
/* Reads the output directory of a form that writes more files than the text. */
static const struct prompt_type directory_prompt = {
    .label = " write to directory: ", .ignores_empty = true, .accepted = directory_accepted};

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->n;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    struct bytes line = state_of(app)->rows[row];
    buf_add(&out->text, line);
    if (!state_of(app)->is_export)
        out->role = ROLE_ERROR;
    else if (bytes_starts(line, bytes_of("#")))
        out->role = ROLE_DIM;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, state_of(app)->rows[row]);
}

/* Requests a new text and moves to its first row. */
static void request_text(struct state *state)
{
    state->list = (struct list){0};
    state->wanted = true;
}

static void want(struct app *app)
{
    state_of(app)->wanted = true;
}

static void finish(struct app *app)
{
    free(state_of(app)->rows);
    buf_finish(&state_of(app)->text);
}

static bool act(struct app *app, enum action action)
{
    struct state *state = state_of(app);
    if (action == ACTION_CYCLE) {
        state->form = export_form_next(state->form);
        request_text(state);
        app_say(app, ROLE_DIM, "export form: %s", export_form_name(state->form));
        return true;
    }
    if (action == ACTION_REASONS && !export_form_has_reasons(state->form)) {
        app_say(app, ROLE_DIM, "form %s: has no comments with reasons",
                export_form_name(state->form));
        return true;
    }
    if (action == ACTION_REASONS) {
        state->with_reasons = !state->with_reasons;
        request_text(state);
        app_say(app, ROLE_DIM, "comments with reasons: %s",
                state->with_reasons ? "shown" : "hidden");
        return true;
    }
    if (action != ACTION_WRITE && action != ACTION_WHY) /* w also writes */
        return false;
    if (export_form_has_archive(state->form) && state->is_export)
        prompt_open(app, &directory_prompt, bytes_of("slim"));
    else
        prompt_open(app, &file_prompt, bytes_of(export_form_text_file(state->form)));
    return true;
}

static const char *empty(struct app *app)
{
    return app->session->subject ? "computing the export ..." : NO_IMAGE_TEXT;
}

static void add_summary(struct app *app, struct buf *out)
{
    buf_add(out, bytes_of(export_form_name(state_of(app)->form)));
}

static const enum action takes[] = {ACTION_CYCLE, ACTION_REASONS, ACTION_WRITE, ACTION_WHY,
                                    ACTION_NONE};

const struct view view_export = {
    .id = VIEW_ID_export,
    .title = "Export",
    .tab = &view_export,
    .opens = ACTION_VIEW_EXPORT,
    .opened = want,
    .state.size = sizeof(struct state),
    .state.init = want,
    .state.refresh = want,
    .state.finish = finish,
    .columns = columns,
    .n_columns = 1,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .summary = add_summary,
    .jobs = jobs,
    .hint = ". next form  w write  Y reasons  ? help  q quit  [ ] scroll  p pipeline  u undo",
};
