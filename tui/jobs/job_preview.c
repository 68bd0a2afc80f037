/* SPDX-License-Identifier: MIT
 *
 * Computes the hits of the stage that is being typed, and the number of lines that it would leave.
 */
#include "threads/job.h"

#include "app/app.h"
#include "chain/line_set.h"

struct preview_work {
    size_t stage;     /* position in the chain */
    struct scan scan; /* owned */
    bool invert;
    uint64_t serial;        /* preview.serial when the input was copied */
    roaring_bitmap_t *hits; /* the result; owned */
};

static bool wanted(const struct app *app)
{
    return app->chain_edit.preview.asked && app->decisions.evaluated;
}

static bool take_input(struct app *app, struct job *job)
{
    BUF_AUTO struct buf text = {0};
    struct preview_work *work = job->work;
    struct err err;
    app->chain_edit.preview.asked = false;
    chain_edit_text(app, &text);
    work->stage = app->chain_edit.stage;
    work->serial = app->chain_edit.preview.serial;
    return chain_preview_scan(app->session->chain, work->stage, buf_bytes(&text),
                              app->chain_edit.target, &work->scan, &work->invert, &err);
}

static bool run(const struct job_tools *tools, struct job *job)
{
    struct preview_work *work = job->work;
    return scan_run(&work->scan, tools->db, &job->cancel, &work->hits, &job->err);
}

/* Returns true if the text has changed after the input was copied. */
static bool is_stale(const struct app *app, const struct job *job)
{
    const struct preview_work *work = job->work;
    return work->serial != app->chain_edit.preview.serial;
}

static void deliver(struct app *app, struct job *job)
{
    struct preview_work *work = job->work;
    struct preview *preview = &app->chain_edit.preview;
    if (!job->ok) {
        buf_clear(&preview->error);
        buf_add(&preview->error, bytes_of(job->err.text));
        return;
    }
    chain_preview_count(app->session->chain, work->stage, work->invert, work->hits,
                        &preview->matched, &preview->left);
    preview->hits = work->hits;
    work->hits = NULL;
    preview->known = true;
}

static void finish(void *with)
{
    struct preview_work *work = with;
    scan_finish(&work->scan);
    if (work->hits)
        line_set_free(work->hits);
}

extern const struct job_type job_preview;
const struct job_type job_preview = {
    .name = "preview of the typed stage",
    .work_size = sizeof(struct preview_work),
    .urgency = URGENCY_TYPING,
    .failure = FAILURE_DELIVERED,
    .wants = wanted,
    .take_input = take_input,
    .run = run,
    .is_stale = is_stale,
    .deliver = deliver,
    .finish = finish,
};
