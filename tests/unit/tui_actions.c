/* SPDX-License-Identifier: MIT
 *
 * The key map, numbers formatted for people, and the editing of an input line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "app/action_handlers.h"
#include "keep/need_switches.h"
#include "screen/format.h"
#include "app/line_edit.h"
#include "views/registry.h"

static bool share_a_scope(struct action_info a, struct action_info b)
{
    return a.scope == SCOPE_ALL || b.scope == SCOPE_ALL || a.scope == b.scope;
}

static void no_two_actions_share_a_key(void **state)
{
    (void)state;
    for (enum action a = 1; a < actions_end(); a++) {
        struct action_info info = action_info(a);
        char keys[64], *save;
        strcpy(keys, info.keys);
        for (char *word = strtok_r(keys, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
            uint32_t key = key_of_word(bytes_of(word));
            assert_true(key != 0);
            enum scope focus = info.scope == SCOPE_PANEL ? SCOPE_PANEL : SCOPE_BODY;
            assert_int_equal(action_of_default(key, focus), a);
        }
        for (enum action b = a + 1; b < actions_end(); b++) {
            assert_string_not_equal(info.name, action_info(b).name);
            char others[64];
            strcpy(others, action_info(b).keys);
            strcpy(keys, info.keys);
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

static bool opens_a_view(enum action action)
{
    for (size_t i = 0; i < N_VIEWS; i++)
        if (view_registry[i]->opens == action)
            return true;
    return false;
}

static bool is_taken(enum action action)
{
    for (size_t i = 0; i < N_VIEWS; i++)
        if (view_takes(view_registry[i], action))
            return true;
    return false;
}

/* view_act acts on the view on screen, app_open_view opens the view that a row names. */
static void each_action_has_a_handler(void **state)
{
    (void)state;
    for (enum action action = 1; action < actions_end(); action++) {
        action_act *handler = action_handler(action);
        assert_non_null(handler);
        if (action_info(action).scope != SCOPE_BODY)
            assert_true(handler != view_act);
        if (handler == view_act && !is_taken(action))
            fail_msg("%s: no view takes it", action_info(action).name);
        if (opens_a_view(action) != (handler == app_open_view))
            fail_msg("%s: no view opens with it", action_info(action).name);
        assert_int_equal(action_argument(action) != ARGUMENT_NONE,
                         action_handler_with(action) != NULL);
    }
}

static void dependency_kinds_have_actions(void **state)
{
    (void)state;
    for (size_t i = 0; i < switches_count(); i++) {
        size_t number;
        BUF_AUTO struct buf name = {0};
        buf_printf(&name, "closure-%s", switch_name(i));
        enum action action = action_of_name(buf_bytes(&name));
        assert_true(action_is_switch(action, &number) && number == i);
    }
    assert_int_equal(action_of_name(bytes_of("closure-")), ACTION_NONE);
    assert_false(action_is_switch(ACTION_QUIT, &(size_t){0}));
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
    struct line_edit line = {0};
    bool changed;
    line_edit_set(&line, bytes_of("a\xc3\xa9 b"));
    assert_true(line_edit_key(&line, KEY_LEFT_, &changed) && !changed);
    assert_true(line_edit_key(&line, KEY_LEFT_, &changed));
    assert_true(line_edit_key(&line, KEY_BACKSPACE_, &changed) && changed); /* the whole e-acute */
    assert_string_equal(line.text.p, "a b");
    assert_true(line_edit_key(&line, 0x4e2d, &changed) && changed);
    assert_string_equal(line.text.p, "a\xe4\xb8\xad b");
    assert_true(line_edit_key(&line, KEY_END_, &changed));
    assert_true(line_edit_key(&line, 23 /* C-w */, &changed) && changed);
    assert_string_equal(line.text.p, "a\xe4\xb8\xad ");
    assert_false(line_edit_key(&line, KEY_UP_, &changed));
    line_edit_finish(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_actions_share_a_key),
        cmocka_unit_test(names_find_actions),
        cmocka_unit_test(each_action_has_a_handler),
        cmocka_unit_test(dependency_kinds_have_actions),
        cmocka_unit_test(numbers_for_people),
        cmocka_unit_test(a_line_is_edited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
