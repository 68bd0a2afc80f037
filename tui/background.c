/* SPDX-License-Identifier: MIT
 *
 * What the worker does next, by urgency: what is being typed, the hits that the survivors need, the
 * kept tree, then the hits that make later toggles free.
 */
#include "app.h"

static void take_preview(struct app *app, struct job *job)
{
    if (!job->ok) {
        if (job->err.kind != ERR_CANCELLED) {
            buf_clear(&app->preview.error);
            buf_add(&app->preview.error, bytes_of(job->err.text));
        }
        return;
    }
    if (app->prompt_kind != PROMPT_STAGE || app->preview.asked || atomic_load(&job->cancel))
        return; /* the text has moved on */
    chain_preview_count(app->x->chain, job->at, job->invert, job->hits, &app->preview.matched,
                        &app->preview.left);
    app->preview.known = true;
}

static void take_keep(struct app *app, struct job *job)
{
    if (!job->ok || !job->keep || job->generation != app->generation)
        return;
    keep_destroy(app->x->keep);
    app->x->keep = job->keep;
    job->keep = NULL;
    app->computed = job->generation;
    struct err err;
    if (!xsmall_store_settled(app->x, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    app_refreshed(app);
}

void background_take(struct app *app)
{
    struct job *job = app->worker ? worker_take(app->worker) : NULL;
    if (!job)
        return;
    app->dirty = true;
    if (!job->ok && job->err.kind != ERR_CANCELLED)
        app_say(app, ROLE_ERROR, "%s", job->err.text);
    if (job->kind == JOB_PREVIEW) {
        take_preview(app, job);
    } else if (job->kind == JOB_KEEP) {
        take_keep(app, job);
    } else if (job->ok) {
        chain_give(app->x->chain, &job->scan, job->hits);
        job->hits = NULL;
    }
    job_destroy(job);
}

static struct job *preview_job(struct app *app)
{
    BUF_AUTO struct buf text = {0};
    struct err err;
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_PREVIEW;
    job->at = app->prompt_stage;
    app->preview.asked = false;
    chain_edit_text(app, &text);
    if (!chain_preview_scan(app->x->chain, job->at, buf_bytes(&text), &job->scan, &job->invert,
                            &err)) {
        job->kind = JOB_KEEP; /* it owns no scan */
        job_destroy(job);
        return NULL;
    }
    return job;
}

static struct job *keep_job(struct app *app)
{
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_KEEP;
    job->generation = app->generation;
    const roaring_bitmap_t *survivors = chain_survivors(app->x->chain);
    job->survivors = survivors ? roaring_bitmap_copy(survivors) : NULL;
    return job;
}

static struct job *next_job(struct app *app)
{
    if (app->prompt_kind == PROMPT_STAGE && app->preview.asked)
        return preview_job(app);
    struct scan scan;
    bool more = app->x->chain_err.kind == ERR_NONE && chain_next_scan(app->x->chain, &scan);
    if ((!more || !scan.urgent) && app->x->subject && app->computed != app->generation) {
        if (more)
            scan_finish(&scan);
        return keep_job(app);
    }
    if (!more)
        return NULL;
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_SCAN;
    job->scan = scan;
    return job;
}

void background_next(struct app *app)
{
    if (!app->worker)
        return;
    if (!app->evaluated && app->x->chain_err.kind == ERR_NONE) {
        app->evaluated = chain_evaluate(app->x->chain);
        app->dirty = app->dirty || app->evaluated;
    }
    struct job *running = worker_running(app->worker);
    bool outdated = running && running->kind == JOB_KEEP && running->generation != app->generation;
    bool wanted = running && running->kind == JOB_SCAN && !running->scan.urgent &&
                  (app->preview.asked || app->computed != app->generation);
    if (outdated || wanted)
        atomic_store(&running->cancel, true);
    if (!worker_is_idle(app->worker))
        return;
    struct job *job = next_job(app);
    if (job)
        worker_give(app->worker, job);
}

bool background_is_idle(const struct app *app)
{
    return !app->loader && app->worker && worker_is_idle(app->worker) && app->evaluated &&
           !app->preview.asked && (!app->x->subject || app->computed == app->generation);
}
