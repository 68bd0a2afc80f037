/* SPDX-License-Identifier: MIT
 *
 * A background job: work that takes longer than a key may wait. A job type is a row of functions in
 * the file that implements the job; jobs/job_list.c lists the jobs of the whole explorer, and a
 * view lists the jobs that it alone wants (struct view, jobs). The scheduler (app/scheduler.h)
 * picks the wanted job with the highest urgency; the worker (worker.h) runs it.
 *
 *     struct sum_work { uint32_t *numbers; size_t n; uint64_t sum; };   // input and result
 *
 *     static bool sum_wanted(const struct app *app) ...        // screen's thread
 *     static bool sum_input(struct app *app, struct job *job)  // screen's thread: fills job->work
 *     static bool sum_run(const struct job_tools *tools, struct job *job)    // worker's thread
 *     static void sum_deliver(struct app *app, struct job *job)              // screen's thread
 *     static void sum_finish(void *work) ...                   // frees what sum_work owns
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

/* What the worker's thread lends to a job that runs. */
struct job_tools {
    const struct session *session; /* only its immutable parts may be read */
    struct db *db;                 /* the thread's own */
    struct corpus_reader *reader;  /* the thread's own */
};

/* The most urgent first. */
enum job_urgency {
    URGENCY_SURVIVORS, /* the lines that pass the chain: everything else is computed from them */
    URGENCY_TYPING,    /* what is being typed */
    URGENCY_ROWS,      /* rows of the view on screen that follow each decision */
    URGENCY_IMAGES,    /* rows that need nothing but the images */
    URGENCY_KEEP,      /* the kept tree */
    URGENCY_TEXT,      /* the text on screen that is made of the kept tree */
    URGENCY_STAGES,    /* numbers of the stages */
    URGENCY_BREAKS,    /* what would fail in the kept tree */
    URGENCY_LATER      /* what makes later decisions faster */
};

enum job_failure {
    FAILURE_STOPS,    /* reported; no job of this kind of failure runs again for these decisions */
    FAILURE_DELIVERED /* deliver is called with job->ok false */
};

struct job_type {
    const char *name; /* unique; for tests and debugging */
    size_t work_size; /* bytes of job->work */
    enum job_urgency urgency;
    /* While the job runs, it is cancelled if a job of URGENCY_TYPING up to this urgency is wanted;
     * URGENCY_SURVIVORS: once started it runs to its end. */
    enum job_urgency yields_to;
    enum job_failure failure;
    /* Whether the job has something to do. Cheap: it is called for each key. */
    bool (*wants)(const struct app *app);
    /* Fills job->work, which is zeroed. False: the job has nothing to do. */
    bool (*take_input)(struct app *app, struct job *job);
    /* In the worker's thread. Ends soon after job->cancel is set. False: job->err has the reason.
     */
    bool (*run)(const struct job_tools *tools, struct job *job);
    /* Whether the result is no longer of use. A stale job is cancelled, and its result is not
     * delivered. NULL: never stale. */
    bool (*is_stale)(const struct app *app, const struct job *job);
    /* Takes what it needs out of job->work. Called if job->ok, or for FAILURE_DELIVERED. */
    void (*deliver)(struct app *app, struct job *job);
    void (*finish)(void *work); /* frees what the work owns; NULL: it owns nothing */
};

struct job {
    const struct job_type *type;
    void *work;          /* owned; type->work_size bytes: the input and the result */
    uint64_t generation; /* of the decisions when the input was taken */
    atomic_bool cancel;
    bool ok; /* the work has the result; else err has the reason */
    struct err err;
};

struct job *job_create(const struct job_type *type);
void job_destroy(struct job *job); /* NULL is allowed */
/* The immutable parts of the session as input for keep; survivors, selecting and marks are not set.
 */
struct keep_input job_keep_input(const struct job_tools *tools, const struct job *job);

#endif
