/* SPDX-License-Identifier: MIT
 * Chains over loaded logs against the shell's pipelines with GNU grep, byte for byte: prefixes,
 * toggles, numbers, the choice of logs, and what the session keeps of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "chain/chain.h"
#include "chain/words.h"
#include "db/edits.h"
#include "db/loading.h"
#include "trace/trace.h"

struct place {
    char dir[64];
    struct db *db;
    struct corpus *corpus;
    struct corpus_reader *reader;
};

static void must(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static void put_log(const char *name, uint32_t seed, size_t n_lines, const char *last)
{
    static const char *const lines[] = {
        "openat(AT_FDCWD, \"/usr/lib/libc.so.6\", O_RDONLY|O_CLOEXEC) = 3",
        "openat(AT_FDCWD, \"/usr/lib/python3/site-packages/a.py\", O_RDONLY) = 4",
        "openat(AT_FDCWD, \"/usr/lib/missing.so\", O_RDONLY) = -1 ENOENT (No such file)",
        "access(\"/etc/ld.so.preload\", R_OK) = -1 ENOENT (No such file or directory)",
        "stat(\"/usr/lib/python3/lib-dynload/_ssl.so\", {st_size=1}) = 0",
        "execve(\"/bin/sh\", [\"sh\", \"-c\", \"ls log.*\"], 0x7ffc /* 9 vars */) = 0",
        "--- SIGCHLD {si_signo=SIGCHLD, si_pid=12} ---",
        "read(3, \"\\177ELF\\2\\1\", 832) = 832",
        "openat(AT_FDCWD, \"/aa/aa\", O_RDONLY) = 5",
        "write(1, \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa~\", 41) = 41",
        "",
    };
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(lines[0], file);
    for (size_t i = 1; i < n_lines; i++) {
        seed = seed * 1103515245 + 12345;
        fprintf(file, "\n%s", lines[(seed >> 16) % (sizeof lines / sizeof *lines)]);
        if (i % 97 == 0)
            fprintf(file, "%c\xff odd", 0);
    }
    fputs(last, file);
    assert_int_equal(fclose(file), 0);
}

static void load_logs(struct place *place, const char *const *names, size_t n)
{
    struct err err = {0};
    struct progress progress = {0};
    struct trace_result result;
    struct trace_request request = {.operands = names, .n_operands = n, .role = "evidence"};
    must(loading_begin(place->db, &request.load, &err), &err);
    must(trace_load(place->db, &request, &progress, &result, &err), &err);
    must(loading_finish(place->db, request.load, &err), &err);
    corpus_reader_destroy(place->reader);
    corpus_destroy(place->corpus);
    must(corpus_read(place->db, &place->corpus, &err), &err);
    must(corpus_reader_create(place->db, place->corpus, &place->reader, &err), &err);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct err err = {0};
    strcpy(place->dir, "/tmp/xsmall-chain-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    assert_int_equal(chdir(place->dir), 0);
    put_log("log.1", 1, 9000, "\n"); /* several blocks */
    put_log("log.2", 2, 500, "");    /* no newline at the end */
    put_log("log.10", 3, 60, "\n");
    must(db_open("s.xsmall", DB_CREATE, &place->db, &err), &err);
    static const char *const names[] = {"log.2", "log.1", "log.10"};
    load_logs(place, names, 3);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    corpus_reader_destroy(place->reader);
    corpus_destroy(place->corpus);
    db_close(place->db);
    assert_int_equal(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", place->dir);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static void run(const char *text, struct buf *out)
{
    BUF_AUTO struct buf script = {0};
    BUF_AUTO struct buf command = {0};
    buf_printf(&script, "grep() { command grep -a \"$@\"; }\n%s", text);
    buf_add(&command, bytes_of("LC_ALL=C sh -c "));
    word_quote(buf_bytes(&script), &command);
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        buf_add(out, bytes_from(chunk, n));
    pclose(pipe);
}

static uint32_t count_of(const char *pipeline)
{
    BUF_AUTO struct buf command = {0};
    BUF_AUTO struct buf out = {0};
    buf_printf(&command, "%s | wc -l", pipeline);
    run(command.p, &out);
    return (uint32_t)strtoul(out.p, NULL, 10);
}

static void output_of(struct place *place, const struct chain *chain, struct buf *out)
{
    struct err err = {0};
    uint64_t n = chain_n_output(chain);
    for (uint64_t k = 0; k < n; k++) {
        uint32_t line;
        struct bytes prefix, text;
        assert_true(chain_output(chain, k, &line, &prefix));
        must(corpus_line(place->reader, line, &text, &err), &err);
        buf_add(out, prefix);
        buf_add(out, text);
        buf_byte(out, '\n');
        assert_true(roaring_bitmap_contains(chain_survivors(chain), line));
    }
}

static struct chain *make(struct place *place, const char *pipeline)
{
    struct chain *chain;
    struct err err = {0};
    must(chain_read(place->db, &chain, &err), &err);
    must(chain_from_pipeline(chain, bytes_of(pipeline), NULL, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    return chain;
}

static void settle(struct place *place, struct chain *chain)
{
    struct err err = {0};
    must(chain_settle(chain, place->db, NULL, &err), &err);
}

/* The chain as it stands prints what the shell prints for `pipeline`, and so does its own text. */
static void check_output(struct place *place, const struct chain *chain, const char *pipeline)
{
    BUF_AUTO struct buf expected = {0};
    BUF_AUTO struct buf got = {0};
    BUF_AUTO struct buf printed = {0};
    BUF_AUTO struct buf again = {0};
    run(pipeline, &expected);
    output_of(place, chain, &got);
    chain_print(chain, &printed);
    buf_byte(&printed, 0);
    if (!bytes_equal(buf_bytes(&expected), buf_bytes(&got)))
        fail_msg("%s: the shell prints %zu bytes, the chain %zu", pipeline, expected.n, got.n);
    run(printed.p, &again);
    if (!bytes_equal(buf_bytes(&expected), buf_bytes(&again)))
        fail_msg("%s: printed as %s", pipeline, printed.p);
}

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
    "grep -v x log.1 | grep -v y | grep -v z | grep -v so | grep -v = | grep -v 5 | grep -v q | "
    "grep ''",
    "cat log.1 | grep so | grep '^o'",
    "grep 'nothing like it' log.*",
    "grep -f /dev/null log.*",
    "grep '.' ./log.* | grep '^\\./log.1:s'",
    "grep '$' log.[12] | grep ':$'",
    "grep '' log.10 | grep -v '^$' | grep -c '' | cat",
};

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
    check_output(place, chain, "grep '' log.2 log.1 log.10"); /* as they were loaded */
    chain_destroy(chain);
}

static const char *const toggled[] = {"'^openat'", "-v '^log.1:'", "-v 'site-packages'", "'so'"};

/* What the shell runs when the stages whose bits are set are enabled. */
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
    /* with all hits at hand a toggle needs no scan */
    struct scan scan;
    struct err err = {0};
    while (chain_next_scan(chain, &scan)) {
        roaring_bitmap_t *hits;
        assert_false(scan.urgent);
        must(scan_run(&scan, place->db, NULL, &hits, &err), &err);
        chain_give(chain, &scan, hits);
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

static void edits_are_pipelines(void **state)
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

    /* refused: as it was */
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

/* The numbers, from the shell: `before` makes the arriving lines, `without` is the pipeline without
 * the stage. A line that comes back stands once more in `without` than in `whole`. */
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
    assert_true(chain_stage(chain, 0).unique_hits > 100); /* all of them say something */
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
    /* typed elsewhere: the last component is what counts, the prefix is as it was there */
    chain = make(place, "grep x ../there/log.1 /abs/log.1?");
    chain_selected(chain, 0, &prefix);
    assert_true(bytes_equal(prefix, bytes_of("../there/log.1:")));
    chain_selected(chain, 1, &prefix);
    assert_true(bytes_equal(prefix, bytes_of("/abs/log.10:")));
    chain_destroy(chain);
}

static void write_chain(struct place *place, const struct chain *chain)
{
    struct err err = {0};
    must(db_begin(place->db, &err) && edits_step(place->db, &err) &&
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

    /* Damaged hits are not believed: beyond the end, overlapping, empty, of odd length, of others.
     */
    static const char *const damage[] = {
        "UPDATE hits SET ranges = x'00000000ffffffff'",
        "UPDATE hits SET ranges = x'00000000020000000100000001000000'",
        "UPDATE hits SET ranges = x'0000000000000000'",
        "UPDATE hits SET ranges = x'000000'",
        "UPDATE hits SET key = x'00', ranges = x'0000000001000000'",
    };
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        run_sql(place, damage[i]);
        chain = read_bound(place);
        assert_false(chain_evaluate(chain));
        settle(place, chain);
        check_output(place, chain, text);
        must(chain_store_hits(chain, place->db, &err), &err);
        chain_destroy(chain);
    }

    /* Numbers and hits of stages that are gone, go. */
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
        must(edits_undo(place->db, &done, &err), &err);
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
        "INSERT INTO pattern VALUES (1, 1, 'tree', 'grep x')",
        "INSERT INTO pattern VALUES (1, 1, 'line', 'grep -E ''(((a{999}){999}){999})''')",
        "INSERT INTO pattern VALUES (1, 1, 'line', 'grep -E ''' || "
        "replace(hex(zeroblob(50000)), '0', '(') || '''')",
    };
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
        must(chain_preview_scan(chain, at, bytes_of("-v '1.*open'"), &scan, &invert, &err), &err);
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
    assert_false(chain_preview_scan(chain, 2, bytes_of("'\\("), &scan, &invert, &err));
    chain_destroy(chain);
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
    /* what the shell's grep -P gives up on, this gives up on */
    must(chain_from_pipeline(chain, bytes_of("grep -P '\"(a+)+$' log.*"), NULL, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    BUF_AUTO struct buf out = {0};
    run("grep -P '\"(a+)+$' log.* >/dev/null 2>&1; echo $?", &out);
    assert_int_equal(out.p[0], '2');
    assert_false(chain_settle(chain, place->db, NULL, &err));
    assert_non_null(strstr(err.text, "backtracking limit"));
    /* and what it does not give up on, because it does not backtrack, neither */
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
    /* bound when logs come */
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
        cmocka_unit_test(prints_what_the_shell_prints),
        cmocka_unit_test(without_stages_all_logs),
        cmocka_unit_test(toggles_are_pipelines),
        cmocka_unit_test(edits_are_pipelines),
        cmocka_unit_test(numbers_are_counted),
        cmocka_unit_test(hidden_by_the_first),
        cmocka_unit_test(operands_choose_logs),
        cmocka_unit_test(previews_count),
        cmocka_unit_test(session_keeps_chain_and_hits),
        cmocka_unit_test(undo_brings_it_back),
        cmocka_unit_test(strange_sessions_are_refused),
        cmocka_unit_test(cancelled_and_failing_scans),
        cmocka_unit_test(no_logs_no_survivors),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
