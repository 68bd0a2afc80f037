/* SPDX-License-Identifier: MIT
 *
 * The progress of a load or an extraction, on standard error: a bar on a terminal, else one line
 * for each phase.
 */
#ifndef XSMALL_TUI_CLI_PROGRESS_LINE_H
#define XSMALL_TUI_CLI_PROGRESS_LINE_H

#include "threads/task.h"

/* Prints the progress until is_over(with) returns true. wake is an eventfd that the other thread
 * writes when the work is over. quiet: prints nothing. A signal (interrupt.h) cancels the work. */
void progress_line_watch(struct progress *progress, int wake, bool (*is_over)(void *with),
                         void *with, bool quiet);
/* Runs a task, prints its progress and waits for its end. A signal cancels it. */
bool progress_line_run(task_run *run, void *with, bool quiet, struct err *err);

#endif
