/* SPDX-License-Identifier: MIT
 *
 * xsmall check: the slim image's answers against the subject image's.
 */
#include "cli/command.h"

#include <stdio.h>

#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/run_options.h"
#include "keep/breaks.h"
#include "session/session_run.h"

struct task {
    struct session *session;
    struct session_check check;
    struct run_comparison comparison;
};

static bool run_task(void *with, struct progress *progress, struct err *err)
{
    struct task *task = with;
    return session_check(task->session, &task->check, progress, &task->comparison, err);
}

static bool count_breaks(struct session *session, size_t *n, struct err *err)
{
    struct breaks *breaks = NULL;
    struct keep_input input = session_keep_input(session);
    if (!breaks_compute(&input, session->keep, &breaks, err))
        return false;
    *n = breaks_standing(breaks);
    breaks_destroy(breaks);
    return true;
}

static void print_verdict(const struct run_comparison *comparison, const char *name,
                          size_t n_breaks)
{
    fprintf(stderr, "xsmall: check run %s: ", name);
    if (comparison->n_differences)
        fprintf(stderr, "differences: %zu", comparison->n_differences);
    else
        fputs("same answer", stderr);
    if (comparison->n_masked)
        fprintf(stderr,
                "; lines that differ between two runs of the subject image, or are "
                "ignored: %zu",
                comparison->n_masked);
    fprintf(stderr, "; breaks: %zu%s\n", n_breaks, n_breaks ? "; xsmall breaks lists them" : "");
}

static int check_in(struct session *session, const struct args *args, struct err *err)
{
    RUN_SPEC_AUTO struct run_spec spec;
    BUF_AUTO struct buf name = {0};
    struct words ignored = {0};
    size_t n_breaks = 0;
    run_spec_init(&spec);
    if (!run_options_read(args, session, &spec, err) ||
        !session_run_name(session, args->load.run, &name, err))
        return EXIT_FAILED;
    for (size_t i = 0; i < args->run.ignore.n; i++)
        words_add(&ignored, bytes_of(args->run.ignore.items[i]));
    struct task task = {.session = session,
                        .check = {.spec = &spec,
                                  .ignored = &ignored,
                                  .compare_output = args->run.compare_output,
                                  .name = name.p}};
    bool ok = progress_line_run(run_task, &task, args->quiet, err) &&
              count_breaks(session, &n_breaks, err);
    words_finish(&ignored);
    if (ok) {
        output_bytes(stdout, buf_bytes(&task.comparison.differences));
        output_bytes(stderr, buf_bytes(&task.comparison.notes));
        if (!args->quiet)
            print_verdict(&task.comparison, name.p, n_breaks);
    }
    bool same = task.comparison.n_differences == 0;
    run_comparison_finish(&task.comparison);
    return !ok ? EXIT_FAILED : same ? EXIT_DONE : EXIT_NO;
}

static int run_check(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (!command_open(args, DB_WRITE, &session, err) || !command_need_subject(session, err) ||
        !session_settle(session, NULL, err))
        return EXIT_FAILED;
    return check_in(session, args, err);
}

static const struct command_example examples[] = {
    {"xsmall check", "Compare the image's own command in both images"},
    {"xsmall check --ready tcp:8080 --test 'curl -fsS localhost:8080/login'",
     "Compare the answers of a service"},
    {NULL, NULL},
};

const struct command command_check = {
    .name = "check",
    .synopsis = "[--run NAME] [--ignore REGEX]... [--compare-output] [--user USER[:GROUP]] "
                "[--workdir DIR] [--entrypoint PROGRAM] [--env NAME[=VALUE]] [--env-file FILE] "
                "[--stdin FILE] [--mount SRC:DST[:rw]] [--net none|host] [--ready WHEN] "
                "[--test COMMAND] [--expect-exit N] [--stop SIGNAL] [--timeout SECONDS] "
                "[--memory BYTES] [--max-procs N] [--max-write BYTES] [-- ARG ...]",
    .help = "Run the slim image in a sandbox, and compare its answers",
    .about = "The subject image is run twice, then the slim image as it would be exported now: the "
             "base image and the kept files. Compared are how the program ended, the exit status "
             "and output of each test, and the program's output if it ended by itself. Lines that "
             "differ between the two runs of the subject image are not compared. The trace of the "
             "slim image becomes a check run: xsmall breaks lists the files that it missed. The "
             "options are those of xsmall run.",
    .options = " run ignore compare-output user workdir entrypoint env env-file stdin mount net "
               "ready test expect-exit stop timeout memory max-procs max-write ",
    .examples = examples,
    .exit_no = "if the answers differ",
    .has_command = true,
    .no_operands = true,
    .run = run_check,
};
