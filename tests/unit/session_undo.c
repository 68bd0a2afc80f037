/* SPDX-License-Identifier: MIT
 * Any sequence of edits: undo restores the decisions byte for byte, and redo too; the session is
 * closed and opened again in between. Expected values are the tables, read when each edit was made.
 * XSMALL_SEED=N chooses other sequences. */
#include <roaring/roaring.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "chance.h"
#include "db/journal.h"
#include "session/session.h"

enum { WALKS = 16, EDITS = 60, MAX_STATES = EDITS + 1 };

static const char session_path[] = "s.xsmall";

static void must(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static int set_up(void **state)
{
    (void)state;
    static char dir[] = "/tmp/xsmall-undo-XXXXXX";
    static const char *const operands[] = {"image", "log.1", "log.2"};
    struct load_request request = {
        .session_path = "loaded.xsmall", .operands = operands, .n_operands = 3};
    struct progress progress = {0};
    struct load_result result;
    struct err err = {0};
    *state = dir;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chdir(dir), 0);
    assert_int_equal(
        system(
            "mkdir -p image/usr/lib image/etc image/bin && cd image && "
            "echo x >usr/lib/x.so && echo y >usr/lib/y.py && ln -s x.so usr/lib/z.so && "
            "echo root >etc/passwd && echo sh >bin/sh && echo odd >\"$(printf 'etc/a\\n\\377')\""),
        0);
    assert_int_equal(
        system("for i in 1 2; do printf 'openat(AT_FDCWD, \"/usr/lib/x.so\", O_RDONLY) = 3\\n"
               "openat(AT_FDCWD, \"/usr/lib/none\", O_RDONLY) = -1 ENOENT (No such file)\\n"
               "+++ exited with 0 +++\\n' >log.$i; done"),
        0);
    must(session_load(&request, &progress, &result, &err), &err);
    return 0;
}

static int tear_down(void **state)
{
    char command[64];
    assert_int_equal(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", (const char *)*state);
    return system(command);
}

/* --- the decisions as bytes --- */

static bool add_row(void *with, int n, const struct bytes *columns)
{
    for (int i = 0; i < n; i++) {
        buf_add(with, columns[i]);
        buf_byte(with, i + 1 < n ? '\t' : '\n');
    }
    return true;
}

static void dump(struct session *session, struct buf *out)
{
    static const char *const tables[] = {
        "SELECT 'pattern', position, enabled, target, hex(CAST(stage AS BLOB)) FROM pattern "
        "ORDER BY position",
        "SELECT 'mark', hex(CAST(path AS BLOB)), mark FROM mark ORDER BY path",
        "SELECT 'note', hex(CAST(path AS BLOB)), hex(CAST(text AS BLOB)) FROM note ORDER BY path",
        "SELECT 'map', hex(CAST(source AS BLOB)), hex(CAST(target AS BLOB)) FROM map "
        "ORDER BY source",
        "SELECT 'setting', name, hex(CAST(value AS BLOB)) FROM setting "
        "WHERE name <> 'state.stale' ORDER BY name"};
    struct err err = {0};
    buf_clear(out);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        must(db_sql(session->db, bytes_of(tables[i]), add_row, out, &err), &err);
    buf_byte(out, 0);
    out->n--;
}

/* Returns the state in memory: the chain with disabled stages, and the marks. */
static void show(const struct session *session, struct buf *out)
{
    buf_clear(out);
    chain_print(session->chain, out);
    for (size_t i = 0; i < chain_n_stages(session->chain); i++) {
        struct stage_view view = chain_stage(session->chain, i);
        buf_printf(out, "\n%d %s %.*s", view.enabled, view.target->name, (int)view.text.n,
                   view.text.p);
    }
    for (size_t i = 0; i < session->marks->n; i++) {
        buf_printf(out, "\n%s ", mark_name(session->marks->items[i].mark));
        buf_add(out, session->marks->items[i].path);
    }
    buf_byte(out, 0);
}

/* --- edits --- */

struct walk {
    struct chance chance;
    struct session *session;
    struct buf states[MAX_STATES]; /* the decisions after each edit; owned */
    size_t at, n; /* the current state; the number of states that undo and redo can reach */
};

static const char *const stages[] = {"-v x",
                                     "grep 'so'",
                                     "grep -E 'a|b' ",
                                     "grep -ve '= -1'",
                                     "grep -F -e '.so' -e \"it's\"",
                                     "egrep -i 'LIB'",
                                     "$'a\\nb'",
                                     "grep ''",
                                     "-P '(?<=/)usr'",
                                     "-xw 'none'"};
static const char *const pipelines[] = {"grep so log.* | grep -v '= -1'",
                                        "cat log.2 | grep x",
                                        "grep -H '' log.1 | grep -v log.2 | grep -i LIB",
                                        "grep x log.2 log.1",
                                        "",
                                        "grep -h lib log.*"};

static void set_other_target(struct chain *chain, size_t i, struct chance *chance)
{
    const struct filter_target *target = filter_target_next(chain_stage(chain, i).target);
    if (chance_below(chance, 2))
        target = filter_target_next(target);
    chain_set_target(chain, i, target);
}

static void change_stage(struct walk *w, size_t n)
{
    struct chance *chance = &w->chance;
    struct chain *chain = w->session->chain;
    struct err err = {0};
    size_t i = chance_below(chance, n);
    switch (chance_below(chance, 9)) {
    case 0:
        must(chain_replace(chain, i, bytes_of(CHANCE_PICK(chance, stages)), NULL, &err), &err);
        break;
    case 1:
        chain_remove(chain, i);
        break;
    case 2:
        chain_move(chain, i, chance_below(chance, n));
        break;
    case 3:
        chain_enable(chain, i, chance_one_in(chance, 2));
        break;
    case 4:
        chain_invert(chain, i);
        break;
    case 5:
        set_other_target(chain, i, chance);
        break;
    case 6:
        chain_solo(chain, i);
        break;
    case 7:
        must(chain_duplicate(chain, i, &err), &err);
        break;
    case 8:
        chain_enable_all(chain, chance_one_in(chance, 2));
        break;
    }
}

static void edit_chain(struct walk *w)
{
    struct chance *chance = &w->chance;
    struct chain *chain = w->session->chain;
    struct err err = {0};
    size_t n = chain_n_stages(chain);
    if (chance_one_in(chance, 8))
        must(chain_from_pipeline(chain, bytes_of(CHANCE_PICK(chance, pipelines)), NULL, &err),
             &err);
    else if (!n || chance_one_in(chance, 4))
        must(chain_insert(chain, chance_below(chance, n + 1), bytes_of(CHANCE_PICK(chance, stages)),
                          NULL, &err),
             &err);
    else
        change_stage(w, n);
    must(session_save_chain(w->session, &err), &err);
}

/* A rejected edit is not an edit, and loses no hits. */
static void edit_refused(struct walk *w)
{
    struct err err = {0};
    bool had_hits = chain_evaluate(w->session->chain);
    assert_false(chain_insert(w->session->chain, 0, bytes_of("'\\('"), NULL, &err));
    must(chain_from_pipeline(w->session->chain, bytes_of("grep x no.log"), NULL, &err), &err);
    assert_false(session_save_chain(w->session, &err));
    assert_int_equal(chain_evaluate(w->session->chain), had_hits);
}

static void edit_marks(struct walk *w)
{
    struct err err = {0};
    uint32_t nodes[16];
    size_t n = chance_one_in(&w->chance, 3) ? chance_below(&w->chance, 16) : 1;
    for (size_t i = 0; i < n; i++)
        nodes[i] = (uint32_t)chance_below(&w->chance, w->session->subject->n);
    enum mark mark = (enum mark)chance_below(&w->chance, MARK_DROP + 1);
    must(session_set_marks(w->session, nodes, n, mark, &err), &err);
}

/* Notes, maps and settings, several in one step; bytes of all kinds, empty and NULL values. */
static void edit_values(struct walk *w)
{
    static const struct bytes keys[] = {
        {"/etc/a\n\xff", 8}, {"export.subject-name", 19}, {"/nul\0in it", 10}};
    static const struct bytes values[] = {
        {"why", 3}, {"", 0}, {NULL, 0}, {"a\0b\xff\n'\"", 7}, {"/usr/local", 10}, {NULL, 0}};
    struct err err = {0};
    must(db_begin(w->session->db, &err) && journal_step(w->session->db, &err), &err);
    for (size_t i = 0, n = chance_below(&w->chance, 3) + 1; i < n; i++) {
        enum journal_what what = EDIT_NOTE + (enum journal_what)chance_below(&w->chance, 3);
        must(journal_set(w->session->db, what, keys[i], CHANCE_PICK(&w->chance, values), &err),
             &err);
    }
    must(db_commit(w->session->db, &err), &err);
}

/* --- a walk --- */

static void check(struct walk *w, const char *what)
{
    BUF_AUTO struct buf now = {0};
    dump(w->session, &now);
    if (!bytes_equal(buf_bytes(&now), buf_bytes(&w->states[w->at])))
        fail_msg("%s, state %zu of %zu: expected\n%sgot\n%s", what, w->at, w->n, w->states[w->at].p,
                 now.p);
}

static void edit(struct walk *w)
{
    BUF_AUTO struct buf now = {0};
    uint64_t kind = chance_below(&w->chance, 10);
    if (kind == 9) {
        edit_refused(w);
        check(w, "a refused edit");
        return;
    }
    if (kind < 5)
        edit_chain(w);
    else if (kind < 7)
        edit_marks(w);
    else
        edit_values(w);
    dump(w->session, &now);
    bool changed = !bytes_equal(buf_bytes(&now), buf_bytes(&w->states[w->at]));
    w->n = w->at + 1; /* a new edit removes the undone ones */
    if (!changed)
        return;
    w->at = w->n++;
    buf_clear(&w->states[w->at]);
    buf_add(&w->states[w->at], buf_bytes(&now));
    buf_byte(&w->states[w->at], 0);
    w->states[w->at].n--;
}

/* After an undo the state in memory equals the session; the lines are as after opening it. */
static void check_memory(struct walk *w)
{
    BUF_AUTO struct buf kept = {0};
    BUF_AUTO struct buf fresh = {0};
    struct err err = {0};
    struct session *other;
    must(session_open(session_path, DB_READ, &other, &err), &err);
    show(w->session, &kept);
    show(other, &fresh);
    assert_string_equal(kept.p, fresh.p);
    assert_int_equal(w->session->chain_err.kind, other->chain_err.kind);
    bool settles = session_settle_chain(w->session, NULL, &err);
    assert_int_equal(settles, session_settle_chain(other, NULL, &err));
    if (settles)
        assert_true(roaring_bitmap_equals(chain_survivors(w->session->chain),
                                          chain_survivors(other->chain)));
    session_close(other);
}

static void undo(struct walk *w)
{
    struct err err = {0};
    bool done;
    must(session_undo(w->session, &done, &err), &err);
    assert_int_equal(done, w->at > 0);
    w->at -= done;
    check(w, "undo");
    if (chance_one_in(&w->chance, 8))
        check_memory(w);
}

static void redo(struct walk *w)
{
    struct err err = {0};
    bool done;
    must(session_redo(w->session, &done, &err), &err);
    assert_int_equal(done, w->at + 1 < w->n);
    w->at += done;
    check(w, "redo");
    if (chance_one_in(&w->chance, 8))
        check_memory(w);
}

/* Returns the matching lines, from known hits and from hits that must be computed. */
static void survivors(struct walk *w, struct buf *out)
{
    struct err err = {0};
    uint32_t line;
    struct bytes prefix;
    must(session_settle_chain(w->session, NULL, &err), &err);
    for (uint64_t k = 0; chain_output(w->session->chain, k, &line, &prefix); k++)
        buf_printf(out, "%u %.*s\n", line, (int)prefix.n, prefix.p);
    buf_byte(out, 0);
}

/* Closes and opens the session: the tables, the state in memory and the results computed from them
 * stay the same; undo and redo did not have to compute the hits again. */
static void reopen(struct walk *w)
{
    BUF_AUTO struct buf before = {0};
    BUF_AUTO struct buf after = {0};
    BUF_AUTO struct buf lines_before = {0};
    BUF_AUTO struct buf lines_after = {0};
    struct err err = {0};
    show(w->session, &before);
    survivors(w, &lines_before);
    session_close(w->session);
    must(session_open(session_path, DB_WRITE, &w->session, &err), &err);
    show(w->session, &after);
    survivors(w, &lines_after);
    assert_string_equal(before.p, after.p);
    assert_string_equal(lines_before.p, lines_after.p);
    check(w, "opened again");
}

static void settle(struct walk *w)
{
    struct err err = {0};
    must(session_settle(w->session, NULL, &err), &err);
    check(w, "settled");
}

/* Edits mixed with undo and redo, then everything undone, everything redone, and both in turns. */
static void take_walk(struct walk *w)
{
    for (size_t i = 0; i < EDITS && w->n < MAX_STATES; i++) {
        edit(w);
        for (size_t back = chance_one_in(&w->chance, 5) ? chance_below(&w->chance, 6) : 0; back > 0;
             back--)
            undo(w);
        for (size_t forth = chance_one_in(&w->chance, 8) ? chance_below(&w->chance, 4) : 0;
             forth > 0; forth--)
            redo(w);
        if (chance_one_in(&w->chance, 10))
            reopen(w);
        if (chance_one_in(&w->chance, 10))
            settle(w);
    }
    while (w->at > 0)
        undo(w);
    undo(w); /* nothing left to undo */
    reopen(w);
    while (w->at + 1 < w->n)
        redo(w);
    redo(w);
    for (size_t i = 0; i < EDITS; i++) {
        chance_one_in(&w->chance, 2) ? undo(w) : redo(w);
        if (chance_one_in(&w->chance, 20))
            reopen(w);
    }
}

static void undo_and_redo_give_all_back(void **state)
{
    (void)state;
    struct walk *w = calloc(1, sizeof *w);
    struct err err = {0};
    size_t n_states = 0;
    w->chance = chance_begin(3);
    print_message("seed %llu\n", (unsigned long long)w->chance.number);
    for (size_t i = 0; i < WALKS; i++) {
        assert_int_equal(system("cp loaded.xsmall s.xsmall"), 0);
        must(session_open(session_path, DB_WRITE, &w->session, &err), &err);
        dump(w->session, &w->states[0]);
        w->at = 0;
        w->n = 1;
        take_walk(w);
        n_states += w->n;
        session_close(w->session);
    }
    print_message("%zu states\n", n_states);
    assert_true(n_states > WALKS * EDITS / 5);
    for (size_t i = 0; i < MAX_STATES; i++)
        buf_finish(&w->states[i]);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(undo_and_redo_give_all_back)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
