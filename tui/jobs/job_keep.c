/* SPDX-License-Identifier: MIT
 *
 * Computes the kept tree for the latest decisions and stores it in the session.
 */
#include "threads/job.h"

#include "app/app.h"
#include "chain/line_set.h"

struct keep_work {
    roaring_bitmap_t *survivors; /* owned copy; NULL: not computed yet */
    size_t selecting;            /* see struct keep_input */
    struct keep *keep;           /* the result; owned */
};

static bool wanted(const struct app *app)
{
    return app->session->subject && app->decisions.of_keep != app->decisions.now;
}

static bool take_input(struct app *app, struct job *job)
{
    struct keep_work *work = job->work;
    const roaring_bitmap_t *survivors = chain_survivors(app->session->chain);
    work->survivors = line_set_copy(survivors);
    work->selecting = chain_selecting_stage(app->session->chain) + 1;
    return true;
}

static bool run(const struct job_tools *tools, struct job *job)
{
    struct keep_work *work = job->work;
    struct marks *marks;
    if (!marks_read(tools->db, &marks, &job->err))
        return false;
    struct keep_input input = job_keep_input(tools, job);
    input.survivors = work->survivors;
    input.selecting = work->selecting;
    input.marks = marks;
    bool ok = keep_compute(&input, &work->keep, &job->err);
    if (ok && !db_is_read_only(tools->db) && !atomic_load(&job->cancel))
        ok = keep_store(work->keep, &input, tools->db, &job->err);
    marks_destroy(marks);
    return ok;
}

static void deliver(struct app *app, struct job *job)
{
    struct keep_work *work = job->work;
    keep_destroy(app->session->keep);
    app->session->keep = work->keep;
    work->keep = NULL;
    app->decisions.of_keep = job->generation;
    app->decisions.unstored = true;
    app_refreshed(app);
}

static void finish(void *with)
{
    struct keep_work *work = with;
    if (work->survivors)
        line_set_free(work->survivors);
    keep_destroy(work->keep);
}

extern const struct job_type job_keep;
const struct job_type job_keep = {
    .name = "kept tree",
    .work_size = sizeof(struct keep_work),
    .urgency = URGENCY_KEEP,
    .yields_to = URGENCY_ROWS,
    .wants = wanted,
    .take_input = take_input,
    .run = run,
    .is_stale = job_is_of_old_decisions,
    .deliver = deliver,
    .finish = finish,
};
