/* SPDX-License-Identifier: MIT
 *
 * Chooses the next job for the worker: the wanted job with the highest urgency; if several jobs
 * have the same urgency, the job that was added first. Job types are rows of functions (job.h).
 *
 *     scheduler_add(&app->scheduler, job_list);
 *     scheduler_start(app, &err);          // app->session has been read
 *     for (;;) {                           // woken by app->wake or a key
 *         scheduler_take(app);             // delivers the result of a finished job
 *         scheduler_next(app);             // starts the next job
 *     }
 *     scheduler_stop(app);                 // before app->session is closed
 */
#ifndef XSMALL_TUI_APP_SCHEDULER_H
#define XSMALL_TUI_APP_SCHEDULER_H

#include "threads/job.h"

enum { SCHEDULER_MAX_TYPES = 32 };

struct scheduler {
    struct worker *worker;                             /* owned; NULL: not started */
    const struct job_type *types[SCHEDULER_MAX_TYPES]; /* the most urgent first */
    size_t n_types;
    uint64_t failed;  /* the decision for which a job failed; 0: no failure */
    bool has_nothing; /* scheduler_next found no job to run */
};

/* Adds job types. The list ends in NULL; types may be NULL. */
void scheduler_add(struct scheduler *scheduler, const struct job_type *const *types);
bool scheduler_start(struct app *app, struct err *err);
void scheduler_stop(struct app *app); /* cancels the running job and waits for its end */
void scheduler_take(struct app *app);
void scheduler_next(struct app *app);
/* Returns true if no job runs, no result waits, and scheduler_next found no job. */
bool scheduler_is_idle(const struct app *app);

/* is_stale for jobs whose result depends on the decisions: true after a later decision. */
bool job_is_of_old_decisions(const struct app *app, const struct job *job);

#endif
