/* SPDX-License-Identifier: MIT
 *
 * What the export writes, form by form; and plain text in pages (why, help).
 */
#include "app.h"

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

/* The export as text, or why there is none; warnings first. */
static void write_export(struct app *app, struct buf *out)
{
    BUF_AUTO struct buf subject = {0}, base = {0}, text = {0}, warnings = {0};
    struct err err = {0};
    enum export_form used = app->form;
    if (!xsmall_names(app->x, &subject, &base, &err)) {
        buf_add(out, bytes_of(err.text));
        return;
    }
    struct export_request request = {
        .form = app->form, .subject_name = buf_bytes(&subject), .base_name = buf_bytes(&base)};
    struct keep_input input = xsmall_keep_input(app->x);
    if (!export_write(&request, &input, app->x->keep, &text, &used, &warnings, &err)) {
        buf_printf(out, "form %s: %s\n", export_form_name(app->form), err.text);
        return;
    }
    app->form = used;
    buf_add(out, buf_bytes(&text));
}

void view_export_rebuild(struct app *app)
{
    free(app->export_lines);
    app->export_lines = NULL;
    app->n_export_lines = 0;
    buf_clear(&app->export);
    if (!app->x->keep)
        return;
    write_export(app, &app->export);
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
    if (bytes_starts(line, bytes_of("#")))
        out->role = ROLE_DIM;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, app->export_lines[row]);
}

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_CYCLE) {
        app->form = app->form == EXPORT_LIST ? EXPORT_STAGE : app->form + 1;
        app->export_list = (struct list){0};
        view_export_rebuild(app);
        app_say(app, ROLE_DIM, "form %s", export_form_name(app->form));
        return true;
    }
    if (action != ACTION_WRITE)
        return false;
    app_ask(app, PROMPT_FILE, bytes_of(app->form == EXPORT_LIST ? "list.txt" : "Dockerfile"));
    return true;
}

static const char *empty(struct app *app)
{
    return app->x->subject ? "nothing to export yet" : "no image is loaded";
}

const struct view view_export = {"Export", columns, 1, list, count, cell, text, act, empty};

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

static bool text_act(struct app *app, enum action action)
{
    if (action != ACTION_CLOSE && action != ACTION_QUIT && action != ACTION_HELP)
        return false;
    app_open(app, app->back);
    return true;
}

static const char *text_empty(struct app *app)
{
    (void)app;
    return "";
}

const struct view view_text = {"",        columns,   1,        text_list, text_count,
                               text_cell, text_text, text_act, text_empty};
