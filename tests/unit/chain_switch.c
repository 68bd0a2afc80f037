/* SPDX-License-Identifier: MIT
 * Several stages switched at once, redundant stages, and a chain that is read again after an undo:
 * compared with the shell's pipeline of the enabled stages. */
#include "chain_fixture.h"

#include "db/journal.h"

/* Returns the pipeline of the stages whose bits are set; the operands are all logs. */
static void join(const char *const *stages, size_t n, uint32_t which, struct buf *out)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!(which >> i & 1))
            continue;
        buf_printf(out, any ? " | %s" : "%s log.*", stages[i]);
        any = true;
    }
    if (!any)
        buf_add(out, bytes_of("grep '' log.*"));
}

static void check_stages(struct place *place, struct chain *chain, const char *const *stages,
                         size_t n, uint32_t which)
{
    BUF_AUTO struct buf pipeline = {0};
    join(stages, n, which, &pipeline);
    settle(place, chain);
    check_output(place, chain, pipeline.p);
}

static const char *const abc[] = {"grep so", "grep -v '= -1'", "grep lib", "grep -v site"};

static struct chain *make_abc(struct place *place, uint32_t enabled)
{
    BUF_AUTO struct buf pipeline = {0};
    join(abc, 4, 15, &pipeline);
    struct chain *chain = make(place, pipeline.p);
    for (size_t i = 0; i < 4; i++)
        chain_enable(chain, i, enabled >> i & 1);
    return chain;
}

static void all_off_all_on(void **state)
{
    struct place *place = *state;
    struct chain *chain = make_abc(place, 5);
    chain_enable_all(chain, false);
    check_stages(place, chain, abc, 4, 0);
    chain_enable_all(chain, true);
    check_stages(place, chain, abc, 4, 15);
    chain_destroy(chain);
}

static void solo_and_back(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct chain *chain = make_abc(place, 13);
    assert_true(chain_solo(chain, 1));
    check_stages(place, chain, abc, 4, 2);
    assert_true(chain_solo(chain, 3)); /* another one: before is still what it was */
    check_stages(place, chain, abc, 4, 8);
    assert_false(chain_solo(chain, 3));
    check_stages(place, chain, abc, 4, 13);

    /* stages added since then are enabled, removed stages stay removed, moved stages keep their
     * state */
    static const char *const later[] = {"grep site", "grep -v aa", "grep so", "grep lib"};
    assert_true(chain_solo(chain, 0));
    chain_remove(chain, 1);
    must(chain_insert(chain, 0, bytes_of("-v aa"), NULL, &err), &err);
    chain_invert(chain, 3);
    chain_move(chain, 3, 0);
    check_stages(place, chain, later, 4, 6);
    assert_true(chain_solo(chain, 2));
    assert_false(chain_solo(chain, 2));
    check_stages(place, chain, later, 4, 15);

    /* switched by hand in between: that state is restored */
    assert_true(chain_solo(chain, 0));
    chain_enable(chain, 2, true);
    assert_true(chain_solo(chain, 2));
    check_stages(place, chain, later, 4, 4);
    assert_false(chain_solo(chain, 2));
    check_stages(place, chain, later, 4, 5);
    chain_destroy(chain);
}

static void duplicates(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    static const char *const twice[] = {"grep -h so", "grep so", "grep -v site"};
    struct chain *chain = make(place, "grep -h so log.* | grep -v site");
    chain_set_target(chain, 1, &target_path);
    must(chain_duplicate(chain, 1, &err), &err);
    assert_ptr_equal(chain_stage(chain, 2).target, &target_path);
    chain_remove(chain, 2);
    chain_set_target(chain, 1, &target_line);
    must(chain_duplicate(chain, 0, &err), &err); /* -h stays with the first */
    check_stages(place, chain, twice, 3, 7);
    assert_string_equal(chain_stage(chain, 1).text.p, "grep 'so'");
    assert_true(chain_stage(chain, 0).redundant && chain_stage(chain, 1).redundant);
    while (chain_n_stages(chain) < 1000)
        must(chain_duplicate(chain, 2, &err), &err);
    assert_false(chain_duplicate(chain, 2, &err));
    chain_destroy(chain);
}

/* A stage is redundant if the pipeline without it prints the same lines. */
static void redundant_ones_change_nothing(void **state)
{
    struct place *place = *state;
    static const char *const chains[][4] = {
        {"grep so", "grep -v '= -1'", "grep lib", "grep -v site"},
        {"grep so", "grep '\\.so'", "grep -v nosuchthing", "grep lib"},
        {"grep -v site", "grep -v site", "grep -v '= -1'", "grep -v python3/site"},
        {"grep lib", "grep '^log.1:'", "grep -v '^log.10'", "grep ':openat'"},
        {"grep '' ", "grep -v '^log.2:'", "grep '^log.1:'", "grep -v log.2"},
        {"grep '^openat'", "grep '^log.*:openat'", "grep ''", "grep -v zz"}};
    size_t n_redundant = 0, n_not = 0;
    for (size_t c = 0; c < sizeof chains / sizeof *chains; c++) {
        for (uint32_t enabled = 0; enabled < 16; enabled++) {
            BUF_AUTO struct buf all = {0}, with = {0}, pipeline = {0};
            join(chains[c], 4, 15, &all);
            join(chains[c], 4, enabled, &pipeline);
            run(pipeline.p, &with);
            struct chain *chain = make(place, all.p);
            for (size_t i = 0; i < 4; i++)
                chain_enable(chain, i, enabled >> i & 1);
            struct scan scan; /* computes all missing numbers */
            struct err err = {0};
            while (chain_next_scan(chain, &scan)) {
                roaring_bitmap_t *hits;
                must(scan_run(&scan, place->db, NULL, &hits, &err), &err);
                chain_add_hits(chain, &scan, hits);
                scan_finish(&scan);
            }
            assert_true(chain_evaluate(chain));
            for (size_t i = 0; i < 4; i++) {
                BUF_AUTO struct buf text = {0}, without = {0};
                if (!(enabled >> i & 1)) {
                    assert_false(chain_stage(chain, i).redundant);
                    continue;
                }
                join(chains[c], 4, enabled & ~(1u << i), &text);
                run(text.p, &without);
                bool same = bytes_equal(buf_bytes(&with), buf_bytes(&without));
                if (chain_stage(chain, i).redundant != same)
                    fail_msg("%s: stage %zu", pipeline.p, i + 1);
                *(same ? &n_redundant : &n_not) += 1;
            }
            chain_destroy(chain);
        }
    }
    assert_true(n_redundant > 30 && n_not > 60);
}

static void write_chain(struct place *place, const struct chain *chain)
{
    struct err err = {0};
    must(db_begin(place->db, &err) && journal_step(place->db, &err) &&
             chain_write(chain, place->db, &err) && db_commit(place->db, &err),
         &err);
}

static void undo(struct place *place, struct chain *chain, bool expect_bound)
{
    struct err err = {0};
    bool done, is_bound;
    must(journal_undo(place->db, &done, &err), &err);
    assert_true(done);
    must(chain_read_again(chain, place->db, &is_bound, &err), &err);
    assert_int_equal(is_bound, expect_bound);
}

/* Known hits are still known after an undo, without a scan and without the session. */
static void undo_keeps_hits(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct chain *chain = make_abc(place, 15);
    write_chain(place, chain);
    check_stages(place, chain, abc, 4, 15);
    chain_enable(chain, 2, false);
    write_chain(place, chain);
    chain_move(chain, 3, 1);
    write_chain(place, chain);
    chain_remove(chain, 0);
    write_chain(place, chain);
    must(chain_insert(chain, 3, bytes_of("-v nothing"), NULL, &err), &err);
    write_chain(place, chain);
    undo(place, chain, true);
    assert_int_equal(chain_n_stages(chain), 3);
    static const uint32_t enabled[] = {11, 11, 15};
    for (size_t i = 0; i < 3; i++) {
        BUF_AUTO struct buf pipeline = {0};
        undo(place, chain, true);
        assert_true(chain_evaluate(chain));
        join(abc, 4, enabled[i], &pipeline);
        check_output(place, chain, pipeline.p);
    }
    /* other logs: the binding must be computed again */
    must(chain_from_pipeline(chain, bytes_of("grep so log.2"), NULL, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    write_chain(place, chain);
    undo(place, chain, false);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    check_stages(place, chain, abc, 4, 15);
    /* a damaged chain in the session leaves this chain unchanged */
    struct stmt *q = db_query(place->db, "UPDATE pattern SET stage = 'grep -f x'", &err);
    must(q && stmt_run(q, &err), &err);
    bool is_bound;
    assert_false(chain_read_again(chain, place->db, &is_bound, &err));
    check_stages(place, chain, abc, 4, 15);
    chain_destroy(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_off_all_on), cmocka_unit_test(solo_and_back),
        cmocka_unit_test(duplicates), cmocka_unit_test(redundant_ones_change_nothing),
        cmocka_unit_test(undo_keeps_hits)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
