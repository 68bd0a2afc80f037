/* SPDX-License-Identifier: MIT
 *
 * What the worker does next, by urgency: the hits that the survivors need (what is being typed is
 * counted among them), what is being typed, the trace view that is on screen, the kept tree, the
 * export's text if it is on screen, what each stage hides, what would break, then the hits that
 * make later toggles free.
 */
#include "app/app.h"

static void take_preview(struct app *app, struct job *job)
{
    if (app->prompt_kind != PROMPT_STAGE || app->preview.asked || atomic_load(&job->cancel))
        return; /* the text has moved on */
    if (!job->ok) {
        buf_clear(&app->preview.error);
        buf_add(&app->preview.error, bytes_of(job->err.text));
        return;
    }
    chain_preview_count(app->session->chain, job->at, job->invert, job->hits, &app->preview.matched,
                        &app->preview.left);
    app->preview.hits = job->hits;
    job->hits = NULL;
    app->preview.known = true;
}

static void take_keep(struct app *app, struct job *job)
{
    if (!job->ok || !job->keep || job->generation != app->generation)
        return;
    /* the first sums put the tree in its order: who has not moved yet stays at its top */
    bool stays = !app->session->keep && !app->tree.list.cursor;
    keep_destroy(app->session->keep);
    app->session->keep = job->keep;
    job->keep = NULL;
    app->computed = job->generation;
    app->unstored = true;
    app_refreshed(app);
    if (stays)
        app->tree.list.cursor = 0;
}

static void take_breaks(struct app *app, struct job *job)
{
    if (!job->ok || job->generation != app->generation)
        return;
    breaks_destroy(app->breaks);
    app->breaks = job->breaks;
    job->breaks = NULL;
    group_offers_finish(&app->offers);
    app->offers = job->offers;
    job->offers = (struct group_offers){0};
    app->replayed = job->generation;
}

static void take_hidden(struct app *app, struct job *job)
{
    if (!job->ok || job->generation != app->generation)
        return;
    free(app->hides);
    app->hides = job->hides;
    app->n_hides = job->n_back;
    job->hides = NULL;
    app->hiding = job->generation;
}

static void take_scan(struct app *app, struct job *job)
{
    if (!job->ok)
        return;
    chain_give(app->session->chain, &job->scan, job->hits);
    job->hits = NULL;
    app->unstored = true;
    app->evaluated = false; /* the survivors may be as they were; the stages' numbers are not */
}

void scheduler_take(struct app *app)
{
    struct job *job = app->worker ? worker_take(app->worker) : NULL;
    if (!job)
        return;
    app->dirty = true;
    bool failed = !job->ok && job->err.kind != ERR_CANCELLED && !atomic_load(&job->cancel);
    if (failed && job->kind != JOB_PREVIEW && job->kind != JOB_EXPORT && job->kind != JOB_LAYERS) {
        app->failed = job->generation;
        app_say(app, ROLE_ERROR, "%s", job->err.text);
    }
    switch (job->kind) {
    case JOB_SCAN:
        take_scan(app, job);
        break;
    case JOB_PREVIEW:
        take_preview(app, job);
        break;
    case JOB_KEEP:
        take_keep(app, job);
        break;
    case JOB_HIDDEN:
        take_hidden(app, job);
        break;
    case JOB_BREAKS:
        take_breaks(app, job);
        break;
    case JOB_EXPORT:
        view_export_take(app, job);
        break;
    case JOB_PIVOT:
        pivots_take(app, job);
        break;
    case JOB_LAYERS:
        view_layers_take(app, job);
        break;
    case JOB_COMPARE:
        view_diff_take(app, job);
        break;
    }
    job_destroy(job);
}

static struct job *preview_job(struct app *app)
{
    BUF_AUTO struct buf text = {0};
    struct scan scan;
    bool invert;
    struct err err;
    app->preview.asked = false;
    chain_edit_text(app, &text);
    if (!chain_preview_scan(app->session->chain, app->prompt_stage, buf_bytes(&text),
                            app->prompt_target, &scan, &invert, &err))
        return NULL;
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_PREVIEW;
    job->at = app->prompt_stage;
    job->scan = scan;
    job->invert = invert;
    return job;
}

static struct job *keep_job(struct app *app)
{
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_KEEP;
    const roaring_bitmap_t *survivors = chain_survivors(app->session->chain);
    job->survivors = survivors ? roaring_bitmap_copy(survivors) : NULL;
    job->selecting = chain_selecting(app->session->chain) + 1;
    return job;
}

static struct job *breaks_job(struct app *app)
{
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_BREAKS;
    job->of = app->session->keep;
    return job;
}

static struct job *hidden_job(struct app *app)
{
    const struct chain *chain = app->session->chain;
    struct job *job = keep_job(app);
    job->kind = JOB_HIDDEN;
    job->n_back = chain_n_stages(chain);
    job->back = mem_zero(job->n_back, sizeof *job->back);
    chain_back(chain, job->back);
    return job;
}

/* A job that needs nothing but the images. */
static struct job *images_job(enum job_kind kind)
{
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = kind;
    return job;
}

static struct job *scan_job(const struct scan *scan)
{
    struct job *job = mem_zero(1, sizeof *job);
    job->kind = JOB_SCAN;
    job->scan = *scan;
    return job;
}

static bool is_current(const struct app *app)
{
    return !app->session->subject || app->computed == app->generation;
}

static bool can_scan(const struct app *app)
{
    return app->session->chain_err.kind == ERR_NONE && app->failed != app->generation;
}

static bool wants_preview(const struct app *app)
{
    return app->prompt_kind == PROMPT_STAGE && app->preview.asked && app->evaluated;
}

static bool wants_layers(const struct app *app)
{
    return app->layers.asked && app->session->subject && !app->layers.layers && !app->layers.failed;
}

static bool wants_export(const struct app *app)
{
    return app->view == &view_export && app->export_wanted;
}

static bool wants_breaks(const struct app *app)
{
    return app->session->subject && app->session->keep && app->replayed != app->generation &&
           app->failed != app->generation;
}

/* Once the numbers of all stages are there: their scans may come later than the survivors'. */
static bool wants_hidden(const struct app *app)
{
    const struct chain *chain = app->session->chain;
    bool wanted = app->session->subject && app->evaluated && app->hiding != app->generation &&
                  app->failed != app->generation && chain_n_stages(chain);
    for (size_t i = 0; wanted && i < chain_n_stages(chain); i++)
        wanted = !chain_stage(chain, i).active || chain_stage(chain, i).counted;
    return wanted;
}

/* What a person waits for, once the survivors are known. */
static struct job *job_for_screen(struct app *app)
{
    struct job *job = wants_preview(app) ? preview_job(app) : NULL;
    if (job)
        return job;
    if (pivots_want(app))
        return pivots_job(app);
    if (wants_layers(app))
        return images_job(JOB_LAYERS);
    if (view_diff_wanted(app))
        return images_job(JOB_COMPARE);
    if (!is_current(app) && app->failed != app->generation)
        return keep_job(app);
    struct job *text = wants_export(app) ? view_export_job(app) : NULL;
    if (text)
        return text;
    if (wants_hidden(app))
        return hidden_job(app);
    return wants_breaks(app) ? breaks_job(app) : NULL;
}

static struct job *next_job(struct app *app)
{
    struct scan scan;
    bool more = can_scan(app) && chain_next_scan(app->session->chain, &scan);
    if (more && scan.urgent)
        return scan_job(&scan);
    struct job *job = job_for_screen(app);
    if (job && more)
        scan_finish(&scan);
    return job || !more ? job : scan_job(&scan);
}

/* Whether the job that runs should give way to a more urgent one. */
static bool gives_way(const struct app *app, const struct job *job)
{
    if (job->kind == JOB_PIVOT && job->serial != app->pivots.serial)
        return true;
    if (job->kind == JOB_KEEP || job->kind == JOB_HIDDEN || job->kind == JOB_BREAKS)
        return job->generation != app->generation || wants_preview(app) || pivots_want(app);
    if (job->kind != JOB_SCAN && job->kind != JOB_EXPORT && job->kind != JOB_PREVIEW &&
        job->kind != JOB_LAYERS && job->kind != JOB_COMPARE)
        return job->generation != app->generation || wants_preview(app);
    if (job->kind != JOB_SCAN || job->scan.urgent)
        return false;
    return wants_preview(app) || pivots_want(app) || !is_current(app) || wants_export(app);
}

/* What was found reaches the session when there is time, and the decisions are the ones that it is
 * of. */
static void store(struct app *app)
{
    struct err err;
    if (!app->unstored || !is_current(app) || !app->evaluated)
        return;
    app->unstored = false;
    if (!db_is_read_only(app->session->db) && !session_store_settled(app->session, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
}

void scheduler_next(struct app *app)
{
    if (!app->worker)
        return;
    if (!app->evaluated && app->session->chain_err.kind == ERR_NONE) {
        app->evaluated = chain_evaluate(app->session->chain);
        app->dirty = app->dirty || app->evaluated;
    }
    struct job *running = worker_running(app->worker);
    if (running && gives_way(app, running))
        atomic_store(&running->cancel, true);
    if (!worker_is_idle(app->worker))
        return;
    struct job *job = next_job(app);
    if (!job) {
        store(app);
        return;
    }
    job->generation = app->generation;
    worker_give(app->worker, job);
}

bool scheduler_is_idle(const struct app *app)
{
    if (app->loader || app->opener || !app->worker || !worker_is_idle(app->worker) ||
        app->search.is_running || !view_file_is_idle(app) || writing_is_going(app))
        return false;
    if (app->failed == app->generation)
        return true;
    return is_current(app) && (app->evaluated || app->session->chain_err.kind != ERR_NONE) &&
           !wants_preview(app) && !pivots_want(app) && !wants_export(app) && !wants_layers(app) &&
           !view_diff_wanted(app) && !wants_breaks(app) && !wants_hidden(app);
}
