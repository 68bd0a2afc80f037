/* SPDX-License-Identifier: MIT
 * Detection of the end of a growing log: what strace(1) prints when processes end, and that it
 * prints a pid only if there are several processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "session/log_watch_end.h"

/* Appends text; '!' in it means "ended here", '.' means "not ended". */
static void grow(const char *script)
{
    char path[] = "/tmp/xsmall-live-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct log_watch_end end = {.path = path};
    for (const char *p = script; *p;) {
        size_t n = strcspn(p, "!.");
        assert_int_equal(write(fd, p, n), (ssize_t)n);
        log_watch_end_read(&end);
        if (log_watch_end_is_over(&end) != (p[n] == '!'))
            fail_msg("at: %s", p);
        p += n + 1;
    }
    log_watch_end_finish(&end);
    close(fd);
    unlink(path);
}

static void one_process(void **state)
{
    (void)state;
    grow(".execve(\"/bin/a\", [], []) = 0\n.exit_group(0) = ?\n.+++ exited with 0 +++\n!");
    grow("+++ exi.ted with 0 +++\n!"); /* -ff -e open: nothing else in it */
    grow("a() = 0\n+++ killed by SIGKILL +++\n!b() = 0\n.+++ exited with 1 +++\n!"); /* -A */
    grow("the program's own output\n.");
}

static void several(void **state)
{
    (void)state;
    grow("1 fork() = 2\n.2 exit(0) = ?\n2 +++ exited with 0 +++\n.1 --- SIGCHLD {si_pid=2} ---\n."
         "1 +++ exited with 0 +++\n!");
    grow("1 fork() = 2\n2 pause( <unfinished ...>\n1 +++ exited with 0 +++\n."
         "2 <... pause resumed>) = ?\n2 +++ killed by SIGTERM +++\n!");
    /* 2, a thread of 1, calls execve and continues as 1: execve(2) */
    grow("1 pause( <unfinished ...>\n2 execve(\"/a\", [], [] <pid changed to 1 ...>\n"
         "1 +++ superseded by execve in pid 2 +++\n.1 <... execve resumed>) = 0\n."
         "1 +++ exited with 0 +++\n!");
    /* on stderr: the pid is there while there are several */
    grow("fork() = 2\nstrace: Process 2 attached\n.[pid     2] +++ exited with 0 +++\n."
         "wait4() = 2\n.+++ exited with 0 +++\n!");
}

static void starts_again(void **state)
{
    (void)state;
    char path[] = "/tmp/xsmall-live-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct log_watch_end end = {.path = path};
    assert_int_equal(write(fd, "1 a() = 0\n1 +++ exited with 0 +++\n", 34), 34);
    log_watch_end_read(&end);
    assert_true(log_watch_end_is_over(&end));
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(pwrite(fd, "2 a() = 0\n", 10, 0), 10);
    log_watch_end_read(&end);
    assert_false(log_watch_end_is_over(&end));
    unlink(path);
    close(fd);
    log_watch_end_read(&end); /* gone: nothing new */
    assert_false(log_watch_end_is_over(&end));
    log_watch_end_finish(&end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_process), cmocka_unit_test(several),
                                       cmocka_unit_test(starts_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
