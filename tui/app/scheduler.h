/* SPDX-License-Identifier: MIT
 *
 * What the worker does next: of the jobs that are wanted, the one with the highest urgency; of jobs
 * with the same urgency, the one that was added first. It knows no kind of job: those are rows
 * (job.h).
 *
 *     scheduler_add(&app->scheduler, job_list);
 *     scheduler_start(app, &err);          // app->session has been read
 *     for (;;) {                           // woken by app->wake or a key
 *         scheduler_take(app);             // delivers what is done
 *         scheduler_next(app);             // gives the worker its next job
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
    uint64_t failed;  /* generation of the decisions with which a job failed; 0: none */
    bool has_nothing; /* scheduler_next found no job to run */
};

/* types ends in NULL; NULL is allowed. */
void scheduler_add(struct scheduler *scheduler, const struct job_type *const *types);
bool scheduler_start(struct app *app, struct err *err);
void scheduler_stop(struct app *app); /* cancels the job that runs and waits for it */
void scheduler_take(struct app *app);
void scheduler_next(struct app *app);
/* Whether no job runs, no result waits, and nothing was left to do for scheduler_next. */
bool scheduler_is_idle(const struct app *app);

/* is_stale of jobs whose result is of the decisions: true after the next decision. */
bool job_is_of_old_decisions(const struct app *app, const struct job *job);

#endif
