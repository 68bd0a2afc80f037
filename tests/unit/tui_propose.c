/* SPDX-License-Identifier: MIT
 * Patterns proposed for a path or a line, written by hand; as a pattern of the installed grep each
 * finds the text that it was proposed for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/proposals.h"

static const struct row {
    const char *text, *expected; /* a blank between two */
} paths[] = {
    {"/usr/lib/python3/site-packages/a/b.pyc",
     "\\.pyc /usr/lib/python3/site-packages/a/ /usr/lib/python3/site-packages/ /usr/lib/python3/ "
     "/usr/lib/ /usr/ a site-packages python3 lib usr b\\.pyc"},
    {"/usr/share/doc/", "/usr/share/doc/ /usr/share/ /usr/ doc share usr"},
    {"/lib/libc.so.6", "\\.so /lib/ lib libc\\.so\\.6"},
    {"/lib/x.so", "\\.so /lib/ lib x\\.so"},
    {"/etc/a.conf.d/9.1~x", "/etc/a\\.conf\\.d/ /etc/ a\\.conf\\.d etc 9\\.1~x"},
    {"/.dockerenv", "\\.dockerenv"},
    {"relative.h", "\\.h relative\\.h"},
    {"/", ""},
    {"", ""},
    {"/a*b/[x]/^c$", "/a\\*b/\\[x]/ /a\\*b/ \\[x] a\\*b \\^c\\$"},
    {"/x\ny/b.c", "\\.c b\\.c"},
    {"/\x1b[2J/\xff.o", "\\.o /\x1b\\[2J/ \x1b\\[2J \xff\\.o"},
    {"/a/a/a", "/a/a/ /a/ a"},
};

static const struct row lines[] = {
    {"openat(AT_FDCWD, \"/etc/x.conf\", O_RDONLY) = -1 ENOENT (No such file or directory)",
     "=.-1 =.-1.ENOENT \\.conf /etc/ etc x\\.conf openat("},
    {"12 rename(\"/a/b\", \"/c/d\") = 0", "/a/ a b /c/ c d rename("},
    {"execve(\"/bin/sh\", [\"sh\", \"-c\"], 0x7ff /* 1 var */) = 0", "/bin/ bin sh execve("},
    {"open(\"a\\\"b\\303\\251.txt\", O_RDONLY) = 3", "\\.txt a\\\\\"b\\\\303\\\\251\\.txt open("},
    {"read(3, \"= -1 EIO\", 9) = -1 EBADF (x)", "=.-1 =.-1.EBADF =.-1.EIO read("},
    {"+++ exited with 0 +++", ""},
    {"openat(AT_FDCWD, \"/usr/li", "/usr/ usr li openat("},
    {"\"", ""},
    {"", ""},
};

/* A space inside a pattern is written as '.' in the tables. */
static void check(const struct row *row, const struct proposals *got)
{
    BUF_AUTO struct buf joined = {0};
    for (size_t i = 0; i < got->n; i++) {
        buf_add(&joined, bytes_of(i ? " " : ""));
        for (size_t k = 0; k < got->list[i].n; k++)
            buf_byte(&joined, got->list[i].p[k] == ' ' ? '.' : got->list[i].p[k]);
    }
    buf_byte(&joined, 0);
    assert_string_equal(joined.p, row->expected);
}

static void each_finds_its_text(const char *text, const struct proposals *got)
{
    for (size_t i = 0; i < got->n; i++) {
        setenv("TEXT", text, 1);
        setenv("EXPR", got->list[i].p, 1);
        if (system("printf '%s\\n' \"$TEXT\" | LC_ALL=C grep -aqe \"$EXPR\""))
            fail_msg("%s is not found in %s", got->list[i].p, text);
    }
}

static void paths_are_proposed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct proposals got = {0};
        propose_path(bytes_of(paths[i].text), &got);
        check(&paths[i], &got);
        each_finds_its_text(paths[i].text, &got);
        proposals_finish(&got);
    }
}

static void lines_are_proposed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct proposals got = {0};
        propose_line(bytes_of(lines[i].text), &got);
        check(&lines[i], &got);
        each_finds_its_text(lines[i].text, &got);
        proposals_finish(&got);
    }
}

/* A path with very many components: the list is limited. */
static void deep_paths_are_bounded(void **state)
{
    (void)state;
    BUF_AUTO struct buf deep = {0};
    struct proposals got = {0};
    for (int i = 0; i < 3000; i++)
        buf_printf(&deep, "/d%d", i);
    propose_path(buf_bytes(&deep), &got);
    assert_in_range(got.n, 2, 100);
    proposals_finish(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths_are_proposed),
                                       cmocka_unit_test(lines_are_proposed),
                                       cmocka_unit_test(deep_paths_are_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
