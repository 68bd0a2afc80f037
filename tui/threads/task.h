/* SPDX-License-Identifier: MIT
 *
 * A piece of long work on a thread of its own: how far it is, cancel, and what became of it.
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
/* progress->cancel is to end it soon, with err_cancelled. */
typedef bool task_run(void *with, struct progress *progress, struct err *err);

/* with is borrowed until task_finish; wake, an eventfd, is written at the end. */
bool task_start(task_run *run, void *with, int wake, struct task **out, struct err *err);
struct progress *task_progress(struct task *task);
bool task_is_over(struct task *task);
/* Waits; false with err if it failed. Frees it. */
bool task_finish(struct task *task, struct err *err);

#endif
