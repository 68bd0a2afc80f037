/* SPDX-License-Identifier: MIT
 *
 * The worker thread of the explorer: runs one job (job.h) at a time, so that keys are handled at
 * once. It writes the wake-up descriptor when a job has ended; the screen's thread then takes the
 * result. The worker does not depend on the type of the job.
 *
 * Jobs read the immutable parts of the session, which must exist until worker_stop.
 */
#ifndef XSMALL_TUI_THREADS_WORKER_H
#define XSMALL_TUI_THREADS_WORKER_H

#include "threads/job.h"

struct worker;
/* Starts the thread. wake is an eventfd that is written when a job has ended. */
bool worker_start(const struct session *session, int wake, struct worker **out, struct err *err);
/* Cancels the running job, waits for its end and frees the worker. worker may be NULL. */
void worker_stop(struct worker *worker);
bool worker_is_idle(const struct worker *worker); /* no job runs, and no result waits */
/* Returns the running job, or NULL. Only its type, input and cancel may be used. */
struct job *worker_running(struct worker *worker);
/* Starts a job; the worker then owns it. The worker must be idle. */
void worker_give(struct worker *worker, struct job *job);
/* Returns a finished job, which the caller then owns, or NULL. */
struct job *worker_take(struct worker *worker);

#endif
