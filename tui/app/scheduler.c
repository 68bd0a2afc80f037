/* SPDX-License-Identifier: MIT */
#include "app/scheduler.h"

#include <assert.h>
#include <string.h>

#include "app/app.h"
#include "threads/worker.h"

static void add_type(struct scheduler *scheduler, const struct job_type *type)
{
    size_t at = scheduler->n_types++;
    assert(at < SCHEDULER_MAX_TYPES);
    while (at && scheduler->types[at - 1]->urgency > type->urgency) {
        scheduler->types[at] = scheduler->types[at - 1];
        at--;
    }
    scheduler->types[at] = type;
}

void scheduler_add(struct scheduler *scheduler, const struct job_type *const *types)
{
    for (; types && *types; types++)
        add_type(scheduler, *types);
}

bool scheduler_start(struct app *app, struct err *err)
{
    return worker_start(app->session, app->wake, &app->scheduler.worker, err);
}

void scheduler_stop(struct app *app)
{
    worker_stop(app->scheduler.worker);
    app->scheduler.worker = NULL;
}

static bool is_stale(const struct app *app, const struct job *job)
{
    return job->type->is_stale && job->type->is_stale(app, job);
}

bool job_is_of_old_decisions(const struct app *app, const struct job *job)
{
    return job->generation != app->decisions.now;
}

void scheduler_take(struct app *app)
{
    struct scheduler *scheduler = &app->scheduler;
    struct job *job = scheduler->worker ? worker_take(scheduler->worker) : NULL;
    if (!job)
        return;
    const struct job_type *type = job->type;
    bool failed = !job->ok && job->err.kind != ERR_CANCELLED && !atomic_load(&job->cancel);
    app->dirty = true;
    if (failed && type->failure == FAILURE_STOPS) {
        scheduler->failed = job->generation;
        app_say(app, ROLE_ERROR, "%s", job->err.text);
    }
    if ((job->ok || type->failure == FAILURE_DELIVERED) && !is_stale(app, job))
        type->deliver(app, job);
    job_destroy(job);
}

static bool is_wanted(const struct app *app, const struct job_type *type)
{
    bool has_failed = type->failure == FAILURE_STOPS && app->scheduler.failed == app->decisions.now;
    return !has_failed && type->wants(app);
}

static struct job *next_job(struct app *app)
{
    const struct scheduler *scheduler = &app->scheduler;
    for (size_t i = 0; i < scheduler->n_types; i++) {
        if (!is_wanted(app, scheduler->types[i]))
            continue;
        struct job *job = job_create(scheduler->types[i]);
        job->generation = app->decisions.now;
        if (job->type->take_input(app, job))
            return job;
        job_destroy(job);
    }
    return NULL;
}

/* Returns true if the running job must be cancelled: it is stale, or a more urgent job waits. */
static bool must_cancel(const struct app *app, const struct job *job)
{
    const struct scheduler *scheduler = &app->scheduler;
    if (is_stale(app, job))
        return true;
    for (size_t i = 0; i < scheduler->n_types; i++) {
        const struct job_type *type = scheduler->types[i];
        if (type->urgency > job->type->yields_to)
            return false;
        if (type->urgency >= URGENCY_TYPING && is_wanted(app, type))
            return true;
    }
    return false;
}

/* Stores the results in the session if they are up to date. Called when no job is wanted. */
static void store(struct app *app)
{
    struct err err;
    bool is_current = !app->session->subject || app->decisions.of_keep == app->decisions.now;
    if (!app->decisions.unstored || !is_current || !app->decisions.evaluated)
        return;
    app->decisions.unstored = false;
    if (!db_is_read_only(app->session->db) && !session_store_settled(app->session, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
}

void scheduler_next(struct app *app)
{
    struct worker *worker = app->scheduler.worker;
    if (!worker)
        return;
    if (!app->decisions.evaluated && app->session->chain_err.kind == ERR_NONE) {
        app->decisions.evaluated = chain_evaluate(app->session->chain);
        app->dirty = app->dirty || app->decisions.evaluated;
    }
    struct job *running = worker_running(worker);
    if (running && must_cancel(app, running))
        atomic_store(&running->cancel, true);
    if (!worker_is_idle(worker))
        return;
    struct job *job = next_job(app);
    app->scheduler.has_nothing = !job;
    if (job)
        worker_give(worker, job);
    else
        store(app);
}

bool scheduler_is_idle(const struct app *app)
{
    const struct scheduler *scheduler = &app->scheduler;
    return scheduler->worker && worker_is_idle(scheduler->worker) && scheduler->has_nothing;
}
