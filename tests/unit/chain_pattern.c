/* SPDX-License-Identifier: MIT
 * Patterns chosen by hand for rare cases, compared with the installed GNU grep. */
#include "chain_corners.h"
#include "chain_judge.h"

static void hand_corpus(struct corpus_text *corpus)
{
    *corpus = (struct corpus_text){0};
    for (size_t i = 0; i < sizeof hand_lines / sizeof *hand_lines; i++)
        add_line(corpus, bytes_of(hand_lines[i]));
    add_line(corpus, bytes_from("a\0b", 3));
    add_line(corpus, bytes_from("\0", 1));
    add_line(corpus, bytes_from("foo\0foo", 7));
    write_file(lines_path, buf_bytes(&corpus->text));
}

static void compare_variants(struct stage_spec *spec, const struct corpus_text *corpus)
{
    for (int variant = 0; variant < 5; variant++) {
        spec->ignore_case = variant == 1;
        spec->whole_word = variant == 2 || variant == 4;
        spec->whole_line = variant == 3 || variant == 4;
        compare(spec, corpus, SAME_WORDS);
    }
}

static void compare_corners(enum grep_syntax syntax, const char *const *corners, size_t n)
{
    struct corpus_text *corpus = calloc(1, sizeof *corpus);
    hand_corpus(corpus);
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf expr = {0};
        buf_add(&expr, bytes_of(corners[i]));
        struct stage_spec spec = {.syntax = syntax, .exprs = &expr, .n_exprs = 1};
        compare_variants(&spec, corpus);
    }
    buf_finish(&corpus->text);
    free(corpus);
}

#define CORNERS(list) (list), sizeof(list) / sizeof *(list)

static void basic_is_greps(void **state)
{
    (void)state;
    compare_corners(GREP_BASIC, CORNERS(basic_corners));
    compare_corners(GREP_BASIC, CORNERS(extended_corners));
}

static void extended_is_greps(void **state)
{
    (void)state;
    compare_corners(GREP_EXTENDED, CORNERS(extended_corners));
    compare_corners(GREP_EXTENDED, CORNERS(basic_corners));
}

static void fixed_is_greps(void **state)
{
    (void)state;
    compare_corners(GREP_FIXED, CORNERS(basic_corners));
    static const char *const more[] = {"foo\nbar", "foo\nfoobar", "a\n\nb",     ".\n*",  "fo\nfoo",
                                       "-\nfoo",   " \nb",        "oo\nfoo\nf", "a\\\nb"};
    compare_corners(GREP_FIXED, CORNERS(more));
}

static void perl_is_greps(void **state)
{
    (void)state;
    static const char *const corners[] = {"",
                                          "a",
                                          "^a",
                                          "a$",
                                          "$",
                                          "\\.so(?=[.\"])",
                                          "(?<!x)foo",
                                          "\\bfoo\\b",
                                          "(a)\\1",
                                          "(?i)foo",
                                          "a|b",
                                          "\\d{2,}",
                                          "(",
                                          "a)",
                                          "[",
                                          "a**",
                                          "\\x61",
                                          "\\xff",
                                          "[^a]",
                                          "\\N",
                                          "\\Afoo",
                                          "bar\\Z",
                                          "bar\\z",
                                          "foo\\K",
                                          "(?<n>a)\\k<n>",
                                          "(?#c)a",
                                          "\\h",
                                          "\\R",
                                          "\\Qa.b\\E",
                                          "a++",
                                          "(?>a*)b",
                                          "(*COMMIT)a",
                                          "^$",
                                          "(?m)^a$",
                                          "(?s).",
                                          ".",
                                          "\\s+$",
                                          "\\W",
                                          "a\nb",
                                          "(?:a|ab)$",
                                          "\\p{L}"};
    compare_corners(GREP_PERL, CORNERS(corners));
}

static void several_expressions(void **state)
{
    (void)state;
    static const char *const lists[][3] = {{"a", "b", NULL},
                                           {"a", "a", NULL},
                                           {"foo", "\\d", NULL},
                                           {"\\(a\\)\\1", "foo", NULL},
                                           {"a", "[", NULL},
                                           {"a", "b\\", NULL},
                                           {"b\\", "a", NULL},
                                           {"^a", "b$", "x"},
                                           {"a", "", NULL},
                                           {"\\-x", "q", NULL},
                                           {"a\\)", "b", NULL},
                                           {"a)", "b|c", NULL},
                                           {"\\(a\\)\\1", "\\(b\\)\\1", "c."},
                                           {"(a)\\1", "b)", NULL},
                                           {"(a)\\1", "b)?\\<", "o)*"},
                                           {"x)", "(o)\\1", "b|f)o"},
                                           {"{1}", "a", NULL},
                                           {"[:space:]", "a", NULL}};
    struct corpus_text *corpus = calloc(1, sizeof *corpus);
    hand_corpus(corpus);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct buf exprs[3] = {0};
        struct stage_spec spec = {.exprs = exprs};
        for (; spec.n_exprs < 3 && lists[i][spec.n_exprs]; spec.n_exprs++) {
            buf_add(&exprs[spec.n_exprs], bytes_of(lists[i][spec.n_exprs]));
        }
        for (spec.syntax = GREP_BASIC; spec.syntax <= GREP_PERL; spec.syntax++)
            compare_variants(&spec, corpus);
        for (size_t j = 0; j < 3; j++)
            buf_finish(&exprs[j]);
    }
    buf_finish(&corpus->text);
    free(corpus);
}

/* glibc's compiler, and so grep, never finishes on these; each matches any line, because it can be
 * empty. With a back-reference after it, only glibc could decide: rejected. */
static void endless_for_grep(void **state)
{
    (void)state;
    static const char *const exprs[] = {"$;*++++++++", "(^|b)+++++", "(\\b|a*)+++++++",
                                        "(((^|a*)*(^|b*)*(^|c*)*)*(\\b|d)*)*",
                                        "(\\ba*|\\Bb*){64}|^"};
    struct corpus_text *corpus = calloc(1, sizeof *corpus);
    struct answer *all = calloc(1, sizeof *all);
    hand_corpus(corpus);
    memset(all->hit, true, sizeof all->hit);
    for (size_t i = 0; i < sizeof exprs / sizeof *exprs; i++) {
        BUF_AUTO struct buf expr = {0};
        buf_add(&expr, bytes_of(exprs[i]));
        struct stage_spec spec = {.syntax = GREP_EXTENDED, .exprs = &expr, .n_exprs = 1};
        struct pattern *pattern;
        struct err err = {0};
        if (!pattern_compile(&spec, &pattern, NULL, &err))
            fail_msg("%s: %s", exprs[i], err.text);
        compare_lines(&spec, corpus, all, pattern);
        pattern_destroy(pattern);
        buf_add(&expr, bytes_of("(a)\\1"));
        if (strchr(exprs[i], '('))
            buf_add(&expr, bytes_of("\\1"));
        assert_false(pattern_compile(&spec, &pattern, NULL, &err));
        assert_string_equal(err.text, "Regular expression too big");
    }
    buf_finish(&corpus->text);
    free(corpus);
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basic_is_greps),      cmocka_unit_test(extended_is_greps),
        cmocka_unit_test(fixed_is_greps),      cmocka_unit_test(perl_is_greps),
        cmocka_unit_test(several_expressions), cmocka_unit_test(endless_for_grep)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
