/* SPDX-License-Identifier: MIT
 * Generated patterns on generated lines, compared with the installed GNU grep. XSMALL_SEED=N
 * generates others. */
#include "chain_judge.h"

enum {
    GENERATED_PATTERNS = 1000,
    GENERATED_LINES = 48, /* for each of them */
    MIN_CASES = 20000
};

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13; /* xorshift64 */
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char *const pieces[] = {"a",         "b",      "a",           "b",
                                     "ab",        "_",      " ",           "x",
                                     "A",         ".",      ".*",          "[ab]",
                                     "[^a]",      "[a-c]*", "[[:alpha:]]", "[^[:alnum:]]",
                                     "[]x]",      "^",      "$",           "*",
                                     "\\+",       "\\?",    "+",           "?",
                                     "\\w",       "\\W",    "\\b",         "\\B",
                                     "\\<",       "\\>",    "\\`",         "\\'",
                                     "\\s",       "\\S",    "\\{2\\}",     "\\{0,1\\}",
                                     "{2}",       "{,1}",   "{1,}",        "\\{1,\\}",
                                     "|",         "\\|",    "(",           ")",
                                     "\\(",       "\\)",    "(a",          "b)",
                                     "\\(a",      "b\\)",   "{",           "}",
                                     "\\.",       "\\*",    "\\$",         "-",
                                     "[",         "[b-a]",  "[[.a.]]",     "[a-[.c.]b]",
                                     "[[:x:]]",   "\\{",    "\\}",         "{2,1}",
                                     "\\{2,1\\}", "\\2",    "\\",          "\\d",
                                     "\n"};

static void generate_pattern(uint64_t *seed, bool backrefs, struct buf *out)
{
    static const char *const open[] = {"(", "\\("}, *const close[] = {")", "\\)"};
    size_t n = next_random(seed) % 6 + 1, kind = next_random(seed) % 2;
    buf_clear(out);
    for (size_t i = 0; i < n; i++) {
        const char *piece = pieces[next_random(seed) % (sizeof pieces / sizeof *pieces)];
        bool grouped = next_random(seed) % 4 == 0;
        buf_add(out, bytes_of(grouped ? open[kind] : ""));
        buf_add(out, bytes_of(piece));
        if (grouped && next_random(seed) % 2)
            buf_add(out, bytes_of(pieces[next_random(seed) % (sizeof pieces / sizeof *pieces)]));
        buf_add(out, bytes_of(grouped ? close[kind] : ""));
    }
    if (backrefs)
        buf_add(out, bytes_of("\\1"));
}

static void generate_lines(uint64_t *seed, struct corpus_text *corpus)
{
    static const char alphabet[] = "aaabbbAB__x   .-+(){}|*$^c0\t\xe9";
    corpus->n = corpus->text.n = 0;
    for (size_t i = 0; i < GENERATED_LINES; i++) {
        char line[16];
        size_t n = next_random(seed) % sizeof line;
        for (size_t j = 0; j < n; j++) /* the NUL at the end of the alphabet too */
            line[j] = alphabet[next_random(seed) % sizeof alphabet];
        add_line(corpus, bytes_from(line, n));
    }
    write_file(lines_path, buf_bytes(&corpus->text));
}

static void generated_are_greps(void **state)
{
    (void)state;
    const char *wanted = getenv("XSMALL_SEED");
    uint64_t seed = wanted ? strtoull(wanted, NULL, 10) : 20240229;
    print_message("seed %llu\n", (unsigned long long)seed);
    seed = seed * 0x9e3779b97f4a7c15u + 1;
    struct corpus_text *corpus = calloc(1, sizeof *corpus);
    size_t before = n_cases;
    for (size_t i = 0; i < GENERATED_PATTERNS; i++) {
        struct buf exprs[2] = {0};
        struct stage_spec spec = {.exprs = exprs, .n_exprs = 1 + (next_random(&seed) % 4 == 0)};
        spec.syntax = next_random(&seed) % 2 ? GREP_EXTENDED : GREP_BASIC;
        spec.ignore_case = next_random(&seed) % 4 == 0;
        spec.whole_word = next_random(&seed) % 4 == 0;
        spec.whole_line = next_random(&seed) % 6 == 0;
        for (size_t k = 0; k < spec.n_exprs; k++)
            generate_pattern(&seed, next_random(&seed) % 8 == 0, &exprs[k]);
        generate_lines(&seed, corpus);
        compare(&spec, corpus, ANY_WORDS);
        buf_finish(&exprs[0]);
        buf_finish(&exprs[1]);
    }
    print_message("%zu generated cases\n", n_cases - before);
    assert_true(n_cases - before > MIN_CASES);
    assert_true(n_too_big * 200 < GENERATED_PATTERNS);
    buf_finish(&corpus->text);
    free(corpus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(generated_are_greps)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
