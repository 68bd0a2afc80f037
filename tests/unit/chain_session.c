/* SPDX-License-Identifier: MIT
 * What the session stores of a chain and its hits, stored data that is rejected, and scans that are
 * cancelled. */
#include "chain_fixture.h"

#include "db/journal.h"

static void write_chain(struct place *place, const struct chain *chain)
{
    struct err err = {0};
    must(db_begin(place->db, &err) && journal_step(place->db, &err) &&
             chain_write(chain, place->db, &err) && db_commit(place->db, &err),
         &err);
}

static void run_sql(struct place *place, const char *sql)
{
    struct err err = {0};
    struct stmt *q = db_query(place->db, sql, &err);
    must(q && stmt_run(q, &err), &err);
}

static struct chain *read_bound(struct place *place)
{
    struct chain *chain;
    struct err err = {0};
    must(chain_read(place->db, &chain, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    return chain;
}

static void session_keeps_chain_and_hits(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    static const char text[] = "grep -v '= -1' log.* | grep 'it'\\''s\\|so'";
    struct chain *chain = make(place, text);
    write_chain(place, chain);
    settle(place, chain);
    must(chain_store_hits(chain, place->db, &err), &err);
    uint64_t n = chain_n_output(chain);
    chain_destroy(chain);

    chain = read_bound(place);
    assert_true(chain_evaluate(chain)); /* without a scan */
    assert_int_equal(chain_n_output(chain), n);
    check_output(place, chain, text);
    chain_destroy(chain);

    /* Damaged hits are ignored: beyond the end, overlapping, empty, of odd length, of other logs.
     */
    static const char *const damage[] = {
        "UPDATE hits SET ranges = x'00000000ffffffff'",
        "UPDATE hits SET ranges = x'00000000020000000100000001000000'",
        "UPDATE hits SET ranges = x'0000000000000000'", "UPDATE hits SET ranges = x'000000'",
        "UPDATE hits SET key = x'00', ranges = x'0000000001000000'"};
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        run_sql(place, damage[i]);
        chain = read_bound(place);
        assert_false(chain_evaluate(chain));
        settle(place, chain);
        check_output(place, chain, text);
        must(chain_store_hits(chain, place->db, &err), &err);
        chain_destroy(chain);
    }

    /* Numbers and hits of removed stages are removed. */
    chain = read_bound(place);
    chain_remove(chain, 1);
    write_chain(place, chain);
    settle(place, chain);
    must(chain_store_hits(chain, place->db, &err), &err);
    struct stmt *q = db_query(place->db,
                              "SELECT (SELECT count(*) FROM hits WHERE stage LIKE '%so%'), "
                              "(SELECT count(*) FROM hits), (SELECT count(*) FROM counted)",
                              &err);
    assert_int_equal(stmt_step(q, &err), STEP_ROW);
    assert_int_equal(stmt_int(q, 0), 0);
    assert_true(stmt_int(q, 1) >= 1);
    assert_int_equal(stmt_int(q, 2), 1);
    stmt_reset(q);
    chain_destroy(chain);
}

static void undo_brings_it_back(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    bool done;
    struct chain *chain = make(place, "grep so log.1");
    write_chain(place, chain);
    chain_enable(chain, 0, false);
    write_chain(place, chain);
    must(chain_from_pipeline(chain, bytes_of(""), NULL, &err), &err);
    write_chain(place, chain);
    chain_destroy(chain);
    chain = read_bound(place);
    assert_int_equal(chain_n_stages(chain), 0);
    assert_int_equal(chain_n_selected(chain), 3);
    chain_destroy(chain);
    for (int enabled = 0; enabled < 2; enabled++) {
        must(journal_undo(place->db, &done, &err), &err);
        chain = read_bound(place);
        assert_int_equal(chain_n_stages(chain), 1);
        assert_int_equal(chain_stage(chain, 0).enabled, enabled);
        assert_int_equal(chain_n_selected(chain), 1);
        chain_destroy(chain);
    }
}

static void strange_sessions_are_refused(void **state)
{
    struct place *place = *state;
    static const char *const stages[] = {
        "INSERT INTO pattern VALUES (1, 1, 'line', 'grep -f /etc/passwd')",
        "INSERT INTO pattern VALUES (1, 1, 'line', 'grep ''\\(''')",
        "INSERT INTO pattern VALUES (1, 1, 'line', 'grep x log.1')",
        "INSERT INTO pattern VALUES (1, 1, 'line', 'sh -c ls')",
        "INSERT INTO pattern VALUES (1, 1, 'line', '')",
        "INSERT INTO pattern VALUES (1, 1, 'line', 'grep -E ''(((a{999}){999}){999})''')",
        ("INSERT INTO pattern VALUES (1, 1, 'line', 'grep -E ''' || "
         "replace(hex(zeroblob(50000)), '0', '(') || '''')")};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        struct chain *chain;
        struct err err = {0};
        run_sql(place, "DELETE FROM pattern");
        run_sql(place, stages[i]);
        if (chain_read(place->db, &chain, &err))
            fail_msg("accepted: %s", stages[i]);
        assert_non_null(strstr(err.text, "stage 1"));
    }
    run_sql(place, "DELETE FROM pattern");
}

static void cancelled_and_failing_scans(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    atomic_bool cancel = true;
    struct chain *chain = make(place, "grep so log.*");
    assert_false(chain_settle(chain, place->db, &cancel, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    assert_null(chain_survivors(chain));
    settle(place, chain);
    check_output(place, chain, "grep so log.*");
    /* a match that the shell's grep -P gives up on, this gives up on too */
    must(chain_from_pipeline(chain, bytes_of("grep -P '\"(a+)+$' log.*"), NULL, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    BUF_AUTO struct buf out = {0};
    run("grep -P '\"(a+)+$' log.* >/dev/null 2>&1; echo $?", &out);
    assert_int_equal(out.p[0], '2');
    assert_false(chain_settle(chain, place->db, NULL, &err));
    assert_non_null(strstr(err.text, "backtracking limit"));
    /* a match that grep -P finishes because it does not backtrack, this finishes too */
    must(chain_from_pipeline(chain, bytes_of("grep -E '\"(a+)+$' log.* "), NULL, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    settle(place, chain);
    check_output(place, chain, "grep -E '\"(a+)+$' log.*");
    chain_destroy(chain);
}

static void no_logs_no_survivors(void **state)
{
    (void)state;
    struct place empty = {0};
    struct err err = {0};
    must(db_open("empty.xsmall", DB_CREATE, &empty.db, &err), &err);
    must(corpus_read(empty.db, &empty.corpus, &err), &err);
    struct chain *chain = make(&empty, "grep so log.1*");
    settle(&empty, chain);
    assert_int_equal(chain_n_output(chain), 0);
    write_chain(&empty, chain);
    BUF_AUTO struct buf printed = {0};
    chain_print(chain, &printed);
    assert_string_equal(printed.p, "grep 'so' log.1*");
    chain_destroy(chain);
    corpus_destroy(empty.corpus);
    empty.corpus = NULL;
    /* bound to logs when they are loaded */
    static const char *const names[] = {"log.1", "log.10"};
    load_logs(&empty, names, 2);
    chain = read_bound(&empty);
    settle(&empty, chain);
    check_output(&empty, chain, "grep so log.1 log.10");
    chain_destroy(chain);
    corpus_reader_destroy(empty.reader);
    corpus_destroy(empty.corpus);
    db_close(empty.db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session_keeps_chain_and_hits), cmocka_unit_test(undo_brings_it_back),
        cmocka_unit_test(strange_sessions_are_refused),
        cmocka_unit_test(cancelled_and_failing_scans), cmocka_unit_test(no_logs_no_survivors)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
