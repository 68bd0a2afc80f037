/* SPDX-License-Identifier: MIT
 *
 * xsmall load: the load runs on a thread of its own; this one tells how far it is.
 */
#include "command.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "output.h"

struct job {
    struct load_request request;
    struct load_result result;
    struct progress progress;
    struct err err;
    bool ok;
    atomic_bool over;
};

static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static void *run_job(void *with)
{
    struct job *job = with;
    job->ok = xsmall_load(&job->request, &job->progress, &job->result, &job->err);
    atomic_store(&job->over, true);
    return NULL;
}

static const char *const phase_names[] = {
    [PROGRESS_IDLE] = "",         [PROGRESS_INDEX] = "reading the index",
    [PROGRESS_LAYERS] = "layers", [PROGRESS_MERGE] = "merging",
    [PROGRESS_LOGS] = "logs",     [PROGRESS_COMMIT] = "finishing",
};

static void draw_bar(const struct progress *progress)
{
    enum { WIDTH = 30 };
    uint64_t total = progress->total_bytes, done = progress->done_bytes;
    int filled = total ? (int)(done >= total ? WIDTH : done * WIDTH / total) : 0;
    char bar[WIDTH + 1];
    memset(bar, '.', WIDTH);
    memset(bar, '#', (size_t)filled);
    bar[WIDTH] = 0;
    fprintf(stderr, "\r\033[K%-18s [%s] %3d %%  %llu MB  %u entries  %u lines",
            phase_names[progress->phase], bar, filled * 100 / WIDTH,
            (unsigned long long)(done / 1000000), progress->n_entries, progress->n_lines);
}

/* Until the load is over: a bar on a terminal, a line for each phase otherwise. */
static void watch(struct job *job, bool quiet)
{
    bool terminal = isatty(STDERR_FILENO);
    enum progress_phase told = PROGRESS_IDLE;
    while (!atomic_load(&job->over)) {
        if (interrupted)
            atomic_store(&job->progress.cancel, true);
        enum progress_phase phase = job->progress.phase;
        if (!quiet && terminal)
            draw_bar(&job->progress);
        else if (!quiet && phase != told && phase != PROGRESS_IDLE)
            fprintf(stderr, "xsmall: %s\n", phase_names[told = phase]);
        nanosleep(&(struct timespec){.tv_nsec = terminal ? 50000000 : 5000000}, NULL);
    }
    if (!quiet && terminal)
        fputs("\r\033[K", stderr);
}

static void summary(const struct xsmall *x, const struct load_result *result)
{
    if (x->subject) {
        fputs("xsmall: subject ", stderr);
        output_word(stderr, bytes_of(x->subject_info.name));
        fprintf(stderr, ", %u entries%s\n", x->subject->n,
                result->image_same ? " (was there)" : "");
    }
    if (x->base) {
        fputs("xsmall: base ", stderr);
        output_word(stderr, bytes_of(x->base_info.name));
        fprintf(stderr, ", %u entries%s\n", x->base->n, result->base_same ? " (was there)" : "");
    }
    if (result->n_new + result->n_same + result->n_grown + result->n_changed)
        fprintf(stderr,
                "xsmall: logs: %zu new, %zu grown, %zu changed and replaced, %zu the same\n",
                result->n_new, result->n_grown, result->n_changed, result->n_same);
    fprintf(stderr, "xsmall: %u lines in %u logs\n", x->corpus->n_lines, x->corpus->n_logs);
}

/* Brings the derived tables up to date. A chain that no longer fits the logs is only worth a
 * warning: the load itself is done. */
static bool settle(const char *session, const struct load_result *result, bool quiet,
                   struct err *err)
{
    XSMALL_AUTO struct xsmall *x = NULL;
    if (!xsmall_open(session, DB_WRITE, &x, err))
        return false;
    if (!quiet)
        summary(x, result);
    if (x->chain_err.kind != ERR_NONE) {
        output_error(bytes_of(x->chain_err.text));
        return true;
    }
    return xsmall_settle(x, NULL, err);
}

int command_load(const struct args *args, struct err *err)
{
    if (!args->n_operands && !args->base)
        return err_set(err, "load: nothing to load (see --help)"), EXIT_FAILED;
    BUF_AUTO struct buf session = {0};
    if (!xsmall_session_path(args->session, args->operands, args->n_operands, args->image, &session,
                             err))
        return EXIT_FAILED;
    struct job job = {.request = {.session = session.p,
                                  .operands = args->operands,
                                  .n_operands = args->n_operands,
                                  .base = args->base,
                                  .run = args->run,
                                  .cwd = args->cwd,
                                  .check = args->check,
                                  .replace = args->replace,
                                  .choice = args->image}};
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_job, &job))
        return err_set(err, "load: cannot start a thread"), EXIT_FAILED;
    watch(&job, args->quiet);
    pthread_join(thread, NULL);
    if (!job.ok) {
        *err = job.err;
        return EXIT_FAILED;
    }
    return settle(session.p, &job.result, args->quiet, err) ? EXIT_DONE : EXIT_FAILED;
}
