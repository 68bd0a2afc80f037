/* SPDX-License-Identifier: MIT
 * The strace command that the doctor proposes, from the start and the first execve of a log;
 * expected commands follow from strace(1)'s options and the shell's rules of quoting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "trace/doctor/advice.h"

static void check(const char *name, const char *style, const char *command, const char *root,
                  const char *advice, bool exact)
{
    BUF_AUTO struct buf out = {0}, expected = {0};
    struct advice_log log = {.name = bytes_of(name),
                             .style = bytes_of(style),
                             .command = bytes_of(command),
                             .root = bytes_of(root)};
    for (const char *p = advice; *p; p++) { /* @ is replaced by the part that all commands share */
        if (*p == '@')
            buf_add(&expected, bytes_of("-s 4096 -e " ADVICE_CALLS " -o"));
        else
            buf_byte(&expected, *p);
    }
    buf_byte(&expected, 0);
    assert_int_equal(advice_command(&log, &out), exact);
    buf_byte(&out, 0);
    assert_string_equal(out.p, expected.p);
}

#define SH "\"/bin/sh\", [\"sh\", \"-c\", \"a b\"], 0x7ffd0 /* 3 vars */) = 0"

static void styles(void **state)
{
    (void)state;
    check("log", "execve(" SH, SH, NULL, "strace -f -y @ again-log -- /bin/sh -c 'a b'", true);
    check("d/log", "12 execve(" SH, SH, NULL, "strace -f -y @ d/again-log -- /bin/sh -c 'a b'",
          true);
    check("log.12", "execve(" SH, SH, NULL, "strace -ff -y @ again-log -- /bin/sh -c 'a b'", true);
    check("log.12", "12 execve(" SH, SH, NULL, "strace -f -y @ again-log.12 -- /bin/sh -c 'a b'",
          true);
    check("l", "12    10:11:12 execve(" SH, SH, NULL,
          "strace -f -y -t @ again-l -- /bin/sh -c 'a b'", true);
    check("l", "[pid    12] 10:11:12.123456 execve(" SH " <0.000123>", SH, NULL,
          "strace -f -y -tt -T @ again-l -- /bin/sh -c 'a b'", true);
    check("l", "1700000000.123456 execve(" SH, SH, NULL,
          "strace -f -y -ttt @ again-l -- /bin/sh -c 'a b'", true);
    check("l", "12         0.000123 [  59] [00007f3dc82bfb1d] execve(" SH, SH, NULL,
          "strace -f -y -r -n -i @ again-l -- /bin/sh -c 'a b'", true);
    check("l", "10:11:12 (+     0.000038) execve(" SH, SH, NULL,
          "strace -f -y -t -r @ again-l -- /bin/sh -c 'a b'", true);
    check("l", "execve(\"/bin/sh\", [\"sh\"], [\"A=1\"]) = 0", "\"/bin/sh\", [\"sh\"]) = 0", NULL,
          "strace -f -y -v @ again-l -- /bin/sh", true);
    check("log", "", SH, "/srv/a root",
          "chroot '/srv/a root' strace -f -y @ /again-log -- /bin/sh -c 'a b'", true);
}

static void words(void **state)
{
    (void)state;
    check("|rm -r *", "",
          "\"/bin/it's\", [\"x\", \"\", \"$(a)\\n`b`\", \"\\303\\244;\"], NULL) = 0", NULL,
          "strace -f -y @ 'again-|rm -r *' -- '/bin/it'\\''s' '' '$(a)\n`b`' '\303\244;'", true);
    check("l", "", "\"\\x2f\\x61\", [\"\\x61\", \"-\\x2d\"], NULL) = 0", NULL,
          "strace -f -y @ again-l -- /a --", true);
}

static void unknown(void **state)
{
    (void)state;
    check("l", "", "", NULL, "strace -f -y @ again-l -- PROGRAM ARGS", false);
    check("l", "", "0x7ffd, [\"a\"], NULL) = 0", NULL, "strace -f -y @ again-l -- PROGRAM ARGS",
          false);
    check("l", "", "\"/a\", 0x7ffd, NULL) = 0", NULL, "strace -f -y @ again-l -- /a ARGS", false);
    check("l", "", "\"/a\", [\"a\", \"long\"..., \"b\", ...], NULL) = 0", NULL,
          "strace -f -y @ again-l -- /a long... b ...", false);
    check("l", "", "\"/a\", [\"a\", \"b\", <unfinished", NULL, "strace -f -y @ again-l -- /a b",
          false);
    check("l", "", "\"/a", NULL, "strace -f -y @ again-l -- PROGRAM ARGS", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(styles), cmocka_unit_test(words),
                                       cmocka_unit_test(unknown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
