/* SPDX-License-Identifier: MIT
 * Path resolution: expected values worked out by hand from POSIX pathname resolution and
 * share/doc/semantics.md (Paths of accesses). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/map.h"
#include "util/path.h"
#include "util/text.h"

static void tar_member_names(void **state)
{
    (void)state;
    static const struct {
        const char *name, *expected; /* NULL: refused */
    } cases[] = {
        {"./usr/lib/", "usr/lib"},
        {"/etc//passwd", "etc/passwd"},
        {"a/./b", "a/b"},
        {"./", ""},
        {"..", NULL},
        {"a/../b", NULL},
        {"a/..", NULL},
        {"..a", "..a"},
        {"a...", "a..."},
    };
    BUF_AUTO struct buf out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool ok = path_member(bytes_of(cases[i].name), &out);
        assert_int_equal(ok, cases[i].expected != NULL);
        if (ok)
            assert_true(bytes_equal(buf_bytes(&out), bytes_of(cases[i].expected)));
    }
    assert_false(path_member(bytes_from("a\0b", 3), &out));
}

static void absolute_paths(void **state)
{
    (void)state;
    static const struct {
        const char *dir, *path, *expected;
    } cases[] = {
        {"/w", "x", "/w/x"},          {"/w", "../x", "/x"}, {"/w/", "./a//b/", "/w/a/b"},
        {"/w", "/etc/../x", "/x"},    {"/", "..", "/"},     {"", "rel/../x", "rel/../x"},
        {"", "/a/.", "/a"},           {"/w", "", "/w"},     {"/w", "/..", "/"},
        {"/a/b", "../../../c", "/c"},
    };
    BUF_AUTO struct buf out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        path_absolute(bytes_of(cases[i].dir), bytes_of(cases[i].path), &out);
        assert_string_equal(out.p, cases[i].expected);
    }
}

static void utf8(void **state)
{
    (void)state;
    /* RFC 3629: overlong forms, surrogates and values past U+10FFFF are not well-formed */
    static const char *const good[] = {
        "", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80",     "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf",    "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf8\x88", "\xc3",     "\xe2\x82", "\xf0\x80\x80\x80"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(text_is_utf8(bytes_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_is_utf8(bytes_of(bad[i])));
}

static void nothing_unsafe_gets_through(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"plain \xc3\xa9", "plain \xc3\xa9"},
        {"\x1b[31m", "\\x1b[31m"},
        {"a\nb\tc\r", "a\\nb\\tc\\r"},
        {"\xc2\x9b"
         "31m",
         "\\u009b31m"}, /* C1 CSI */
        {"\xe2\x80\xae"
         "x\xe2\x80\x8b",
         "\\u202ex\\u200b"}, /* bidi override, zero width */
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xf3\xa0\x80\x81", "\\U000e0001"}, /* a tag character */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf out = {0};
        text_escape(bytes_of(cases[i].text), TEXT_PASS_NONE, &out);
        assert_string_equal(out.p, cases[i].expected);
    }
    BUF_AUTO struct buf out = {0};
    text_escape(bytes_of("a\n\tb\a"), TEXT_PASS_LINES, &out);
    assert_string_equal(out.p, "a\n\tb\\x07");
}

static void map_keeps_all(void **state)
{
    (void)state;
    struct map map = {0};
    char key[32];
    for (uint64_t i = 0; i < 20000; i++) {
        bool is_new;
        int n = snprintf(key, sizeof key, "k%llu", (unsigned long long)(i % 10000));
        uint64_t *value = map_at(&map, bytes_from(key, (size_t)n), &is_new);
        assert_int_equal(is_new, i < 10000);
        if (is_new)
            *value = i;
        assert_int_equal(*value, i % 10000);
    }
    assert_int_equal(map.n, 10000);
    assert_null(map_find(&map, bytes_of("k10000")));
    map_finish(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tar_member_names),
        cmocka_unit_test(absolute_paths),
        cmocka_unit_test(utf8),
        cmocka_unit_test(nothing_unsafe_gets_through),
        cmocka_unit_test(map_keeps_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
