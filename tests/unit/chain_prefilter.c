/* SPDX-License-Identifier: MIT
 * The bytes that a matching line must contain: those of an expression are worked out by hand; their
 * positions are compared with memmem(3); the lines found with them with the installed grep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "chain/grep/literal_prefilter.h"
#include "chain/grep/pattern.h"
#include "chance.h"

static void literals_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum translate_flags flags;
        const char *literal;
    } rows[] = {{"site-packages", 0, "site-packages"},
                {"\\.so", 0, ".so"},
                {"ab*cde", 0, "cde"},
                {"ab\\+cd", 0, "bcd"},
                {"abc\\?d", 0, "ab"},
                {"ab\\{2,3\\}cd", 0, "bcd"},
                {"abc\\{0,3\\}d", 0, "ab"},
                {"x.yz", 0, "yz"},
                {"[a]bc", 0, "abc"},
                {"[ab]bc", 0, "bc"},
                {"^abc$", 0, "abc"},
                {"ab\\bcd", 0, "abcd"},
                {"ab\\|cd", 0, ""},
                {"abc\\(d\\|e\\)fg", 0, "abc"},
                {"\\(ab\\|cd\\)efg", 0, "efg"},
                {"\\(abcd\\)*ef", 0, "ef"},
                {"\\(a\\)bc\\1de", 0, "bc"},
                {"*ab", 0, "*ab"},
                {"abc", TRANSLATE_FOLD, ""},
                {"a.12345b", TRANSLATE_FOLD, "12345"},
                {"a|bc", TRANSLATE_EXTENDED, ""},
                {"(a|b)cd|ef", TRANSLATE_EXTENDED, ""},
                {"ab{0}cd", TRANSLATE_EXTENDED, "cd"},
                {"ab{2}{0,1}cd", TRANSLATE_EXTENDED, "cd"},
                {"ab+?cd", TRANSLATE_EXTENDED, "cd"},
                {"", 0, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        BUF_AUTO struct buf out = {0};
        struct translated made;
        struct err err = {0};
        const char *literal = rows[i].literal;
        assert_true(translate(bytes_of(rows[i].text), rows[i].flags, &out, NULL, &made, &err));
        if (made.n_literal != strlen(literal) || memcmp(made.literal, literal, made.n_literal))
            fail_msg("%s: [%.*s], expected [%s]", rows[i].text, (int)made.n_literal, made.literal,
                     literal);
    }
}

static void found_as_memmem_does(void **state)
{
    (void)state;
    struct chance chance = chance_begin(4);
    for (size_t i = 0; i < 20000; i++) {
        char text[48], bytes[8];
        size_t n_text = chance_below(&chance, sizeof text),
               n = chance_below(&chance, sizeof bytes - 2) + 2;
        for (size_t k = 0; k < n_text; k++)
            text[k] = (char)('a' + chance_below(&chance, 2 + k % 2));
        for (size_t k = 0; k < n; k++)
            bytes[k] = (char)('a' + chance_below(&chance, 2));
        /* a separate copy, so that the sanitizer detects reads past its end */
        MEM_AUTO char *copy = mem_alloc(n_text);
        memcpy(copy, text, n_text);
        struct literal_prefilter literal;
        literal_prefilter_set(&literal, bytes_from(bytes, n));
        literal_prefilter_choose(&literal, bytes_from(copy, n_text));
        assert_ptr_equal(literal_prefilter_find(&literal, bytes_from(copy, n_text)),
                         memmem(copy, n_text, bytes, n));
    }
}

enum { LINES = 6000 };

/* Returns the installed grep's result for each line. */
static void ask_grep(const char *expr, struct bytes text, bool *hit)
{
    char path[] = "/tmp/xsmall-literal-XXXXXX", line[128];
    int fd = mkstemp(path);
    assert_int_equal(write(fd, text.p, text.n), text.n);
    close(fd);
    BUF_AUTO struct buf command = {0};
    buf_printf(&command, "LC_ALL=C grep -n -e '%s' %s", expr, path);
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    memset(hit, 0, LINES * sizeof *hit);
    while (fgets(line, sizeof line, pipe))
        hit[strtoul(line, NULL, 10) - 1] = true;
    pclose(pipe);
    unlink(path);
}

/* Rare and common bytes; the prefilter gives up on the common ones in the middle of a block. */
static void answers_are_greps(void **state)
{
    (void)state;
    static const char *const exprs[] = {"literal",     "e[dx]le",       "ne*dle .* [0-9]*7$",
                                        "^1.*literal", "\\(e\\)\\1dle", "line [0-9]\\{3\\}$",
                                        "none such"};
    BUF_AUTO struct buf text = {0};
    static uint32_t starts[LINES + 1];
    static uint64_t bits[LINES / 64 + 1];
    static bool hit[LINES];
    for (size_t i = 0; i < LINES; i++) {
        starts[i] = (uint32_t)text.n;
        buf_printf(&text, "%zu %s line %zu\n", i, i < 4000 && i % 500 ? "some" : "literal", i);
    }
    starts[LINES] = (uint32_t)text.n;
    struct pattern_lines lines = {buf_bytes(&text), starts, LINES};
    for (size_t e = 0; e < sizeof exprs / sizeof *exprs; e++) {
        BUF_AUTO struct buf expr = {0};
        struct stage_spec spec = {.exprs = &expr, .n_exprs = 1};
        struct pattern *pattern;
        struct err err = {0};
        buf_add(&expr, bytes_of(exprs[e]));
        ask_grep(exprs[e], buf_bytes(&text), hit);
        assert_true(pattern_compile(&spec, &pattern, NULL, &err));
        struct pattern_scratch *scratch = pattern_scratch_create(pattern);
        for (int again = 0; again < 2; again++) {
            memset(bits, 0, sizeof bits);
            assert_true(pattern_match_lines(pattern, scratch, &lines, bits, &err));
            for (size_t i = 0; i < LINES; i++)
                if ((bits[i / 64] >> i % 64 & 1) != hit[i])
                    fail_msg("%s: line %zu: grep %d", exprs[e], i, hit[i]);
        }
        pattern_scratch_destroy(scratch);
        pattern_destroy(pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(literals_by_hand),
                                       cmocka_unit_test(found_as_memmem_does),
                                       cmocka_unit_test(answers_are_greps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
