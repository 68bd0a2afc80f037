/* SPDX-License-Identifier: MIT
 * Chains over loaded logs compared with the shell's pipelines, byte for byte: prefixes, toggles,
 * edits, numbers, previews, selected logs. */
#include <roaring/roaring.h>

#include "chain_fixture.h"

static const char *const pipelines[] = {
    "grep '\\.so' log.* | grep -v 'site-packages' | grep -v 'lib-dynload' | grep -v '= -1'",
    "grep '' log.2 log.1",
    "grep -v '= -1' log.*",
    "grep '^openat' log.* | grep '^openat'",
    "grep '^openat' log.1 | grep '^openat'",
    "grep '^openat' log.* | grep '^log.1:openat'",
    "grep -h '^openat' log.* | grep '^openat' | grep -v log",
    "grep -H '^openat' log.1 | grep '^log.1:'",
    "grep so log.* | grep -v log",
    "grep so log.* | grep -v '^log\\.1[0-9]*:'",
    "grep -E 'openat|execve' log.* | grep -vE 'ENO(ENT|TDIR)' | grep -i PYTHON | grep -w py",
    "grep -P 'open(?=at)' log.* | grep -Pv '\\d{3,}'",
    "grep -F -e .py -e .so log.* | grep -v -F _ssl",
    "grep '\\(a\\)\\1' log.* | grep -v '\\(l\\).*\\1ib'",
    "grep -x 'openat.*' log.* | grep -x 'log.*' | grep -x 'openat.*'",
    "grep -w 'log' log.* | grep -w '1'",
    "grep '' log.10 log.1 log.10 | grep -v ENOENT",
    "grep 'odd' log.1 log.2 | grep -v '^log.1:.*/aa'",
    "grep $(printf '\\377') log.*",
    "grep -v x log.1 | grep -v y | grep -v z | grep -v so | grep -v = | grep -v 5 | grep ''",
    "cat log.1 | grep so | grep '^o'",
    "grep 'nothing like it' log.*",
    "grep -f /dev/null log.*",
    "grep '.' ./log.* | grep '^\\./log.1:s'",
    "grep '$' log.[12] | grep ':$'",
    "grep '' log.10 | grep -v '^$' | grep -c '' | cat"};

static void prints_what_the_shell_prints(void **state)
{
    struct place *place = *state;
    size_t n = 0;
    for (size_t i = 0; i < sizeof pipelines / sizeof *pipelines; i++) {
        struct chain *chain;
        struct err err = {0};
        must(chain_read(place->db, &chain, &err), &err);
        bool ok = chain_from_pipeline(chain, bytes_of(pipelines[i]), NULL, &err);
        if (!ok) { /* the two that no chain can be */
            assert_true(strstr(pipelines[i], "$(printf") || strstr(pipelines[i], "-c ''"));
            chain_destroy(chain);
            continue;
        }
        must(chain_bind(chain, place->corpus, place->db, &err), &err);
        settle(place, chain);
        check_output(place, chain, pipelines[i]);
        chain_destroy(chain);
        n++;
    }
    assert_int_equal(n, sizeof pipelines / sizeof *pipelines - 2);
}

static void without_stages_all_logs(void **state)
{
    struct place *place = *state;
    struct chain *chain = make(place, "");
    settle(place, chain);
    assert_int_equal(chain_n_stages(chain), 0);
    check_output(place, chain, "grep '' log.2 log.1 log.10"); /* in the order of loading */
    chain_destroy(chain);
}

static const char *const toggled[] = {"'^openat'", "-v '^log.1:'", "-v 'site-packages'", "'so'"};

/* Returns the shell's pipeline of the stages whose bits are set. */
static void print_enabled(unsigned enabled, struct buf *out)
{
    buf_clear(out);
    for (unsigned i = 0; i < 4; i++)
        if (enabled >> i & 1)
            buf_printf(out, "%sgrep %s%s", out->n ? " | " : "", toggled[i],
                       out->n ? "" : " log.1 log.2");
    if (!out->n)
        buf_printf(out, "grep '' log.1 log.2");
}

static void toggles_are_pipelines(void **state)
{
    struct place *place = *state;
    BUF_AUTO struct buf pipeline = {0};
    print_enabled(15, &pipeline);
    struct chain *chain = make(place, pipeline.p);
    settle(place, chain);
    /* with all hits known, a toggle needs no scan */
    struct scan scan;
    struct err err = {0};
    while (chain_next_scan(chain, &scan)) {
        roaring_bitmap_t *hits;
        assert_false(scan.urgent);
        must(scan_run(&scan, place->db, NULL, &hits, &err), &err);
        chain_add_hits(chain, &scan, hits);
        scan_finish(&scan);
    }
    for (unsigned enabled = 0; enabled < 16; enabled++) {
        for (unsigned i = 0; i < 4; i++)
            chain_enable(chain, i, enabled >> i & 1);
        assert_true(chain_evaluate(chain));
        print_enabled(enabled, &pipeline);
        check_output(place, chain, pipeline.p);
    }
    chain_destroy(chain);
}

static void journal_are_pipelines(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct chain *chain = make(place, "grep -h so log.1 log.2");
    must(chain_insert(chain, 1, bytes_of("grep -v python3"), NULL, &err), &err);
    must(chain_insert(chain, 9, bytes_of("-v '= -1'"), NULL, &err), &err);
    settle(place, chain);
    check_output(place, chain, "grep -h so log.1 log.2 | grep -v python3 | grep -v '= -1'");
    chain_move(chain, 0, 2);
    settle(place, chain);
    check_output(place, chain, "grep -hv python3 log.1 log.2 | grep -v '= -1' | grep so");
    chain_invert(chain, 1);
    settle(place, chain);
    check_output(place, chain, "grep -hv python3 log.1 log.2 | grep '= -1' | grep so");
    chain_remove(chain, 0); /* -h stays with the chain */
    settle(place, chain);
    check_output(place, chain, "grep -h '= -1' log.1 log.2 | grep so");
    must(chain_replace(chain, 1, bytes_of("-i LD"), NULL, &err), &err);
    settle(place, chain);
    check_output(place, chain, "grep -h '= -1' log.1 log.2 | grep -i ld");
    assert_string_equal(chain_stage(chain, 0).text.p, "grep -h '= -1'");
    assert_string_equal(chain_stage(chain, 1).text.p, "grep -i 'LD'");

    /* rejected: unchanged */
    assert_false(chain_insert(chain, 0, bytes_of("'\\('"), NULL, &err));
    assert_non_null(strstr(err.text, "Unmatched ( or \\("));
    assert_false(chain_replace(chain, 0, bytes_of("-c x"), NULL, &err));
    assert_false(chain_from_pipeline(chain, bytes_of("grep x log.1 | grep '['"), NULL, &err));
    assert_false(chain_insert(chain, 1, bytes_of("x log.2"), NULL, &err));
    assert_int_equal(chain_n_stages(chain), 2);
    settle(place, chain);
    check_output(place, chain, "grep -h '= -1' log.1 log.2 | grep -i ld");
    chain_destroy(chain);
}

static uint32_t count_of(const char *pipeline)
{
    BUF_AUTO struct buf command = {0};
    BUF_AUTO struct buf out = {0};
    buf_printf(&command, "%s | wc -l", pipeline);
    run(command.p, &out);
    return (uint32_t)strtoul(out.p, NULL, 10);
}

/* Numbers computed by the shell: `before` prints the arriving lines, `without` is the pipeline
 * without the stage. A line that the stage removes occurs once more in `without` than in `whole`.
 */
static void check_numbers(const struct chain *chain, size_t i, const char *before, const char *expr,
                          const char *after, const char *without, const char *whole)
{
    BUF_AUTO struct buf text = {0};
    struct stage_view view = chain_stage(chain, i);
    assert_true(view.counted);
    buf_printf(&text, "%s | grep %s", before, expr);
    assert_int_equal(view.hits, count_of(text.p));
    assert_int_equal(view.left, count_of(after));
    buf_clear(&text);
    buf_printf(&text, "{ %s; } | sort >a; { %s; } | sort >b; comm -23 a b", without, whole);
    assert_int_equal(view.unique_hits, count_of(text.p));
}

static void numbers_are_counted(void **state)
{
    struct place *place = *state;
#define FILES  "log.1 log.2 log.1 " /* one of them twice */
#define FIRST  "grep -v '^openat' " FILES
#define SECOND FIRST "| grep so"
#define THIRD  SECOND "| grep -v '^log.2'"
    struct chain *chain = make(place, THIRD);
    settle(place, chain);
    check_numbers(chain, 0, "grep -h '' " FILES, "'^openat'", FIRST,
                  "grep so " FILES "| grep -v '^log.2'", THIRD);
    check_numbers(chain, 1, FIRST, "so", SECOND, FIRST "| grep -v '^log.2'", THIRD);
    check_numbers(chain, 2, SECOND, "'^log.2'", THIRD, SECOND, THIRD);
    assert_true(chain_stage(chain, 0).unique_hits > 100); /* each stage hides lines alone */
    assert_true(chain_stage(chain, 2).unique_hits > 10);

    chain_enable(chain, 1, false);
    settle(place, chain);
    struct stage_view view = chain_stage(chain, 1);
    assert_true(view.counted);
    assert_int_equal(view.unique_hits, 0);
    assert_int_equal(view.left, count_of(FIRST));
    assert_int_equal(view.hits, count_of(SECOND));
    check_numbers(chain, 2, FIRST, "'^log.2'", FIRST "| grep -v '^log.2'", FIRST,
                  FIRST "| grep -v '^log.2'");

    /* The second stage depends on the prefix: without the first it opens the files. */
    chain_destroy(chain);
    chain = make(place, "grep so log.1 log.2 | grep '^log.1:openat'");
    settle(place, chain);
    check_numbers(chain, 0, "grep -h '' log.1 log.2", "so", "grep so log.1 log.2",
                  "grep '^log.1:openat' log.1 log.2", "grep so log.1 log.2 | grep '^log.1:openat'");
    chain_destroy(chain);
}

static void hidden_by_the_first(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct chain *chain = make(place, "grep so log.1 | grep -v site-packages | grep -v '= -1'");
    chain_enable(chain, 1, false);
    settle(place, chain);
    uint32_t first = 0, n_seen[4] = {0};
    for (uint32_t i = 0; i < place->corpus->n_logs; i++)
        if (bytes_equal(place->corpus->logs[i].name, bytes_of("log.1")))
            first = place->corpus->logs[i].first_line;
    for (uint32_t line = first; line < first + 300; line++) {
        struct bytes text;
        must(corpus_line(place->reader, line, &text, &err), &err);
        size_t expected = !memmem(text.p, text.n, "so", 2)    ? 0
                          : memmem(text.p, text.n, "= -1", 4) ? 2
                                                              : SIZE_MAX;
        assert_int_equal(chain_hidden_by(chain, line), expected);
        n_seen[expected == SIZE_MAX ? 3 : expected]++;
    }
    assert_true(n_seen[0] && n_seen[2] && n_seen[3]);
    assert_int_equal(chain_hidden_by(chain, first ? 0 : 9000), SIZE_MAX - 1);
    chain_destroy(chain);
}

static void operands_choose_logs(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    static const char *const bad[] = {"grep x nolog.*", "grep x log.1 log.3",
                                      "grep x log.1 ./log.1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct chain *chain;
        must(chain_read(place->db, &chain, &err), &err);
        must(chain_from_pipeline(chain, bytes_of(bad[i]), NULL, &err), &err);
        assert_false(chain_bind(chain, place->corpus, place->db, &err));
        assert_false(chain_settle(chain, place->db, NULL, &err));
        assert_int_equal(chain_n_output(chain), 0);
        chain_destroy(chain);
    }
    /* log.1, log.10, log.2: by name in C order */
    struct chain *chain = make(place, "grep x 'log.2' log.*");
    struct bytes prefix;
    static const char *const expected[] = {"log.2:", "log.1:", "log.10:", "log.2:"};
    assert_int_equal(chain_n_selected(chain), 4);
    for (size_t k = 0; k < 4; k++) {
        chain_selected(chain, k, &prefix);
        assert_true(bytes_equal(prefix, bytes_of(expected[k])));
    }
    chain_destroy(chain);
    /* typed for other directories: only the last component is compared, the prefix stays as typed
     */
    chain = make(place, "grep x ../there/log.1 /abs/log.1?");
    chain_selected(chain, 0, &prefix);
    assert_true(bytes_equal(prefix, bytes_of("../there/log.1:")));
    chain_selected(chain, 1, &prefix);
    assert_true(bytes_equal(prefix, bytes_of("/abs/log.10:")));
    chain_destroy(chain);
}

static void previews_count(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct chain *chain = make(place, "grep so log.1 log.2 | grep -v '= -1'");
    settle(place, chain);
    static const char *const before[] = {"grep -h '' log.1 log.2", "grep so log.1 log.2",
                                         "grep so log.1 log.2 | grep -v '= -1'"};
    for (size_t at = 0; at < 3; at++) {
        struct scan scan;
        roaring_bitmap_t *hits;
        bool invert;
        uint32_t matched, left;
        BUF_AUTO struct buf pipeline = {0};
        must(chain_preview_scan(chain, at, bytes_of("-v '1.*open'"), &target_line, &scan, &invert,
                                &err),
             &err);
        assert_true(invert);
        must(scan_run(&scan, place->db, NULL, &hits, &err), &err);
        chain_preview_count(chain, at, invert, hits, &matched, &left);
        buf_printf(&pipeline, "%s | grep '1.*open'", before[at]);
        assert_int_equal(matched, count_of(pipeline.p));
        buf_clear(&pipeline);
        buf_printf(&pipeline, "%s | grep -v '1.*open'", before[at]);
        assert_int_equal(left, count_of(pipeline.p));
        assert_int_equal(matched > 0, at > 0); /* only the prefix log.1: has the 1 */
        roaring_bitmap_free(hits);
        scan_finish(&scan);
    }
    struct scan scan;
    bool invert;
    assert_false(
        chain_preview_scan(chain, 2, bytes_of("'\\("), &target_line, &scan, &invert, &err));
    chain_destroy(chain);
}

/* A cancelled scan leaves no hits that its caller could free a second time. */
static void cancelled_scans_have_no_hits(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct scan scan;
    roaring_bitmap_t *hits = NULL;
    const atomic_bool cancel = true;
    struct chain *chain = make(place, "grep so log.1 log.2");
    assert_true(chain_next_scan(chain, &scan));
    assert_false(scan_run(&scan, place->db, &cancel, &hits, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    assert_null(hits);
    scan_finish(&scan);
    chain_destroy(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_what_the_shell_prints), cmocka_unit_test(without_stages_all_logs),
        cmocka_unit_test(toggles_are_pipelines),        cmocka_unit_test(journal_are_pipelines),
        cmocka_unit_test(numbers_are_counted),          cmocka_unit_test(hidden_by_the_first),
        cmocka_unit_test(operands_choose_logs),         cmocka_unit_test(previews_count),
        cmocka_unit_test(cancelled_scans_have_no_hits)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
