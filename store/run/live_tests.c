/* SPDX-License-Identifier: MIT
 *
 * Tests are commands of the caller: sh -c, in the caller's directory, as the caller, in the
 * sandbox's network. Their output goes to test-N of the run's directory.
 */
#include "run/live_run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/namespace_fork.h"
#include "util/clock.h"
#include "util/spool.h"

enum { TURN_MS = 20 };

static _Noreturn void become_test(const struct live_run *live, const char *command, int output)
{
    char port[16];
    struct err err;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    snprintf(port, sizeof port, "%u", live->spec->ready.port);
    setenv("XSMALL_ROOT", live->result->dir.root.p, 1);
    if (live->spec->ready.port)
        setenv("XSMALL_PORT", port, 1);
    if (!namespace_join(live->keeper.pid, live_run_part(live), &err)) {
        dprintf(STDERR_FILENO, "xsmall: %s\n", err.text);
        _exit(127);
    }
    namespace_keep_rights();
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* Kills the test with what it started in its session. */
static void end_test(pid_t pid, int *status)
{
    kill(-pid, SIGKILL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
}

static bool output_is_over(const struct live_run *live, int output)
{
    struct stat st;
    return fstat(output, &st) == 0 && (uint64_t)st.st_size > live->spec->limits.output;
}

/* Waits for a test while the program runs on; a program that ends does not end its test. */
static void wait_for_test(struct live_run *live, pid_t pid, int output,
                          struct run_test_result *test)
{
    uint64_t began = clock_ns();
    for (;;) {
        if (waitpid(pid, &test->status, WNOHANG) == pid) {
            kill(-pid, SIGKILL);
            break;
        }
        bool runs = live_run_turn(live, TURN_MS);
        bool is_late = (double)(clock_ns() - began) > live->spec->limits.test_s * 1e9;
        if (is_late || output_is_over(live, output) ||
            (!runs && live->result->outcome != RUN_ENDED) || live_run_is_cancelled(live)) {
            end_test(pid, &test->status);
            test->status = -1;
            break;
        }
    }
    test->time_ns = clock_ns() - began;
}

static bool run_test(struct live_run *live, size_t number, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    struct run_result *result = live->result;
    buf_printf(&path, "%s/test-%zu", result->dir.path.p, number + 1);
    FD_AUTO int output = open(path.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
    if (output < 0)
        return err_sys(err, "%s", path.p);
    pid_t pid = fork();
    if (pid == 0)
        become_test(live, live->spec->tests.items[number], output);
    if (pid < 0)
        return err_sys(err, "fork");
    wait_for_test(live, pid, output, &result->tests[result->n_tests++]);
    return true;
}

bool live_tests_run(struct live_run *live, struct err *err)
{
    live->result->tests = mem_zero(live->spec->tests.n + 1, sizeof *live->result->tests);
    for (size_t i = 0; i < live->spec->tests.n; i++) {
        if (live->result->outcome != RUN_ENDED || live_run_is_cancelled(live))
            break;
        if (!run_test(live, i, err))
            return false;
    }
    return true;
}
