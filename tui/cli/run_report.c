/* SPDX-License-Identifier: MIT */
#include "cli/run_report.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cli/output.h"
#include "run/sandbox_args.h"

/* "exited with 3", "was killed by SIGSEGV". */
static void print_status(int status)
{
    if (status == -1)
        fputs("ended; its status is not known", stderr);
    else if (WIFSIGNALED(status))
        fprintf(stderr, "was killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
    else
        fprintf(stderr, "exited with %d", WEXITSTATUS(status));
}

/* A file of the run; its bytes are escaped on a terminal. */
static void print_file(const struct run_result *result, const char *name, FILE *out)
{
    BUF_AUTO struct buf path = {0};
    char bytes[1 << 14];
    buf_printf(&path, "%s/%s", result->dir.path.p, name);
    FILE *file = fopen(path.p, "re");
    for (size_t n; file && (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
        output_bytes(out, bytes_from(bytes, n));
    if (file)
        fclose(file);
}

static void print_test(const struct run_spec *spec, const struct run_result *result, size_t i)
{
    char name[32];
    const struct run_test_result *test = &result->tests[i];
    fprintf(stderr, "xsmall: test %zu, ", i + 1);
    output_word(stderr, bytes_of(spec->tests.items[i]));
    if (test->status == -1) {
        fprintf(stderr, ": was killed after %.0f s", spec->limits.test_s);
    } else {
        fputs(": ", stderr);
        print_status(test->status);
    }
    fprintf(stderr, " after %.1f s\n", (double)test->time_ns / 1e9);
    snprintf(name, sizeof name, "test-%zu", i + 1);
    if (!run_test_passed(test))
        print_file(result, name, stderr);
}

static void print_losses(const struct run_spec *spec, const struct run_result *result)
{
    const struct unpack_result *unpacked = &result->unpacked;
    if (result->ids == ID_MAP_SINGLE && (unpacked->n_owners || spec->uid || spec->gid))
        fprintf(stderr,
                "xsmall: warning: /etc/subuid: no range for this user: the program ran as user 0 "
                "instead of %u, the only one of its sandbox; files of other owners that became "
                "its own: %u\n",
                spec->uid, unpacked->n_owners);
    else if (unpacked->n_owners)
        fprintf(stderr, "xsmall: warning: files whose owner has no id in the sandbox: %u\n",
                unpacked->n_owners);
    if (unpacked->n_devices)
        fprintf(stderr,
                "xsmall: warning: device files of the image that the sandbox does not have: %u\n",
                unpacked->n_devices);
}

void run_report_print(const struct run_spec *spec, const struct run_result *result,
                      const char *name, bool quiet)
{
    print_file(result, "stdout", stdout);
    print_file(result, "stderr", stderr);
    if (quiet)
        return;
    print_losses(spec, result);
    fprintf(stderr, "xsmall: run %s: the program ", name);
    if (result->outcome != RUN_ENDED)
        fprintf(stderr, "was killed: %s", run_outcomes[result->outcome]);
    else
        print_status(result->status);
    fprintf(stderr, "%s after %.1f s\n", result->was_stopped ? " after the stop signal," : "",
            (double)result->time_ns / 1e9);
    if (spec->tests.n && !result->was_ready)
        fputs("xsmall: the program did not become ready (--ready); no test was run\n", stderr);
    for (size_t i = 0; i < result->n_tests; i++)
        print_test(spec, result, i);
}

static void print_words(const struct words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        if (i)
            putchar(' ');
        output_word(stdout, bytes_of(words->items[i]));
    }
    putchar('\n');
}

void run_report_commands(const struct run_spec *spec)
{
    struct run_dir dir = {.lock = -1};
    struct sandbox_places places = {.has_tmp = true};
    struct words bwrap = {0}, strace = {0};
    buf_add(&dir.root, bytes_of("DIR/root"));
    buf_add(&dir.inside, bytes_of("DIR/inside"));
    buf_add(&dir.log, bytes_of("DIR/trace/log"));
    for (size_t i = 0; i < spec->n_mounts; i++)
        words_add(&places.targets, bytes_of(spec->mounts[i].target));
    sandbox_args(spec, &dir, &(struct id_map){.count = ID_MAP_COUNT}, &places, &bwrap);
    tracer_args(&dir, 0, &strace);
    print_words(&bwrap);
    print_words(&strace);
    words_finish(&bwrap);
    words_finish(&strace);
    words_finish(&places.targets);
    run_dir_finish(&dir);
}
