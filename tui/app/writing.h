/* SPDX-License-Identifier: MIT
 *
 * What is written into a directory while the screen lives on: files copied out of the image, an
 * export with more than its text. One at a time.
 */
#ifndef XSMALL_TUI_APP_WRITING_H
#define XSMALL_TUI_APP_WRITING_H

#include "threads/exporter.h"
#include "threads/extractor.h"
#include "threads/task.h"

struct app;

struct writing {
    struct task *task; /* owned; NULL: nothing is being written */
    bool is_export;
    char *dir; /* owned */
    uint32_t node;
    struct extraction extraction;
    struct exporting exporting;
};

/* A node with all below it. */
void writing_extract(struct app *app, uint32_t node, struct bytes dir);
/* The files of an export; request is copied. */
void writing_export(struct app *app, struct bytes dir, const struct export_request *request);
bool writing_is_going(const struct app *app);
void writing_cancel(struct app *app);
void writing_turn(struct app *app); /* takes what has been done */
/* The session is read anew, or the end: what goes on is ended. */
void writing_forget(struct app *app);

#endif
