/* SPDX-License-Identifier: MIT
 *
 * xsmall load --follow: another thread follows the logs; this one waits for it and for signals.
 */
#include "cli/load_follow.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "session/log_watcher.h"
#include "util/interrupt.h"
#include "cli/output.h"
#include "cli/report/report_problems.h"
#include "cli/report/report_trace.h"

enum { LOOK_MS = 50 };

struct job {
    struct log_watcher_request live;
    struct progress progress;
    bool quiet, ok;
    atomic_bool over;
    struct err err;
};

/* Updates the derived tables after each load, and prints the number of lines. */
static bool loaded(void *with, const struct load_result *result, struct err *err)
{
    struct job *job = with;
    SESSION_AUTO struct session *session = NULL;
    if (!session_open(job->live.load.session_path, DB_WRITE, &session, err) ||
        (session->chain_err.kind == ERR_NONE && !session_settle(session, interrupt_flag(), err)))
        return false;
    if (!job->quiet)
        fprintf(stderr, "xsmall: logs %u, lines %u, matching lines %llu\n", session->corpus->n_logs,
                session->corpus->n_lines, (unsigned long long)chain_n_output(session->chain));
    return job->quiet || report_problems_warn(session, result, err);
}

static void *follow(void *with)
{
    struct job *job = with;
    job->ok = log_watcher_run(&job->live, &job->progress, &job->err);
    atomic_store(&job->over, true);
    return NULL;
}

static bool warn(const struct job *job, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    return session_open(job->live.load.session_path, DB_READ, &session, err) &&
           (session->chain_err.kind != ERR_NONE ||
            session_settle(session, interrupt_flag(), err)) &&
           report_trace_warn(session, err);
}

int load_follow(const struct args *args, const struct load_request *request, struct err *err)
{
    struct job job = {.live = {.load = *request, .loaded = loaded}, .quiet = args->quiet};
    pthread_t thread;
    job.live.with = &job;
    interrupt_release(); /* a signal ends following, and only that */
    if (pthread_create(&thread, NULL, follow, &job))
        return err_set(err, "load: cannot start a thread"), EXIT_FAILED;
    while (!atomic_load(&job.over)) {
        if (interrupt_signal())
            atomic_store(&job.progress.cancel, true);
        poll(NULL, 0, LOOK_MS);
    }
    pthread_join(thread, NULL);
    if (!job.ok) {
        err_copy(err, &job.err);
        return EXIT_FAILED;
    }
    if (access(request->session_path, F_OK) != 0) /* stopped before the first load ended */
        return EXIT_DONE;
    return args->quiet || warn(&job, err) ? EXIT_DONE : EXIT_FAILED;
}
