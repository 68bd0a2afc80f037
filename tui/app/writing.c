/* SPDX-License-Identifier: MIT */
#include "app/app.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "screen/format.h"

static bool begin(struct app *app, task_run *run, void *with, struct bytes dir)
{
    struct err err;
    app->writing.dir = mem_dup(dir);
    app->writing.extraction.dir = app->writing.exporting.dir = app->writing.dir;
    if (task_start(run, with, app->wake, &app->writing.task, &err))
        return true;
    app_say(app, ROLE_ERROR, "%s", err.text);
    free(app->writing.dir);
    return false;
}

static bool can_start(struct app *app)
{
    if (app->writing.task)
        app_say(app, ROLE_ERROR, "another export or extraction is running; Esc cancels it");
    return !app->writing.task;
}

void writing_extract(struct app *app, uint32_t node, struct bytes dir)
{
    struct writing *w = &app->writing;
    if (!can_start(app))
        return;
    w->is_export = false;
    w->node = node;
    w->extraction = (struct extraction){.session_path = app->session_path,
                                        .tree = app->session->subject,
                                        .nodes = &w->node,
                                        .n = 1};
    begin(app, extraction_run, &w->extraction, dir);
}

/* Returns true if no file of an export exists in dir, so that no file is overwritten. */
static bool has_no_export(struct app *app, struct bytes dir)
{
    static const char *const names[] = {"Dockerfile", "rootfs.tar", "image.tar"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        BUF_AUTO struct buf path = {0};
        buf_add(&path, dir);
        buf_printf(&path, "/%s", names[i]);
        if (!faccessat(AT_FDCWD, path.p, F_OK, AT_SYMLINK_NOFOLLOW)) {
            app_say(app, ROLE_ERROR, "%s: file exists; choose another directory", path.p);
            return false;
        }
    }
    return true;
}

void writing_export(struct app *app, struct bytes dir, const struct export_request *request)
{
    struct writing *w = &app->writing;
    if (!can_start(app) || !has_no_export(app, dir))
        return;
    w->is_export = true;
    w->exporting = (struct exporting){.session_path = app->session_path, .request = *request};
    begin(app, exporting_run, &w->exporting, dir);
}

bool writing_is_going(const struct app *app)
{
    return app->writing.task;
}

void writing_cancel(struct app *app)
{
    atomic_store(&task_progress(app->writing.task)->cancel, true);
}

static void report_extraction(struct app *app, const struct extract_result *result)
{
    BUF_AUTO struct buf text = {0};
    format_bytes(result->bytes, &text);
    app_say(app, ROLE_KEEP, "%u entr%s extracted, %s%s", result->n_written,
            result->n_written == 1 ? "y" : "ies", text.p,
            result->n_left_out ? "; not all owners and attributes could be set" : "");
}

static void finish(struct app *app)
{
    struct writing *w = &app->writing;
    struct err err;
    bool ok = task_finish(w->task, &err);
    w->task = NULL;
    if (!ok && err.kind == ERR_CANCELLED)
        app_say(app, ROLE_DIM,
                w->is_export ? "export cancelled; no file was written"
                             : "extraction cancelled; files extracted so far remain");
    else if (!ok)
        app_say(app, ROLE_ERROR, "%s", err.text);
    else if (w->is_export)
        app_say(app, ROLE_KEEP, "form %s written to %s", w->exporting.text.form->name, w->dir);
    else
        report_extraction(app, &w->extraction.result);
    exporting_finish(&w->exporting);
    free(w->dir);
}

void writing_turn(struct app *app)
{
    if (app->writing.task && task_is_over(app->writing.task))
        finish(app);
}

void writing_forget(struct app *app)
{
    if (!app->writing.task)
        return;
    writing_cancel(app);
    finish(app);
}
