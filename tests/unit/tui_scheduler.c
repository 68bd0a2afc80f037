/* SPDX-License-Identifier: MIT
 *
 * Which job runs on the worker thread, which job is cancelled, and whose result is delivered. The
 * jobs are defined here; a job that holds waits on the worker thread until the test releases it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/app.h"
#include "threads/worker.h"

enum { FIRST, SECOND, THIRD, N_JOBS };

/* Settings of a job by the test, and what the test reads from it. */
struct control {
    bool wanted, holds, fails, has_no_input, ignores_cancel;
    const struct view *view; /* wanted only while it is on screen; NULL: always */
    sem_t started, go_on;
    int n_runs, n_delivered, n_finished;
    bool delivered_ok;
};

/* One test at a time: the functions of a job type get no pointer from the test. */
static struct control jobs[N_JOBS];
static struct buf order; /* a digit for each run */

struct fake_work {
    size_t job;
};

static bool run_fake(const struct job_tools *tools, struct job *job)
{
    struct fake_work *work = job->work;
    struct control *control = &jobs[work->job];
    assert_non_null(tools->db);
    control->n_runs++;
    buf_printf(&order, "%zu", work->job + 1);
    sem_post(&control->started);
    if (control->holds)
        sem_wait(&control->go_on);
    if (atomic_load(&job->cancel) && !control->ignores_cancel)
        return err_cancelled(&job->err);
    return !control->fails || err_set(&job->err, "the job failed");
}

static bool take_input(struct job *job, size_t at)
{
    struct fake_work *work = job->work;
    work->job = at;
    return !jobs[at].has_no_input;
}

static void deliver_fake(struct app *app, struct job *job)
{
    struct fake_work *work = job->work;
    struct control *control = &jobs[work->job];
    control->wanted = false;
    control->delivered_ok = job->ok;
    control->n_delivered++;
    app->dirty = true;
}

static void finish_fake(void *with)
{
    struct fake_work *work = with;
    jobs[work->job].n_finished++;
}

static bool is_wanted(const struct app *app, size_t at)
{
    return jobs[at].wanted && (!jobs[at].view || app->view == jobs[at].view);
}

#define FAKE(n)                                                                                    \
    static bool wants_##n(const struct app *app)                                                   \
    {                                                                                              \
        return is_wanted(app, n);                                                                  \
    }                                                                                              \
    static bool input_##n(struct app *app, struct job *job)                                        \
    {                                                                                              \
        (void)app;                                                                                 \
        return take_input(job, n);                                                                 \
    }
FAKE(FIRST)
FAKE(SECOND)
FAKE(THIRD)

#define FAKE_TYPE(n, ...)                                                                          \
    {                                                                                              \
        .name = #n, .work_size = sizeof(struct fake_work), .wants = wants_##n,                     \
        .take_input = input_##n, .run = run_fake, .deliver = deliver_fake, .finish = finish_fake,  \
        __VA_ARGS__                                                                                \
    }

struct place {
    struct app app;
    char dir[64], path[96];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct err err = {0};
    snprintf(place->dir, sizeof place->dir, "/tmp/xsmall-schedulerXXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->path, sizeof place->path, "%s/s.xsmall", place->dir);
    if (!session_open(place->path, DB_CREATE, &place->app.session, &err))
        fail_msg("%s", err.text);
    place->app.decisions.now = 1;
    place->app.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (size_t i = 0; i < N_JOBS; i++) {
        jobs[i] = (struct control){.wanted = true};
        sem_init(&jobs[i].started, 0, 0);
        sem_init(&jobs[i].go_on, 0, 0);
    }
    buf_clear(&order);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    scheduler_stop(&place->app);
    session_close(place->app.session);
    buf_finish(&place->app.message.text);
    buf_finish(&order);
    close(place->app.wake);
    unlink(place->path);
    rmdir(place->dir);
    free(place);
    return 0;
}

static struct app *start(void **state, const struct job_type *const *types)
{
    struct place *place = *state;
    struct err err = {0};
    scheduler_add(&place->app.scheduler, types);
    if (!scheduler_start(&place->app, &err))
        fail_msg("%s", err.text);
    return &place->app;
}

static void turn(struct app *app)
{
    eventfd_t ignored;
    eventfd_read(app->wake, &ignored);
    scheduler_take(app);
    scheduler_next(app);
}

static void run_all(struct app *app)
{
    for (turn(app); !scheduler_is_idle(app); turn(app)) {
        struct pollfd wake = {app->wake, POLLIN, 0};
        poll(&wake, 1, -1);
    }
}

/* Starts the worker's next job, which must be `at`, and waits until it runs. */
static void begin(struct app *app, size_t at)
{
    scheduler_next(app);
    sem_wait(&jobs[at].started);
}

static void the_most_urgent_runs_first(void **state)
{
    static const struct job_type later = FAKE_TYPE(FIRST, .urgency = URGENCY_LATER),
                                 typing = FAKE_TYPE(SECOND, .urgency = URGENCY_TYPING),
                                 keep = FAKE_TYPE(THIRD, .urgency = URGENCY_KEEP);
    struct app *app = start(state, (const struct job_type *const[]){&later, &typing, &keep, NULL});
    run_all(app);
    assert_string_equal(order.p, "231");
    for (size_t i = 0; i < N_JOBS; i++) {
        assert_int_equal(jobs[i].n_delivered, 1);
        assert_int_equal(jobs[i].n_finished, 1);
    }
}

static void of_the_same_urgency_the_first_added_runs_first(void **state)
{
    static const struct job_type one = FAKE_TYPE(FIRST, .urgency = URGENCY_KEEP),
                                 other = FAKE_TYPE(SECOND, .urgency = URGENCY_KEEP),
                                 breaks = FAKE_TYPE(THIRD, .urgency = URGENCY_BREAKS);
    struct place *place = *state;
    scheduler_add(&place->app.scheduler, (const struct job_type *const[]){&breaks, &other, NULL});
    run_all(start(state, (const struct job_type *const[]){&one, NULL}));
    assert_string_equal(order.p, "213");
}

static void without_input_the_next_job_runs(void **state)
{
    static const struct job_type typing = FAKE_TYPE(FIRST, .urgency = URGENCY_TYPING),
                                 keep = FAKE_TYPE(SECOND, .urgency = URGENCY_KEEP);
    struct app *app = start(state, (const struct job_type *const[]){&typing, &keep, NULL});
    jobs[FIRST].has_no_input = true;
    run_all(app);
    assert_string_equal(order.p, "2");
    assert_int_equal(jobs[FIRST].n_delivered, 0);
    assert_true(jobs[FIRST].n_finished > 0);
}

/* A decision that is made while the job runs. */
static void a_result_of_old_decisions_is_not_delivered(void **state)
{
    static const struct job_type keep =
        FAKE_TYPE(FIRST, .urgency = URGENCY_KEEP, .is_stale = job_is_of_old_decisions);
    struct app *app = start(state, (const struct job_type *const[]){&keep, NULL});
    jobs[FIRST].holds = jobs[FIRST].ignores_cancel = true;
    begin(app, FIRST);
    app->decisions.now++;
    jobs[FIRST].holds = false;
    sem_post(&jobs[FIRST].go_on);
    run_all(app);
    assert_string_equal(order.p, "11"); /* the first result was dropped */
    assert_int_equal(jobs[FIRST].n_delivered, 1);
    assert_int_equal(jobs[FIRST].n_finished, 2);
}

static void a_job_of_old_decisions_is_cancelled(void **state)
{
    static const struct job_type keep =
        FAKE_TYPE(FIRST, .urgency = URGENCY_KEEP, .is_stale = job_is_of_old_decisions);
    struct app *app = start(state, (const struct job_type *const[]){&keep, NULL});
    jobs[FIRST].holds = true;
    begin(app, FIRST);
    struct job *running = worker_running(app->scheduler.worker);
    scheduler_next(app);
    assert_false(atomic_load(&running->cancel));
    app->decisions.now++;
    scheduler_next(app);
    assert_true(atomic_load(&running->cancel));
    jobs[FIRST].holds = false;
    sem_post(&jobs[FIRST].go_on);
    run_all(app);
    assert_int_equal(app->scheduler.failed, 0); /* being cancelled is no failure */
    assert_int_equal(jobs[FIRST].n_delivered, 1);
}

static void a_job_without_staleness_is_delivered_after_a_decision(void **state)
{
    static const struct job_type scan = FAKE_TYPE(FIRST, .urgency = URGENCY_SURVIVORS);
    struct app *app = start(state, (const struct job_type *const[]){&scan, NULL});
    jobs[FIRST].holds = true;
    begin(app, FIRST);
    app->decisions.now++;
    scheduler_next(app);
    sem_post(&jobs[FIRST].go_on);
    run_all(app);
    assert_string_equal(order.p, "1");
    assert_int_equal(jobs[FIRST].n_delivered, 1);
}

static void a_job_yields_to_what_it_says(void **state)
{
    static const struct job_type keep = FAKE_TYPE(FIRST, .urgency = URGENCY_KEEP,
                                                  .yields_to = URGENCY_ROWS),
                                 images = FAKE_TYPE(SECOND, .urgency = URGENCY_IMAGES),
                                 typing = FAKE_TYPE(THIRD, .urgency = URGENCY_TYPING);
    struct app *app = start(state, (const struct job_type *const[]){&keep, &images, &typing, NULL});
    jobs[SECOND].wanted = jobs[THIRD].wanted = false;
    jobs[FIRST].holds = true;
    begin(app, FIRST);
    struct job *running = worker_running(app->scheduler.worker);
    jobs[SECOND].wanted = true; /* more urgent, but not one that it yields to */
    scheduler_next(app);
    assert_false(atomic_load(&running->cancel));
    jobs[THIRD].wanted = true;
    scheduler_next(app);
    assert_true(atomic_load(&running->cancel));
    jobs[FIRST].holds = false;
    sem_post(&jobs[FIRST].go_on);
    run_all(app);
    assert_string_equal(order.p, "1321");
}

static void a_failed_job_waits_for_another_decision(void **state)
{
    static const struct job_type keep = FAKE_TYPE(FIRST, .urgency = URGENCY_KEEP),
                                 breaks = FAKE_TYPE(SECOND, .urgency = URGENCY_BREAKS),
                                 text = FAKE_TYPE(THIRD, .urgency = URGENCY_LATER,
                                                  .failure = FAILURE_DELIVERED);
    struct app *app = start(state, (const struct job_type *const[]){&keep, &breaks, &text, NULL});
    jobs[FIRST].fails = true;
    run_all(app);
    assert_string_equal(order.p, "13"); /* breaks need a kept tree, which is missing */
    assert_int_equal(jobs[FIRST].n_delivered, 0);
    assert_string_equal(app->message.text.p, "the job failed");
    run_all(app);
    assert_string_equal(order.p, "13");
    jobs[FIRST].fails = false;
    app->decisions.now++;
    run_all(app);
    assert_string_equal(order.p, "1312");
    assert_int_equal(jobs[FIRST].n_delivered, 1);
}

static void a_failure_is_delivered_to_jobs_that_show_it(void **state)
{
    static const struct job_type text = FAKE_TYPE(FIRST, .urgency = URGENCY_TEXT,
                                                  .failure = FAILURE_DELIVERED),
                                 keep = FAKE_TYPE(SECOND, .urgency = URGENCY_LATER);
    struct app *app = start(state, (const struct job_type *const[]){&text, &keep, NULL});
    jobs[FIRST].fails = true;
    run_all(app);
    assert_string_equal(order.p, "12");
    assert_int_equal(jobs[FIRST].n_delivered, 1);
    assert_false(jobs[FIRST].delivered_ok);
    assert_true(jobs[SECOND].delivered_ok);
    assert_int_equal(app->message.text.n, 0);
}

static const struct job_type view_job = FAKE_TYPE(FIRST, .urgency = URGENCY_ROWS);
static const struct view fake_view = {.jobs = (const struct job_type *const[]){&view_job, NULL}};

static void a_views_job_runs_only_when_the_view_wants_it(void **state)
{
    static const struct job_type keep = FAKE_TYPE(SECOND, .urgency = URGENCY_KEEP);
    struct place *place = *state;
    jobs[FIRST].view = &fake_view;
    scheduler_add(&place->app.scheduler, fake_view.jobs);
    struct app *app = start(state, (const struct job_type *const[]){&keep, NULL});
    run_all(app);
    assert_string_equal(order.p, "2");
    app->view = &fake_view;
    run_all(app);
    assert_string_equal(order.p, "21");
    run_all(app);
    assert_string_equal(order.p, "21");
}

static void stopping_cancels_the_job_that_runs(void **state)
{
    static const struct job_type keep = FAKE_TYPE(FIRST, .urgency = URGENCY_KEEP);
    struct app *app = start(state, (const struct job_type *const[]){&keep, NULL});
    jobs[FIRST].holds = true;
    begin(app, FIRST);
    sem_post(&jobs[FIRST].go_on);
    scheduler_stop(app);
    assert_int_equal(jobs[FIRST].n_delivered, 0);
    assert_int_equal(jobs[FIRST].n_finished, 1);
    assert_false(scheduler_is_idle(app)); /* there is no worker that could be */
}

#define SCHEDULER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCHEDULER_TEST(the_most_urgent_runs_first),
        SCHEDULER_TEST(of_the_same_urgency_the_first_added_runs_first),
        SCHEDULER_TEST(without_input_the_next_job_runs),
        SCHEDULER_TEST(a_result_of_old_decisions_is_not_delivered),
        SCHEDULER_TEST(a_job_of_old_decisions_is_cancelled),
        SCHEDULER_TEST(a_job_without_staleness_is_delivered_after_a_decision),
        SCHEDULER_TEST(a_job_yields_to_what_it_says),
        SCHEDULER_TEST(a_failed_job_waits_for_another_decision),
        SCHEDULER_TEST(a_failure_is_delivered_to_jobs_that_show_it),
        SCHEDULER_TEST(a_views_job_runs_only_when_the_view_wants_it),
        SCHEDULER_TEST(stopping_cancels_the_job_that_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
