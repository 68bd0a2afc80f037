/* SPDX-License-Identifier: MIT
 *
 * Runs long work on a separate thread, with progress, cancellation and a result.
 *
 *     struct task *task;
 *     if (!task_start(extraction_run, &extraction, wake, &task, err)) …
 *     … until task_is_over(task) …
 *     ok = task_finish(task, err);
 */
#ifndef XSMALL_TUI_THREADS_TASK_H
#define XSMALL_TUI_THREADS_TASK_H

#include "util/err.h"
#include "util/progress.h"

struct task;
/* Does the work. Must end soon, with err_cancelled, after progress->cancel was set. */
typedef bool task_run(void *with, struct progress *progress, struct err *err);

/* Starts the work. with is borrowed until task_finish; wake, an eventfd, is written at the end. */
bool task_start(task_run *run, void *with, int wake, struct task **out, struct err *err);
struct progress *task_progress(struct task *task);
bool task_is_over(struct task *task);
/* Waits for the end and frees the task. Returns false with err if the work failed. */
bool task_finish(struct task *task, struct err *err);

#endif
