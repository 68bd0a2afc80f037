/* SPDX-License-Identifier: MIT
 * Lines of a rules file: their meaning, by hand, and rejected lines, with their numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/rules.h"

static void must_parse(const char *text, struct rules *rules)
{
    struct err err = {0};
    if (!rules_parse(bytes_of(text), "F", rules, &err))
        fail_msg("%s: %s", text, err.text);
}

static void sizes(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int64_t limit;
    } cases[] = {
        {"max-dead-bytes 0", 0},
        {"max-dead-bytes 17", 17},
        {"max-dead-bytes 5B", 5},
        {"max-dead-bytes 2k", 2000},
        {"max-dead-bytes 2 kB", 2000},
        {"max-dead-bytes 2K", 2000},
        {"max-dead-bytes 3M", 3000000},
        {"max-dead-bytes 3MB", 3000000},
        {"max-dead-bytes 1.5G", 1500000000},
        {"max-dead-bytes 4KiB", 4096},
        {"max-dead-bytes 10MiB", 10485760},
        {"  max-dead-bytes\t1.5\tGiB  \r", 1610612736},
        {"max-layers 12", 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rules rules;
        must_parse(cases[i].line, &rules);
        assert_int_equal(rules.n, 1);
        if (rules.items[0].limit != cases[i].limit)
            fail_msg("%s: %lld", cases[i].line, (long long)rules.items[0].limit);
        rules_finish(&rules);
    }
}

static void arguments(void **state)
{
    (void)state;
    struct rules rules;
    must_parse("# a comment\n"
               "min-dive-efficiency 0.95\n"
               "\n"
               "  min-dive-efficiency 95%\n"
               "max-wasted-percent 10\n"
               "max-wasted-percent 150%\n"
               "forbid-ever /a b/**/#c\n"
               "no-setuid-kept\n"
               "require-config User\n"
               "require-config Labels {\"a\": \"b c\"}", /* the last without a newline */
               &rules);
    assert_int_equal(rules.n, 8);
    assert_int_equal(rules.items[0].line, 2);
    assert_true(rules.items[0].share == 0.95);
    assert_int_equal(rules.items[1].line, 4);
    assert_true(rules.items[1].share == 0.95);
    assert_true(rules.items[2].share == 0.1);
    assert_true(rules.items[3].share == 1.5);
    assert_int_equal(rules.items[4].kind, RULE_FORBID_EVER);
    assert_true(bytes_equal(rules.items[4].what, bytes_of("/a b/**/#c")));
    assert_true(bytes_equal(rules.items[4].text, bytes_of("forbid-ever /a b/**/#c")));
    assert_int_equal(rules.items[5].kind, RULE_NO_SETUID_KEPT);
    assert_true(bytes_equal(rules.items[6].what, bytes_of("User")));
    assert_null(rules.items[6].value.p);
    assert_true(bytes_equal(rules.items[7].value, bytes_of("{\"a\": \"b c\"}")));
    rules_finish(&rules);
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "F: no rule in the file; expected lines such as max-kept-bytes 50M"},
        {"# only a comment\n\n",
         "F: no rule in the file; expected lines such as max-kept-bytes 50M"},
        {"max-layers 3\nmax-layer 3\n",
         "F:2: max-layer: unknown rule; run xsmall report --help for a list"},
        {"\n\nmax-dead-bytes\n", "F:3: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes 10 X", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes 1e6", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes -1", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes 0x10", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes inf", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes .", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes 1.2.3", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes 99999999999999999999", "F:1: expected: max-dead-bytes SIZE"},
        {"max-dead-bytes 99999999999G", "F:1: expected: max-dead-bytes SIZE"},
        {"max-layers 1.5", "F:1: expected: max-layers N"},
        {"max-layers 5k", "F:1: expected: max-layers N"},
        {"min-dive-efficiency 95", "F:1: expected: min-dive-efficiency SHARE"},
        {"min-dive-efficiency 0.9 or so", "F:1: expected: min-dive-efficiency SHARE"},
        {"forbid-ever", "F:1: expected: forbid-ever PATTERN"},
        {"forbid-ever //", "F:1: expected: forbid-ever PATTERN"},
        {"no-setuid-kept please", "F:1: expected: no-setuid-kept "},
        {"require-config", "F:1: expected: require-config KEY [VALUE]"},
        {"require-config a.b", "F:1: expected: require-config KEY [VALUE]"},
        {"require-config \"User\" x", "F:1: expected: require-config KEY [VALUE]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rules rules;
        struct err err = {0};
        assert_false(rules_parse(bytes_of(cases[i].text), "F", &rules, &err));
        assert_string_equal(err.text, cases[i].words);
        rules_finish(&rules);
    }
}

static void odd_bytes(void **state)
{
    (void)state;
    static const char nul[] = "max-layers 3\nmax-layers 3\0\n";
    struct rules rules;
    struct err err = {0};
    assert_false(rules_parse(bytes_from(nul, sizeof nul - 1), "F", &rules, &err));
    assert_string_equal(err.text, "F:2: the line contains a NUL byte");
    rules_finish(&rules);
    BUF_AUTO struct buf deep = {0};
    buf_add(&deep, bytes_of("forbid-ever "));
    for (int i = 0; i < 100; i++)
        buf_add(&deep, bytes_of("/x"));
    assert_false(rules_parse(buf_bytes(&deep), "F", &rules, &err));
    assert_string_equal(err.text, "F:1: expected: forbid-ever PATTERN");
    rules_finish(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sizes), cmocka_unit_test(arguments),
                                       cmocka_unit_test(refusals), cmocka_unit_test(odd_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
