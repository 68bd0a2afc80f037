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

struct job *view_export_job(struct app *app)
{
    struct err err = {0};
    app->export_wanted = false;
    if (!app->session->keep)
        return NULL;
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_EXPORT;
    job->form = app->form;
    job->why = app->export_why;
    job->of = app->session->keep;
    if (!session_names(app->session, &job->subject, &job->base, &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        job_destroy(job);
        return NULL;
    }
    return job;
}

void view_export_take(struct app *app, struct job *job)
{
    enum export_form asked = app->form;
    free(app->export_lines);
    buf_finish(&app->export);
    app->export = job->text;
    job->text = (struct buf){0};
    app->export_ok = job->ok;
    if (job->ok && asked == EXPORT_AUTO)
        app->form = job->form; /* the first one: the one proposed */
    if (!job->ok) {
        buf_clear(&app->export);
        buf_printf(&app->export, "%s: %s\n", export_form_name(job->form), job->err.text);
    }
    split_rows(buf_bytes(&app->export), &app->export_lines, &app->n_export_lines);
}

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

bool view_export_write(struct app *app, const char *path, struct err *err)
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

static bool has_comments(enum export_form form)
{
    return form == EXPORT_STAGE || form == EXPORT_TAR || form == EXPORT_COPY;
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
        app->form = app->form + 1 == N_EXPORT_FORMS ? EXPORT_PLAN : app->form + 1;
        write_anew(app);
        app_say(app, ROLE_DIM, "form %s", export_form_name(app->form));
        return true;
    }
    if (action == ACTION_REASONS && !has_comments(app->form)) {
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
    if (export_has_files(app->form) && app->export_ok)
        app_ask(app, PROMPT_EXPORT, bytes_of("slim"));
    else
        app_ask(app, PROMPT_FILE, bytes_of(export_text_name(app->form)));
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
