/* SPDX-License-Identifier: MIT
 *
 * How far a load or an extraction is, on standard error: a bar on a terminal, a line for each phase
 * otherwise.
 */
#ifndef XSMALL_TUI_CLI_PROGRESS_LINE_H
#define XSMALL_TUI_CLI_PROGRESS_LINE_H

#include "threads/task.h"

/* From here on SIGINT and SIGTERM cancel what is watched, now or later. */
void progress_line_catch(void);
/* Until is_over(with), set by another thread; wake is an eventfd that is written then. quiet:
 * nothing is printed. */
void progress_line_watch(struct progress *progress, int wake, bool (*is_over)(void *with),
                         void *with, bool quiet);
/* Runs a task and waits for it; SIGINT and SIGTERM cancel it. */
bool progress_line_run(task_run *run, void *with, bool quiet, struct err *err);

#endif
