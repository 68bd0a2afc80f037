/* SPDX-License-Identifier: MIT
 *
 * Computes the files that each stage hides: the files that would be kept without the stage.
 */
#include "threads/job.h"

#include <stdlib.h>

#include "app/app.h"
#include "chain/line_set.h"

struct hidden_work {
    roaring_bitmap_t *survivors; /* owned copy; NULL: not computed yet */
    size_t selecting;            /* see struct keep_input */
    roaring_bitmap_t **back;     /* owned; by stage: lines that only this stage hides, or NULL */
    size_t n;                    /* stages */
    struct hidden *hides;        /* the result, by stage; owned */
};

/* Returns true after all active stages were counted. Their scans can end after the chain was
 * evaluated. */
static bool wanted(const struct app *app)
{
    const struct chain *chain = app->session->chain;
    bool wanted = app->session->subject && app->decisions.evaluated &&
                  app->results.of_hides != app->decisions.now && chain_n_stages(chain);
    for (size_t i = 0; wanted && i < chain_n_stages(chain); i++)
        wanted = !chain_stage(chain, i).active || chain_stage(chain, i).counted;
    return wanted;
}

static bool take_input(struct app *app, struct job *job)
{
    struct hidden_work *work = job->work;
    const struct chain *chain = app->session->chain;
    const roaring_bitmap_t *survivors = chain_survivors(chain);
    work->survivors = line_set_copy(survivors);
    work->selecting = chain_selecting_stage(chain) + 1;
    work->n = chain_n_stages(chain);
    work->back = mem_zero(work->n, sizeof *work->back);
    chain_unique_lines(chain, work->back);
    return true;
}

static bool run(const struct job_tools *tools, struct job *job)
{
    struct hidden_work *work = job->work;
    struct keep_input input = job_keep_input(tools, job);
    input.survivors = work->survivors;
    input.selecting = work->selecting;
    const roaring_bitmap_t **back = mem_array(NULL, work->n, sizeof *back);
    for (size_t i = 0; i < work->n; i++)
        back[i] = work->back[i];
    work->hides = mem_zero(work->n, sizeof *work->hides);
    bool ok = keep_hidden(&input, back, work->n, work->hides, &job->err);
    free(back);
    return ok;
}

static void deliver(struct app *app, struct job *job)
{
    struct hidden_work *work = job->work;
    free(app->results.hides);
    app->results.hides = work->hides;
    app->results.n_hides = work->n;
    work->hides = NULL;
    app->results.of_hides = job->generation;
}

static void finish(void *with)
{
    struct hidden_work *work = with;
    if (work->survivors)
        line_set_free(work->survivors);
    for (size_t i = 0; i < work->n; i++)
        if (work->back[i])
            line_set_free(work->back[i]);
    free(work->back);
    free(work->hides);
}

extern const struct job_type job_hidden;
const struct job_type job_hidden = {
    .name = "files hidden per stage",
    .work_size = sizeof(struct hidden_work),
    .urgency = URGENCY_STAGES,
    .yields_to = URGENCY_ROWS,
    .wants = wanted,
    .take_input = take_input,
    .run = run,
    .is_stale = job_is_of_old_decisions,
    .deliver = deliver,
    .finish = finish,
};
