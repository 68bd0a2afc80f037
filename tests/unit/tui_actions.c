/* SPDX-License-Identifier: MIT
 * The key map, and what may reach a terminal. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "actions.h"
#include "format.h"
#include "prompt.h"
#include "screen.h"

static bool share_a_scope(const struct action_info *a, const struct action_info *b)
{
    return a->scope == SCOPE_ALL || b->scope == SCOPE_ALL || a->scope == b->scope;
}

static void no_two_actions_share_a_key(void **state)
{
    (void)state;
    for (enum action a = 1; a < N_ACTIONS; a++) {
        const struct action_info *info = action_info(a);
        char keys[64], *save;
        strcpy(keys, info->keys);
        for (char *word = strtok_r(keys, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
            uint32_t key = key_of_word(bytes_of(word));
            assert_true(key != 0);
            enum scope focus = info->scope == SCOPE_PANEL ? SCOPE_PANEL : SCOPE_BODY;
            assert_int_equal(action_of_key(key, focus), a);
        }
        for (enum action b = a + 1; b < N_ACTIONS; b++) {
            assert_string_not_equal(info->name, action_info(b)->name);
            char others[64];
            strcpy(others, action_info(b)->keys);
            strcpy(keys, info->keys);
            if (!share_a_scope(info, action_info(b)))
                continue;
            for (char *word = strtok_r(keys, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
                char *at = strstr(others, word);
                bool whole = at && (at == others || at[-1] == ' ') &&
                             (at[strlen(word)] == ' ' || !at[strlen(word)]);
                assert_false(whole);
            }
        }
    }
}

static void names_find_actions(void **state)
{
    (void)state;
    assert_int_equal(action_of_name(bytes_of("quit")), ACTION_QUIT);
    assert_int_equal(action_of_name(bytes_of("qu")), ACTION_QUIT);
    assert_int_equal(action_of_name(bytes_of("move")), ACTION_NONE); /* two begin so */
    assert_int_equal(action_of_name(bytes_of("")), ACTION_NONE);
}

static void row(const char *text, size_t n, int width, const char *expected)
{
    struct screen screen = {0};
    BUF_AUTO struct buf out = {0};
    screen_resize(&screen, width, 1);
    screen_put(&screen, 0, 0, width, bytes_from(text, n), ROLE_TEXT, false);
    for (int x = 0; x < width; x++) { /* whatever came in, only printable code points go out */
        uint32_t rune = screen.cells[x].rune;
        assert_true(rune == 0 || (rune >= 0x20 && rune != 0x7f && !(rune >= 0x80 && rune < 0xa0)));
    }
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

static void numbers_for_people(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *expected;
    } cases[] = {{0, "0 B"},
                 {999, "999 B"},
                 {1000, "1.00 kB"},
                 {113200000, "113.2 MB"},
                 {1510000000, "1.51 GB"},
                 {999960, "1.00 MB"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf out = {0};
        format_bytes(cases[i].n, &out);
        assert_string_equal(out.p, cases[i].expected);
    }
    BUF_AUTO struct buf out = {0};
    format_count(1315705, &out);
    assert_string_equal(out.p, "1 315 705");
}

static void a_line_is_edited(void **state)
{
    (void)state;
    struct prompt prompt = {0};
    bool changed;
    prompt_set(&prompt, bytes_of("a\xc3\xa9 b"));
    assert_true(prompt_key(&prompt, KEY_LEFT_, &changed) && !changed);
    assert_true(prompt_key(&prompt, KEY_LEFT_, &changed));
    assert_true(prompt_key(&prompt, KEY_BACKSPACE_, &changed) && changed); /* the whole e-acute */
    assert_string_equal(prompt.text.p, "a b");
    assert_true(prompt_key(&prompt, 0x4e2d, &changed) && changed);
    assert_string_equal(prompt.text.p, "a\xe4\xb8\xad b");
    assert_true(prompt_key(&prompt, KEY_END_, &changed));
    assert_true(prompt_key(&prompt, 23 /* C-w */, &changed) && changed);
    assert_string_equal(prompt.text.p, "a\xe4\xb8\xad ");
    assert_false(prompt_key(&prompt, KEY_UP_, &changed));
    prompt_finish(&prompt);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_actions_share_a_key),
        cmocka_unit_test(names_find_actions),
        cmocka_unit_test(hostile_bytes_are_shown_never_sent),
        cmocka_unit_test(bars_have_eighths),
        cmocka_unit_test(numbers_for_people),
        cmocka_unit_test(a_line_is_edited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
