/* SPDX-License-Identifier: MIT
 *
 * A background job: work that is too slow to do between two keys. A job type is a row of functions
 * in the file that implements the job. jobs/job_list.c lists the jobs of the whole explorer; a view
 * lists its own jobs (struct view, jobs). The scheduler (app/scheduler.h) chooses the wanted job
 * with the highest urgency; the worker (worker.h) runs it.
 *
 *     struct sum_work { uint32_t *numbers; size_t n; uint64_t sum; };   // input and result
 *
 *     static bool sum_wanted(const struct app *app) ...        // screen's thread
 *     static bool sum_input(struct app *app, struct job *job)  // screen's thread: fills job->work
 *     static bool sum_run(const struct job_tools *tools, struct job *job)    // worker's thread
 *     static void sum_deliver(struct app *app, struct job *job)              // screen's thread
 *     static void sum_finish(void *work) ...                   // frees the contents of sum_work
 *     const struct job_type job_sum = {.name = "sum", .work_size = sizeof(struct sum_work), ...};
 */
#ifndef XSMALL_TUI_THREADS_JOB_H
#define XSMALL_TUI_THREADS_JOB_H

#include <stdatomic.h>
#include <stdint.h>

#include "keep/keep.h"
#include "session/session.h"

struct app;
struct job;

/* Objects of the worker's thread that a running job uses. */
struct job_tools {
    const struct session *session; /* only its immutable parts may be read */
    struct db *db;                 /* used by this thread only */
    struct corpus_reader *reader;  /* used by this thread only */
};

/* The most urgent first. */
enum job_urgency {
    URGENCY_SURVIVORS, /* the matching lines: everything else is computed from them */
    URGENCY_TYPING,    /* the preview of the stage that is being typed */
    URGENCY_ROWS,      /* rows of the view on screen that depend on the decisions */
    URGENCY_IMAGES,    /* rows that depend on the images only */
    URGENCY_KEEP,      /* the kept tree */
    URGENCY_TEXT,      /* text on screen that is made from the kept tree */
    URGENCY_STAGES,    /* numbers of the stages */
    URGENCY_BREAKS,    /* the breaks of the kept tree */
    URGENCY_LATER      /* work that makes later decisions faster */
};

enum job_failure {
    FAILURE_STOPS,    /* reported; no FAILURE_STOPS job runs again until the next decision */
    FAILURE_DELIVERED /* deliver is called with job->ok false */
};

struct job_type {
    const char *name; /* unique; for tests and debugging */
    size_t work_size; /* bytes of job->work */
    enum job_urgency urgency;
    /* A running job is cancelled if a job with an urgency from URGENCY_TYPING up to this urgency is
     * wanted. URGENCY_SURVIVORS: the job is not cancelled for other jobs. */
    enum job_urgency yields_to;
    enum job_failure failure;
    /* Returns true if the job has work to do. Must be cheap, because it is called for each key. */
    bool (*wants)(const struct app *app);
    /* Copies the input to job->work, which is zeroed. Returns false if there is no work to do. */
    bool (*take_input)(struct app *app, struct job *job);
    /* Runs in the worker's thread. Ends soon after job->cancel is set. Returns false with job->err
     * on failure. */
    bool (*run)(const struct job_tools *tools, struct job *job);
    /* Returns true if the result is no longer useful. A stale job is cancelled, and its result is
     * not delivered. NULL: never stale. */
    bool (*is_stale)(const struct app *app, const struct job *job);
    /* Moves the result from job->work to app. Called if job->ok, or for FAILURE_DELIVERED. */
    void (*deliver)(struct app *app, struct job *job);
    void (*finish)(void *work); /* frees the contents of the work; NULL: nothing to free */
};

struct job {
    const struct job_type *type;
    void *work;          /* owned; type->work_size bytes: the input and the result */
    uint64_t generation; /* decisions.now when the input was copied */
    atomic_bool cancel;
    bool ok; /* true: work has the result; false: err has the reason */
    struct err err;
};

struct job *job_create(const struct job_type *type);
void job_destroy(struct job *job); /* job may be NULL */
/* Returns the immutable parts of the session as input for keep; survivors, selecting and marks are
 * not set. */
struct keep_input job_keep_input(const struct job_tools *tools, const struct job *job);

#endif
