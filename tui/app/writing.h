/* SPDX-License-Identifier: MIT
 *
 * Writes files to a directory in the background: files extracted from the image, or an export. Only
 * one such task runs at a time.
 */
#ifndef XSMALL_TUI_APP_WRITING_H
#define XSMALL_TUI_APP_WRITING_H

#include "threads/exporter.h"
#include "threads/extractor.h"
#include "threads/task.h"

struct app;

struct writing {
    struct task *task; /* owned; NULL: no task is running */
    bool is_export;
    char *dir; /* owned */
    uint32_t node;
    struct extraction extraction;
    struct exporting exporting;
};

/* Extracts a node and everything below it to dir. */
void writing_extract(struct app *app, uint32_t node, struct bytes dir);
/* Writes the files of an export to dir; request is copied. */
void writing_export(struct app *app, struct bytes dir, const struct export_request *request);
bool writing_is_going(const struct app *app);
void writing_cancel(struct app *app);
void writing_turn(struct app *app); /* reports the result of a finished task */
/* Cancels a running task and waits for its end. Call before the session is closed. */
void writing_forget(struct app *app);

#endif
