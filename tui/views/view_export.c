/* SPDX-License-Identifier: MIT
 *
 * What the export writes, form by form; and plain text in pages (why, help).
 */
#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const struct column columns[] = {{"", 0, false, 0}};

void split_rows(struct bytes text, struct bytes **rows, size_t *n)
{
    size_t cap = 0;
    *rows = NULL;
    *n = 0;
    while (text.n) {
        ARRAY_ROOM(*rows, *n, cap);
        (*rows)[*n] = bytes_from(text.p, bytes_index(text, '\n'));
        text = bytes_skip(text, (*rows)[*n].n + 1);
        ++*n;
    }
}

/* The job that writes the text. */
struct export_work {
    const struct export_form *form; /* NULL: to be chosen */
    bool why;                       /* with comments that say why */
    const struct keep *keep;  /* borrowed: it is replaced only when another job is delivered */
    struct buf subject, base; /* names for FROM; owned */
    struct export_text text;  /* the result; owned. Warnings are comments in the text too */
};

static bool job_wanted(const struct app *app)
{
    return app->view == &view_export && app->export_wanted;
}

static bool job_input(struct app *app, struct job *job)
{
    struct err err = {0};
    struct export_work *work = job->work;
    app->export_wanted = false;
    if (!app->session->keep)
        return false;
    work->form = app->form;
    work->why = app->export_why;
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
    MOVES_AUTO struct map_rules *moves = NULL;
    struct mapped_tree moved = {0};
    bool ok = map_rules_read(tools->db, &moves, &job->err) &&
              mapped_tree_make(&moved, &input, work->keep, moves, &job->err) &&
              export_write(&request, &moved, &work->text, &job->err);
    mapped_tree_finish(&moved);
    return ok;
}

static void job_deliver(struct app *app, struct job *job)
{
    struct export_work *work = job->work;
    const struct export_form *asked = app->form;
    free(app->export_lines);
    buf_finish(&app->export);
    app->export = work->text.text;
    work->text.text = (struct buf){0};
    app->export_ok = job->ok;
    if (job->ok && !asked)
        app->form = work->text.form; /* the first one: the one proposed */
    if (!job->ok) {
        buf_clear(&app->export);
        buf_printf(&app->export, "%s: %s\n", export_form_name(work->text.form), job->err.text);
    }
    split_rows(buf_bytes(&app->export), &app->export_lines, &app->n_export_lines);
}

static void job_finish(void *with)
{
    struct export_work *work = with;
    buf_finish(&work->subject);
    buf_finish(&work->base);
    export_text_finish(&work->text);
}

static const struct job_type job_export = {
    .name = "text of the export",
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

static bool write_all(int file, struct bytes text)
{
    while (text.n) {
        ssize_t n = write(file, text.p, text.n);
        if (n < 0 && errno != EINTR)
            return false;
        text = bytes_skip(text, n > 0 ? (size_t)n : 0);
    }
    return true;
}

static bool write_file(struct app *app, const char *path, struct err *err)
{
    if (!app->export_ok || app->export_wanted)
        return err_set(err, "%s: there is nothing to write in this form", path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return err_sys(err, "%s", path);
    bool ok = write_all(file, buf_bytes(&app->export));
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
        app_say(app, ROLE_KEEP, "%s written", path);
    else
        app_say(app, ROLE_ERROR, "%s", err.text);
}

static const struct prompt_type file_prompt = {.label = " write to: ", .accepted = file_accepted};
/* The directory of a form that writes more than its text. */
static const struct prompt_type directory_prompt = {
    .label = " write into directory: ", .ignores_empty = true, .accepted = writing_export};

static struct list *list(struct app *app)
{
    return &app->export_list;
}

static uint64_t count(struct app *app)
{
    return app->n_export_lines;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    struct bytes line = app->export_lines[row];
    buf_add(&out->text, line);
    if (!app->export_ok)
        out->role = ROLE_ERROR;
    else if (bytes_starts(line, bytes_of("#")))
        out->role = ROLE_DIM;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, app->export_lines[row]);
}

/* Another text, from its begin. */
static void write_anew(struct app *app)
{
    app->export_list = (struct list){0};
    app->export_wanted = true;
}

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_CYCLE) {
        app->form = export_form_next(app->form);
        write_anew(app);
        app_say(app, ROLE_DIM, "form %s", export_form_name(app->form));
        return true;
    }
    if (action == ACTION_REASONS && !export_form_has_reasons(app->form)) {
        app_say(app, ROLE_DIM, "form %s has no comments", export_form_name(app->form));
        return true;
    }
    if (action == ACTION_REASONS) {
        app->export_why = !app->export_why;
        write_anew(app);
        app_say(app, ROLE_DIM, app->export_why ? "with reasons" : "without reasons");
        return true;
    }
    if (action != ACTION_WRITE && action != ACTION_WHY) /* w: no path here to ask about */
        return false;
    if (export_form_has_archive(app->form) && app->export_ok)
        prompt_open(app, &directory_prompt, bytes_of("slim"));
    else
        prompt_open(app, &file_prompt, bytes_of(export_form_text_file(app->form)));
    return true;
}

static const char *empty(struct app *app)
{
    return app->session->subject ? "nothing to export yet" : "no image is loaded";
}

static void state(struct app *app, struct buf *out)
{
    buf_add(out, bytes_of(export_form_name(app->form)));
}

static const enum action takes[] = {ACTION_CYCLE, ACTION_REASONS, ACTION_WRITE, ACTION_WHY,
                                    ACTION_NONE};

const struct view view_export = {
    .tab = "Export",
    .columns = columns,
    .n_columns = 1,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .state = state,
    .jobs = jobs,
    .hint = ". form  w write  Y reasons  ? help  q quit  [ ] scroll  p pipeline  u undo",
};

static struct list *text_list(struct app *app)
{
    return &app->text_list;
}

static uint64_t text_count(struct app *app)
{
    return app->n_lines;
}

static void text_cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    buf_add(&out->text, app->lines[row]);
}

static void text_text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, app->lines[row]);
}

static const char *text_empty(struct app *app)
{
    (void)app;
    return "";
}

const struct view view_text = {
    .tab = "",
    .is_overlay = true,
    .columns = columns,
    .n_columns = 1,
    .list = text_list,
    .count = text_count,
    .cell = text_cell,
    .text = text_text,
    .empty = text_empty,
    .hint = "q back  / search",
};
