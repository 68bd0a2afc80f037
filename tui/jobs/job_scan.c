/* SPDX-License-Identifier: MIT
 *
 * Computes missing hits of stages. Hits that are needed for the matching lines have the highest
 * urgency. Hits that only make later toggles fast have the lowest urgency.
 */
#include "threads/job.h"

#include "app/app.h"
#include "chain/line_set.h"

struct scan_work {
    struct scan scan;       /* owned */
    roaring_bitmap_t *hits; /* the result; owned */
};

static bool can_scan(const struct app *app)
{
    return app->session->chain_err.kind == ERR_NONE;
}

/* chain_evaluate fails until all hits that are needed for the matching lines are known. */
static bool urgent_wanted(const struct app *app)
{
    return can_scan(app) && !app->decisions.evaluated;
}

static bool urgent_input(struct app *app, struct job *job)
{
    struct scan_work *work = job->work;
    return chain_next_scan(app->session->chain, &work->scan) && work->scan.urgent;
}

static bool later_input(struct app *app, struct job *job)
{
    struct scan_work *work = job->work;
    return chain_next_scan(app->session->chain, &work->scan);
}

static bool scan(const struct job_tools *tools, struct job *job)
{
    struct scan_work *work = job->work;
    return scan_run(&work->scan, tools->db, &job->cancel, &work->hits, &job->err);
}

static void deliver(struct app *app, struct job *job)
{
    struct scan_work *work = job->work;
    chain_add_hits(app->session->chain, &work->scan, work->hits);
    work->hits = NULL;
    app->decisions.unstored = true;
    app->decisions.evaluated = false; /* the numbers of the stages have changed */
}

static void finish(void *with)
{
    struct scan_work *work = with;
    scan_finish(&work->scan);
    if (work->hits)
        line_set_free(work->hits);
}

extern const struct job_type job_urgent_scan, job_later_scan;

const struct job_type job_urgent_scan = {
    .name = "scan for the matching lines",
    .work_size = sizeof(struct scan_work),
    .urgency = URGENCY_SURVIVORS,
    .wants = urgent_wanted,
    .take_input = urgent_input,
    .run = scan,
    .deliver = deliver,
    .finish = finish,
};

const struct job_type job_later_scan = {
    .name = "scan for later toggles",
    .work_size = sizeof(struct scan_work),
    .urgency = URGENCY_LATER,
    .yields_to = URGENCY_TEXT,
    .wants = can_scan,
    .take_input = later_input,
    .run = scan,
    .deliver = deliver,
    .finish = finish,
};
