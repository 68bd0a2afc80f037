/* SPDX-License-Identifier: MIT
 *
 * The explorer's second thread: runs one job (job.h) at a time, so that no key waits. The screen's
 * thread takes the result when the wake-up descriptor is written. The worker knows no kind of job.
 *
 * It works on the immutable parts of a struct session, which must stay until worker_stop.
 */
#ifndef XSMALL_TUI_THREADS_WORKER_H
#define XSMALL_TUI_THREADS_WORKER_H

#include "threads/job.h"

struct worker;
/* wake is an eventfd that is written when a job is over. */
bool worker_start(const struct session *session, int wake, struct worker **out, struct err *err);
/* Cancels and waits. NULL is allowed. */
void worker_stop(struct worker *worker);
bool worker_is_idle(const struct worker *worker); /* no job runs, and no result waits */
/* The job that runs, or NULL; its type, input and cancel may be used. */
struct job *worker_running(struct worker *worker);
void worker_give(struct worker *worker, struct job *job); /* takes it over; must be idle */
struct job *worker_take(struct worker *worker);           /* a finished job, yours; or NULL */

#endif
