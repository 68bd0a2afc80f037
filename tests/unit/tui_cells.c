/* SPDX-License-Identifier: MIT
 *
 * Bytes to cells: which characters may reach a terminal.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "screen/search_match.h"
#include "screen/screen.h"

/* For any input, only printable code points are written. */
static void assert_printable(const struct screen *screen)
{
    for (int i = 0; i < screen->width * screen->height; i++) {
        uint32_t rune = screen->cells[i].rune;
        assert_true(rune == 0 || (rune >= 0x20 && rune != 0x7f && !(rune >= 0x80 && rune < 0xa0)));
        assert_false(rune >= 0x200b && rune <= 0x200f);
        assert_false(rune >= 0x202a && rune <= 0x202e);
        assert_false(rune >= 0xd800 && rune <= 0xdfff);
        assert_true(rune <= 0x10ffff);
    }
}

static void row(const char *text, size_t n, int width, const char *expected)
{
    struct screen screen = {0};
    BUF_AUTO struct buf out = {0};
    screen_resize(&screen, width, 1);
    screen_put(&screen, 0, 0, width, bytes_from(text, n), ROLE_TEXT, false);
    assert_printable(&screen);
    screen_dump(&screen, &out);
    out.p[--out.n] = 0; /* its newline */
    assert_string_equal(out.p, expected);
    screen_finish(&screen);
}

static void hostile_bytes_are_shown_never_sent(void **state)
{
    (void)state;
    row("\033]0;x\007", 6, 20, "\\x1b]0;x\\x07");
    row("a\0b\n", 4, 20, "a\\x00b\\n");
    row("\xe2\x80\xae"
        "fed",
        6, 20, "\\u202efed");
    row("\xff\xc3", 2, 20, "\\xff\\xc3");
    row("e\xcc\x81", 3, 20, "e\\u0301"); /* a combining mark has no cell of its own */
    row("\xe4\xb8\xad\xe6\x96\x87", 6, 4, "\xe4\xb8\xad\xe6\x96\x87");
    row("\xe4\xb8\xad\xe6\x96\x87", 6, 3, "\xe4\xb8\xad\xe2\x80\xa6"); /* no half of a wide one */
    row("\xed\xa0\x80", 3, 20, "\\xed\\xa0\\x80"); /* a surrogate is no UTF-8 (RFC 3629) */
    row("\xc0\xaf", 2, 20, "\\xc0\\xaf");          /* nor is an overlong slash */
    row("\xef\xbb\xbf", 3, 20, "\\ufeff");
    row("\xc2\x9b", 2, 20, "\\u009b"); /* CSI as one C1 byte */
    row("abcdef", 6, 4, "abc\xe2\x80\xa6");
    row("abcd", 4, 4, "abcd");
}

static void bars_have_eighths(void **state)
{
    (void)state;
    struct screen screen = {0};
    BUF_AUTO struct buf out = {0};
    screen_resize(&screen, 4, 1);
    screen_bar(&screen, 0, 0, 4, 5, 16, false); /* 32 * 5 / 16 = 10 eighths: a full one and two */
    screen_dump(&screen, &out);
    assert_string_equal(out.p, "\xe2\x96\x88\xe2\x96\x8e\xe2\x96\x91\xe2\x96\x91\n");
    screen_finish(&screen);
}

/* Each pair of bytes, and a fixed stream of bytes, at each width: no unsafe character is written,
 * and no write is outside the grid (which the sanitizers check). */
static void no_byte_gets_through(void **state)
{
    (void)state;
    char text[512];
    uint32_t seed = 1;
    for (int round = 0; round < 400; round++) {
        for (size_t i = 0; i < sizeof text; i++) {
            seed = seed * 1664525 + 1013904223; /* Numerical Recipes' generator */
            text[i] = (char)(seed >> 24);
        }
        struct screen screen = {0};
        screen_resize(&screen, 1 + round % 90, 2);
        screen_put(&screen, round % 7 - 3, 0, 200, bytes_from(text, sizeof text), ROLE_TEXT, false);
        struct screen_look look = {.left = round, .head = 4, .found = bytes_of("a")};
        screen_put_look(&screen, 0, 1, 200, bytes_from(text, sizeof text), &look);
        assert_printable(&screen);
        screen_finish(&screen);
    }
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        struct screen screen = {0};
        char two[2] = {(char)(pair >> 8), (char)pair};
        screen_resize(&screen, 12, 1);
        screen_put(&screen, 0, 0, 12, bytes_from(two, 2), ROLE_TEXT, false);
        assert_printable(&screen);
        screen_finish(&screen);
    }
}

static void a_look_has_a_prefix_and_matches(void **state)
{
    (void)state;
    struct screen screen = {0};
    BUF_AUTO struct buf out = {0};
    screen_resize(&screen, 8, 1);
    struct screen_look look = {.role = ROLE_TEXT, .head = 2, .found = bytes_of("so")};
    screen_put_look(&screen, 0, 0, 8, bytes_of("l:xSO.so"), &look);
    const enum role expected[] = {ROLE_PREFIX, ROLE_PREFIX, ROLE_TEXT,  ROLE_MATCH,
                                  ROLE_MATCH,  ROLE_TEXT,   ROLE_MATCH, ROLE_MATCH};
    for (int x = 0; x < 8; x++)
        assert_int_equal(screen.cells[x].role, expected[x]);
    screen_clear(&screen);
    look = (struct screen_look){.left = 3};
    screen_put_look(&screen, 0, 0, 8, bytes_of("abcdef"), &look);
    screen_dump(&screen, &out);
    assert_string_equal(out.p, "def\n");
    screen_finish(&screen);
}

static void needles_match_by_their_case(void **state)
{
    (void)state;
    assert_true(search_match_in(bytes_of("/lib/libPython.so"), bytes_of("python")));
    assert_true(search_match_in(bytes_of("/lib/libPython.so"), bytes_of("Python")));
    assert_false(search_match_in(bytes_of("/lib/libpython.so"), bytes_of("Python")));
    assert_false(search_match_in(bytes_of("abc"), bytes_of("")));
    assert_false(search_match_in(bytes_of(""), bytes_of("a")));
    assert_true(search_match_in(bytes_from("a\0bc", 4), bytes_of("bc")));
    assert_false(search_match_at(bytes_from("a\0", 2), bytes_of("ab")));
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_bytes_are_shown_never_sent),
        cmocka_unit_test(no_byte_gets_through),
        cmocka_unit_test(bars_have_eighths),
        cmocka_unit_test(a_look_has_a_prefix_and_matches),
        cmocka_unit_test(needles_match_by_their_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
