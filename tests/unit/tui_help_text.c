/* SPDX-License-Identifier: MIT
 *
 * Help texts: lines of a limited width, and suggestions for mistyped words. Every command describes
 * itself and each of its options.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cli/command.h"
#include "cli/docs/docs.h"
#include "cli/docs/wrap.h"
#include "cli/suggestion.h"

static void check_wrap(enum wrap_mode mode, const char *text, size_t column, size_t indent,
                       const char *expected)
{
    enum { WIDTH = 10 };
    BUF_AUTO struct buf out = {0};
    wrap_text(bytes_of(text), mode, column, indent, WIDTH, &out);
    assert_string_equal(buf_str(&out), expected);
}

static void lines_are_broken_at_blanks(void **state)
{
    (void)state;
    check_wrap(WRAP_WORDS, "", 0, 0, "");
    check_wrap(WRAP_WORDS, "ten column", 0, 2, "ten column");
    check_wrap(WRAP_WORDS, "ten columns", 0, 2, "ten\n  columns");
    check_wrap(WRAP_WORDS, "one two three", 4, 2, "one\n  two\n  three");
    check_wrap(WRAP_WORDS, "a-word-that-is-long b", 0, 2, "a-word-that-is-long\n  b");
    check_wrap(WRAP_WORDS, "one\n\ntwo\n  a", 0, 1, "one\n\n two\n   a");
    check_wrap(WRAP_WORDS, "\xc3\xa4\xc3\xb6\xc3\xbc \xc3\xa4\xc3\xb6\xc3\xbc 12", 0, 0,
               "\xc3\xa4\xc3\xb6\xc3\xbc \xc3\xa4\xc3\xb6\xc3\xbc 12");
}

static void groups_stay_in_one_line(void **state)
{
    (void)state;
    check_wrap(WRAP_WORDS, "[-a A] [-b B]", 0, 0, "[-a A] [-b\nB]");
    check_wrap(WRAP_GROUPS, "[-a A] [-b B]", 0, 0, "[-a A]\n[-b B]");
    check_wrap(WRAP_GROUPS, "A [-a [-b B]] C", 0, 1, "A\n [-a [-b B]]\n C");
    check_wrap(WRAP_GROUPS, "A 'grep a' B", 0, 1, "A 'grep a'\n B");
}

static void check_suggestion(const char *typed, const char *expected)
{
    struct suggestion similar = {0};
    for (const struct command *const *command = commands; *command; command++)
        suggestion_try(&similar, typed, (*command)->name);
    if (expected)
        assert_string_equal(similar.best, expected);
    else
        assert_null(similar.best);
}

static void mistyped_words_find_their_command(void **state)
{
    (void)state;
    check_suggestion("lod", "load");      /* a letter is missing */
    check_suggestion("loaad", "load");    /* a letter too many */
    check_suggestion("olad", "load");     /* two letters swapped */
    check_suggestion("epxort", "export"); /* also in a longer word */
    check_suggestion("wyh", "why");
    check_suggestion("exp", "export"); /* a prefix */
    check_suggestion("breks", "breaks");
    check_suggestion("file", "files");
    check_suggestion("abc", NULL);
    check_suggestion("nginx", NULL);
    check_suggestion("", NULL);
    check_suggestion("a-word-that-is-longer-than-every-command", NULL);
}

static void assert_phrase(const char *text)
{
    size_t n = strlen(text);
    assert_true(n > 0);
    assert_int_not_equal(text[n - 1], '.');
    assert_null(strchr(text, '\n'));
}

static void commands_describe_themselves(void **state)
{
    (void)state;
    for (const struct command *const *command = commands; *command; command++) {
        struct option_info option;
        size_t n = 0;
        assert_phrase((*command)->help);
        for (const struct command_example *e = (*command)->examples; e->line; e++, n++) {
            assert_memory_equal(e->line, "xsmall ", strlen("xsmall "));
            assert_phrase(e->effect);
        }
        assert_in_range(n, 2, 4);
        for (size_t at = 0; args_next_option(*command, &at, &option);)
            assert_phrase(option.help);
        /* Each text describes an option that the command accepts. */
        for (const struct option_text *text = (*command)->texts; text && text->name; text++) {
            bool found = false;
            for (size_t at = 0; args_next_option(*command, &at, &option);)
                found = found || option.help == text->help;
            if (!found)
                fail_msg("%s: --%s", (*command)->name, text->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_at_blanks),
        cmocka_unit_test(groups_stay_in_one_line),
        cmocka_unit_test(mistyped_words_find_their_command),
        cmocka_unit_test(commands_describe_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
