/* SPDX-License-Identifier: MIT
 *
 * Computes the breaks of the kept tree, and the file groups of which it has only a part.
 */
#include "threads/job.h"

#include "app/app.h"

struct breaks_work {
    const struct keep *keep; /* borrowed; replaced only when another job is delivered */
    struct breaks *breaks;   /* the result, with offers; owned */
    struct group_offers offers;
};

static bool wanted(const struct app *app)
{
    return app->session->subject && app->session->keep &&
           app->results.of_breaks != app->decisions.now;
}

static bool take_input(struct app *app, struct job *job)
{
    struct breaks_work *work = job->work;
    work->keep = app->session->keep;
    return true;
}

static bool run(const struct job_tools *tools, struct job *job)
{
    struct breaks_work *work = job->work;
    struct keep_input input = job_keep_input(tools, job);
    BUF_AUTO struct buf dir = {0};
    struct err ignored; /* if the directory cannot be read, the program's own groups are used */
    file_group_directory(&dir);
    return breaks_compute(&input, work->keep, &work->breaks, &job->err) &&
           (group_offers_read(dir.p, &input, work->keep, &work->offers, &ignored) ||
            group_offers_read(NULL, &input, work->keep, &work->offers, &job->err));
}

static void deliver(struct app *app, struct job *job)
{
    struct breaks_work *work = job->work;
    breaks_destroy(app->results.breaks);
    app->results.breaks = work->breaks;
    work->breaks = NULL;
    group_offers_finish(&app->results.offers);
    app->results.offers = work->offers;
    work->offers = (struct group_offers){0};
    app->results.of_breaks = job->generation;
}

static void finish(void *with)
{
    struct breaks_work *work = with;
    breaks_destroy(work->breaks);
    group_offers_finish(&work->offers);
}

extern const struct job_type job_breaks;
const struct job_type job_breaks = {
    .name = "breaks",
    .work_size = sizeof(struct breaks_work),
    .urgency = URGENCY_BREAKS,
    .yields_to = URGENCY_ROWS,
    .wants = wanted,
    .take_input = take_input,
    .run = run,
    .is_stale = job_is_of_old_decisions,
    .deliver = deliver,
    .finish = finish,
};
