/* SPDX-License-Identifier: MIT
 *
 * xsmall run: the program of the image, traced in a sandbox, as a run of the session.
 */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/run_options.h"
#include "cli/run_report.h"
#include "session/session_run.h"
#include "threads/loader.h"

/* The operands before "--": the image, if any. */
static bool load_image(const struct args *args, const char *session_path, struct err *err)
{
    if (!args->n_operands && !args->load.base)
        return true;
    struct load_request request = args_load_request(args, session_path);
    struct progress progress = {0};
    struct load_result result = {0};
    request.run = NULL;
    return session_load(&request, &progress, &result, err);
}

struct task {
    struct session *session;
    struct session_run run;
    struct run_result result;
    struct load_result loaded;
};

static bool run_task(void *with, struct progress *progress, struct err *err)
{
    struct task *task = with;
    return session_run(task->session, &task->run, progress, &task->result, &task->loaded, err);
}

static int run_in(struct session *session, const struct args *args, struct err *err)
{
    RUN_SPEC_AUTO struct run_spec spec;
    BUF_AUTO struct buf name = {0};
    run_spec_init(&spec);
    if (!run_options_read(args, session, &spec, err) ||
        !session_run_name(session, args->load.run, &name, err))
        return EXIT_FAILED;
    if (args->run.dry_run)
        return run_report_commands(&spec), EXIT_DONE;
    struct task task = {.session = session, .run = {&spec, SESSION_SUBJECT, name.p}};
    if (!progress_line_run(run_task, &task, args->quiet, err))
        return EXIT_FAILED;
    run_report_print(&spec, &task.result, name.p, args->quiet);
    bool ok = run_passed(&spec, &task.result);
    run_result_finish(&task.result);
    return ok ? EXIT_DONE : EXIT_NO;
}

static int run_run(const struct args *args, struct err *err)
{
    BUF_AUTO struct buf session_path = {0};
    SESSION_AUTO struct session *session = NULL;
    if (args->n_operands > 1)
        return err_set(err, "%s: expected one image; write the command after --",
                       args->operands[1]),
               EXIT_FAILED;
    if (!session_find_path(args->session_path, args->operands, args->n_operands,
                           (struct image_choice){args->load.image, args->load.platform},
                           &session_path, err))
        return EXIT_FAILED;
    if (!load_image(args, session_path.p, err) ||
        !session_open(session_path.p, DB_WRITE, &session, err) ||
        !command_need_subject(session, err))
        return EXIT_FAILED;
    return run_in(session, args, err);
}

static const struct command_example examples[] = {
    {"xsmall run app.tar", "Run the image's own command, and trace it"},
    {"xsmall run app.tar --ready tcp:8080 --test 'curl -fsS localhost:8080'",
     "Run a service, send one request, and stop the service"},
    {"xsmall run --run convert -- convert /in.svg /tmp/out.png",
     "Run another command of the session's image"},
    {NULL, NULL},
};

const struct command command_run = {
    .name = "run",
    .synopsis = "[--base REF] [--run NAME] [--user USER[:GROUP]] [--workdir DIR] "
                "[--entrypoint PROGRAM] [--env NAME[=VALUE]] [--env-file FILE] [--stdin FILE] "
                "[--mount SRC:DST[:rw]] [--net none|host] [--ready WHEN] [--test COMMAND] "
                "[--expect-exit N] [--stop SIGNAL] [--timeout SECONDS] [--memory BYTES] "
                "[--max-procs N] [--max-write BYTES] [--dry-run] [--image N] [--platform P] "
                "[--verify] [IMAGE] [-- ARG ...]",
    .help = "Run the image in a sandbox, traced, and load the trace",
    .about = "The image's program runs with its own command, environment, user and working "
             "directory, in a private copy of the image that is removed afterwards; it cannot "
             "change the host. It requires bubblewrap and strace on this machine; it requires no "
             "container engine, no root, and no strace in the image. ARG replaces the image's "
             "CMD.\n\n"
             "Without --test the program runs until it ends. With --test, it runs until it is "
             "ready; then the tests run, and the program is stopped.",
    .options = " base run user workdir entrypoint env env-file stdin mount net ready test "
               "expect-exit stop timeout memory max-procs max-write dry-run image platform "
               "verify ",
    .examples = examples,
    .exit_no = "if the program or a test fails, or a limit is reached",
    .has_command = true,
    .run = run_run,
};
