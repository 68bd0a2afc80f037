/* SPDX-License-Identifier: MIT
 * Logs loaded into the session and read again: bytes unchanged, repeated loads, rejected logs, -ff
 * sets, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "db/loading.h"
#include "trace/access.h"
#include "trace/log/log_sources.h"
#include "trace/trace.h"

struct place {
    char dir[64], session[96];
    struct db *db;
    struct trace_result result;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct err err = {0};
    strcpy(place->dir, "/tmp/xsmall-trace-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->session, sizeof place->session, "%s/s.xsmall", place->dir);
    if (!db_open(place->session, DB_CREATE, &place->db, &err))
        fail_msg("%s", err.text);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    db_close(place->db);
    snprintf(command, sizeof command, "rm -rf '%s'", place->dir);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

/* Returns DIR/name in one of a few static buffers. */
static const char *path_of(const struct place *place, const char *name)
{
    static char paths[8][128];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", place->dir, name);
    return path;
}

static const char *put_bytes(const struct place *place, const char *name, struct bytes text)
{
    const char *path = path_of(place, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.p ? text.p : "", 1, text.n, file), text.n);
    fclose(file);
    return path;
}

static const char *put(const struct place *place, const char *name, const char *text)
{
    return put_bytes(place, name, bytes_of(text));
}

static bool try_load(struct place *place, const struct trace_request *given, struct err *err)
{
    struct progress progress = {0};
    struct trace_request request = *given;
    if (!loading_begin(place->db, &request.load, err))
        return false;
    if (!request.role)
        request.role = "evidence";
    if (!trace_load(place->db, &request, &progress, &place->result, err)) {
        loading_abandon(place->db, request.load);
        return false;
    }
    return loading_finish(place->db, request.load, err);
}

static void load(struct place *place, const char *operand)
{
    struct err err = {0};
    if (!try_load(place, &(struct trace_request){.operands = &operand, .n_operands = 1}, &err))
        fail_msg("%s", err.text);
}

struct read {
    struct corpus *corpus;
    struct accesses *accesses;
    struct corpus_reader *reader;
};

static struct read read_all(struct place *place)
{
    struct read read;
    struct err err = {0};
    if (!corpus_read(place->db, &read.corpus, &err) ||
        !accesses_read(place->db, read.corpus, &read.accesses, &err) ||
        !corpus_reader_create(place->db, read.corpus, &read.reader, &err))
        fail_msg("%s", err.text);
    return read;
}

static void read_end(struct read *read)
{
    corpus_reader_destroy(read->reader);
    accesses_destroy(read->accesses);
    corpus_destroy(read->corpus);
}

/* Returns the accesses as text, one "log pid call path errno n" per line, in order. */
static void report(const struct read *read, struct buf *out)
{
    for (size_t i = 0; i < read->accesses->n; i++) {
        struct access_row row = access_at(read->accesses, i);
        const struct access_path *asked = &read->accesses->paths[row.path];
        struct bytes log = read->corpus->logs[access_log(read->accesses, &row)].name;
        log = bytes_skip(log, bytes_rindex(log, '/') + 1);
        buf_printf(out, "%.*s %d %s %s%.*s %d %u\n", (int)log.n, log.p,
                   read->accesses->processes[row.process].pid, row.type->call,
                   asked->known ? "" : "?", (int)asked->path.n, asked->path.p, row.type->error,
                   row.n);
    }
    buf_byte(out, 0);
}

static void accesses_are(struct place *place, const char *expected)
{
    BUF_AUTO struct buf text = {0};
    struct read read = read_all(place);
    report(&read, &text);
    if (strcmp(text.p, expected))
        fail_msg("%s", text.p);
    read_end(&read);
}

static int64_t number(struct place *place, const char *sql)
{
    struct err err = {0};
    struct stmt *q = db_query(place->db, sql, &err);
    if (!q || stmt_step(q, &err) != STEP_ROW)
        fail_msg("%s: %s", sql, err.text);
    int64_t n = stmt_int(q, 0);
    stmt_reset(q);
    return n;
}

/* All block texts, joined, are the file, and each line by number is its line. */
static void round_trip(struct place *place, struct bytes text, bool cut)
{
    BUF_AUTO struct buf all = {0};
    struct err err = {0};
    struct read read = read_all(place);
    for (uint32_t i = 0; i < read.corpus->n_blocks; i++) {
        struct bytes block;
        if (!corpus_block_text(read.reader, i, &block, &err))
            fail_msg("%s", err.text);
        assert_int_equal(block.n, read.corpus->blocks[i].n_bytes);
        buf_add(&all, block);
    }
    assert_int_equal(read.corpus->n_logs, 1);
    assert_int_equal(read.corpus->logs[0].cut, cut);
    assert_int_equal(all.n, text.n + cut);
    assert_memory_equal(all.p, text.p, text.n);
    struct bytes rest = text;
    for (uint32_t line = 0; line < read.corpus->n_lines; line++) {
        struct bytes expected = bytes_from(rest.p, bytes_index(rest, '\n')), got;
        rest = bytes_skip(rest, expected.n + 1);
        if (!corpus_line(read.reader, line, &got, &err))
            fail_msg("%s", err.text);
        assert_true(bytes_equal(got, expected));
    }
    assert_int_equal(rest.n, 0);
    read_end(&read);
}

static void test_bytes_are_kept(void **state)
{
    static const char odd[] = "12 open(\"/a\", O_RDONLY) = 3\r\n\n\n\0\xff\xfe zero\0\n"
                              "12<\xc3(> close(3) = 0\nlast";
    struct place *place = *state;
    struct bytes text = {odd, sizeof odd - 1};
    load(place, put_bytes(place, "log", text));
    round_trip(place, text, true);
    assert_int_equal(number(place, "SELECT n_lines FROM log"), 6); /* counted by hand */
    assert_int_equal(number(place, "SELECT size FROM log"), sizeof odd - 1);
}

static void test_empty(void **state)
{
    struct place *place = *state;
    load(place, put(place, "log.77", ""));
    assert_int_equal(place->result.n_new, 1);
    assert_int_equal(number(place, "SELECT count(*) FROM log WHERE n_lines = 0"), 1);
    accesses_are(place, "");
}

/* Several blocks, halves far apart, and lines longer than a block. */
static void test_long(void **state)
{
    enum { N = 20000 };
    struct place *place = *state;
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, "11 open(\"/slow\" <unfinished ...>\n");
    for (int i = 0; i < N; i++)
        buf_printf(&text, "12 stat(\"/file%d\", 0x7f) = -1 ENOENT (No such file or directory)\n",
                   i % 100);
    buf_printf(&text, "12 write(1, \"");
    for (int i = 0; i < 700000; i++)
        buf_byte(&text, 'x');
    buf_printf(&text, "\"..., 700000) = 700000\n11 <... open resumed>, O_RDONLY) = 3\n");
    load(place, put_bytes(place, "log", buf_bytes(&text)));
    round_trip(place, buf_bytes(&text), false);

    struct err err = {0};
    struct read read = read_all(place);
    const uint32_t *calls;
    assert_true(read.corpus->n_blocks > 3);
    assert_int_equal(read.accesses->n, 101);
    uint32_t line = 0;
    for (uint32_t b = 0; b < read.corpus->n_blocks; b++) {
        assert_true(corpus_block_calls(read.reader, b, &calls, &err));
        assert_int_equal(read.corpus->blocks[b].first_line, line);
        for (uint32_t i = 0; i < read.corpus->blocks[b].n_lines; i++, line++) {
            char path[32];
            bool is_slow = line == 0 || line == N + 2;
            if (line == N + 1) { /* write is no access */
                assert_int_equal(calls[i], 0);
                continue;
            }
            snprintf(path, sizeof path, is_slow ? "/slow" : "/file%u", (line - 1) % 100);
            assert_in_range(calls[i], 1, read.accesses->n);
            struct access_row row = access_at(read.accesses, calls[i] - 1);
            assert_true(bytes_equal(read.accesses->paths[row.path].path, bytes_of(path)));
            assert_int_equal(row.n, is_slow ? 1 : N / 100);
            assert_int_equal(row.type->error, is_slow ? 0 : 2);
            assert_int_equal(corpus_block_of(read.corpus, line), b);
        }
    }
    assert_int_equal(line, N + 3);
    assert_int_equal(access_at(read.accesses, read.accesses->n - 1).first_line,
                     1); /* joined last, begun first */
    read_end(&read);
}

static void test_line_too_long(void **state)
{
    struct place *place = *state;
    const char *path = put(place, "log", "12 open(\"/a\", O_RDONLY) = 3\n12 write(1, \"");
    struct err err = {0};
    assert_int_equal(truncate(path, 80 << 20), 0); /* zeros, and no newline among them */
    assert_false(
        try_load(place, &(struct trace_request){.operands = &path, .n_operands = 1}, &err));
    assert_non_null(strstr(err.text, path));
    assert_int_equal(number(place, "SELECT count(*) FROM log"), 0);
}

#define LINE_A "12 open(\"/a\", O_RDONLY) = 3\n"
#define LINE_B "12 open(\"/b\", O_RDONLY) = 3\n"

static void test_again(void **state)
{
    struct place *place = *state;
    const char *path = put(place, "log", LINE_A);
    load(place, path);
    assert_int_equal(place->result.n_new, 1);
    load(place, path);
    assert_int_equal(place->result.n_new, 0);
    assert_int_equal(place->result.n_same, 1);
    assert_int_equal(number(place, "SELECT count(*) FROM log"), 1);
    put(place, "log", LINE_A LINE_B);
    load(place, path);
    assert_int_equal(place->result.n_grown, 1);
    accesses_are(place, "log 12 open /a 0 1\nlog 12 open /b 0 1\n");
    put(place, "log", LINE_B LINE_B LINE_A);
    load(place, path);
    assert_int_equal(place->result.n_changed, 1);
    accesses_are(place, "log 12 open /b 0 2\nlog 12 open /a 0 1\n");
    put(place, "log", LINE_B);
    load(place, path);
    assert_int_equal(place->result.n_changed, 1); /* shorter */
    accesses_are(place, "log 12 open /b 0 1\n");
    assert_int_equal(number(place, "SELECT count(*) FROM log"), 1);
    assert_int_equal(number(place, "SELECT count(*) FROM run"), 1);
    assert_int_equal(number(place, "SELECT count(*) FROM block"), 1);
}

static void test_runs_and_order(void **state)
{
    struct place *place = *state;
    const char *a = put(place, "a", LINE_A), *b = put(place, "b", LINE_B);
    struct err err = {0};
    load(place, b);
    load(place, a);
    accesses_are(place, "b 12 open /b 0 1\na 12 open /a 0 1\n");
    assert_int_equal(number(place, "SELECT count(*) FROM v_access WHERE run = 'run1' AND log LIKE "
                                   "'%/b'"),
                     1);
    assert_int_equal(number(place, "SELECT count(*) FROM v_access WHERE run = 'run2' AND log LIKE "
                                   "'%/a'"),
                     1);
    /* A replaced log keeps its position, and a check run is in the session but not in the corpus.
     */
    put(place, "b", LINE_B LINE_B);
    load(place, b);
    accesses_are(place, "b 12 open /b 0 2\na 12 open /a 0 1\n");
    const char *c = put(place, "c", "12 open(\"/c\", O_RDONLY) = -1 ENOENT (x)\n");
    struct trace_request check = {.operands = &c, .n_operands = 1, .run = "slim", .role = "check"};
    if (!try_load(place, &check, &err))
        fail_msg("%s", err.text);
    accesses_are(place, "b 12 open /b 0 2\na 12 open /a 0 1\n");
    assert_int_equal(number(place, "SELECT count(*) FROM v_access WHERE run = 'slim'"), 1);
    const char *d = put(place, "d", LINE_A);
    struct trace_request mixed = {.operands = &d, .n_operands = 1, .run = "slim"};
    assert_false(try_load(place, &mixed, &err));
    assert_non_null(strstr(err.text, "slim"));
}

static void test_directory(void **state)
{
    struct place *place = *state;
    char command[160];
    snprintf(command, sizeof command, "mkdir -p '%s/logs/sub' '%s/none'", place->dir, place->dir);
    assert_int_equal(system(command), 0);
    put(place, "logs/b", LINE_B);
    put(place, "logs/B", LINE_A);
    put(place, "logs/a.c", "int main(void) { return open(\"x\", 0); }\n");
    put(place, "logs/sub/c", LINE_A);
    load(place, path_of(place, "logs/"));
    struct read read = read_all(place);
    assert_int_equal(read.corpus->n_logs, 2);
    assert_true(bytes_equal(read.corpus->logs[0].name, bytes_of(path_of(place, "logs/B"))));
    assert_true(bytes_equal(read.corpus->logs[1].name, bytes_of(path_of(place, "logs/b"))));
    read_end(&read);
    assert_int_equal(number(place, "SELECT count(*) FROM v_problem WHERE where_ LIKE '%/logs/a.c'"),
                     1);
    struct err err = {0};
    const char *none = path_of(place, "none");
    assert_false(
        try_load(place, &(struct trace_request){.operands = &none, .n_operands = 1}, &err));
    assert_non_null(strstr(err.text, none));
}

static void test_what_is_a_log(void **state)
{
    static const struct {
        const char *text;
        bool is_log;
    } cases[] = {
        {"", true},
        {LINE_A, true},
        {"+++ exited with 0 +++\n", true},
        {"12 --- SIGCHLD {si_signo=SIGCHLD} ---\n", true},
        {"strace: Process 12 attached\n", true},
        {"noise\nmore noise\nexecve(\"/bin/sh\", [\"sh\"], 0x7f /* 3 vars */) = 0\n", true},
        {"12:00:00 openat(AT_FDCWD, \"/a\" <unfinished ...>\n", true},
        {"execve(\"/bin/sh\", [\"a cut", true},
        {"\033[1mopen\033[0m(\"/a\", O_RDONLY) = 3\n", true},
        {"FROM scratch\nCOPY a b\n", false},
        {"int f(void);\nopen(\"x\", O_RDONLY);\nf();\n", false},
        {"--- a/file\n+++ b/file\n@@ -1 +1 @@\n", false},
        {"\n\n\n", false},
        {"{\"a\": [1, 2]}", false},
    };
    struct place *place = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        bool is_log = !cases[i].is_log;
        const char *path = put(place, "x", cases[i].text);
        if (!log_sources_is_log(path, &is_log, &err) || is_log != cases[i].is_log)
            fail_msg("%s: %s%s", cases[i].text, is_log ? "a log" : "no log", err.text);
    }
    struct err err = {0};
    bool is_log = true;
    assert_true(log_sources_is_log(place->dir, &is_log, &err));
    assert_false(is_log);
    assert_false(log_sources_is_log(path_of(place, "missing"), &is_log, &err));
    const char *readme = put(place, "README", "hello\n");
    assert_false(
        try_load(place, &(struct trace_request){.operands = &readme, .n_operands = 1}, &err));
    assert_non_null(strstr(err.text, readme));
}

/* Files of -ff in any order; the root has the greatest pid, as after a wrap. */
static void test_family(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    const char *files[] = {
        put(place, "log.11",
            "open(\"a\", O_RDONLY) = 3\n"
            "chdir(\"/eleven\") = 0\n"
            "clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 12\n"),
        put(place, "log.12", "open(\"b\", O_RDONLY) = 3\n"),
        put(place, "log.900",
            "09:00:00 execve(\"/bin/sh\", [\"sh\"], NULL) = 0\n"
            "09:00:00 chdir(\"/root\") = 0\n"
            "09:00:00 fork( <unfinished ...>\n"
            "09:00:00 <... fork resumed>) = 11\n"
            "09:00:00 chdir(\"/later\") = 0\n"),
    };
    struct trace_request request = {.operands = files, .n_operands = 3, .cwd = "/s"};
    if (!try_load(place, &request, &err))
        fail_msg("%s", err.text);
    accesses_are(place, "log.11 11 open /root/a 0 1\n"
                        "log.11 11 chdir /eleven 0 1\n"
                        "log.12 12 open /eleven/b 0 1\n"
                        "log.900 900 execve /bin/sh 0 1\n"
                        "log.900 900 chdir /root 0 1\n"
                        "log.900 900 chdir /later 0 1\n");
    /* One file grew: the others are tracked with it, and not stored again. */
    put(place, "log.12", "open(\"b\", O_RDONLY) = 3\nopen(\"c\", O_RDONLY) = 3\n");
    if (!try_load(place, &request, &err))
        fail_msg("%s", err.text);
    assert_int_equal(place->result.n_same, 2);
    assert_int_equal(place->result.n_grown, 1);
    assert_int_equal(number(place, "SELECT count(*) FROM v_access WHERE path = '/eleven/c'"), 1);
    assert_int_equal(number(place, "SELECT count(*) FROM log"), 3);
}

/* More different accesses than fit in memory: each line still names its own; early ones that occur
 * again are counted from 0; a call with two paths is never split. */
static void test_generations(void **state)
{
    enum { DIFFERENT = 100001 };
    struct place *place = *state;
    BUF_AUTO struct buf text = {0};
    for (int i = 0; i < DIFFERENT; i++)
        buf_printf(&text,
                   i % 3 ? "7 stat(\"/d/%d\", {}) = 0\n" : "7 rename(\"/d/%d\", \"/e\") = 0\n", i);
    buf_add(&text, bytes_of("7 stat(\"/d/1\", {}) = 0\n"
                            "7 stat(\"/d/100000\", {}) = 0\n"));
    put_bytes(place, "log", buf_bytes(&text));
    load(place, path_of(place, "log"));
    assert_int_equal(number(place, "SELECT count(*) FROM v_access"), DIFFERENT + 33334 + 1);
    assert_int_equal(number(place, "SELECT total(n) FROM v_access"), DIFFERENT + 33334 + 2);
    assert_int_equal(number(place, "SELECT count(*) FROM v_access WHERE path = '/d/1'"), 2);
    assert_int_equal(number(place, "SELECT n FROM v_access WHERE path = '/d/100000'"), 2);
    struct read read = read_all(place);
    uint32_t line = 0;
    for (uint32_t block = 0; block < read.corpus->n_blocks; block++) {
        struct err err = {0};
        const uint32_t *calls;
        assert_true(corpus_block_calls(read.reader, block, &calls, &err));
        for (uint32_t i = 0; i < read.corpus->blocks[block].n_lines; i++, line++) {
            char path[16];
            int asked = line < DIFFERENT ? (int)line : line == DIFFERENT ? 1 : 100000;
            snprintf(path, sizeof path, "/d/%d", asked);
            struct access_row row = access_at(read.accesses, calls[i] - 1);
            assert_true(bytes_equal(read.accesses->paths[row.path].path, bytes_of(path)));
            assert_int_equal(row.type->pair, asked % 3 == 0);
            if (row.type->pair)
                assert_true(
                    bytes_equal(read.accesses->paths[access_at(read.accesses, calls[i]).path].path,
                                bytes_of("/e")));
        }
    }
    assert_int_equal(line, DIFFERENT + 2);
    read_end(&read);
}

static void test_cancel(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct progress progress = {0};
    const char *path = put(place, "log", LINE_A);
    struct trace_request request = {.operands = &path, .n_operands = 1, .role = "evidence"};
    assert_true(loading_begin(place->db, &request.load, &err));
    progress.cancel = true;
    assert_false(trace_load(place->db, &request, &progress, &place->result, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    loading_abandon(place->db, request.load);
    assert_int_equal(number(place, "SELECT count(*) FROM log"), 0);
    progress.cancel = false;
    load(place, path);
    accesses_are(place, "log 12 open /a 0 1\n");
}

static void run_sql(struct place *place, const char *sql)
{
    struct err err = {0};
    struct stmt *q = NULL;
    if (!db_begin(place->db, &err) || !(q = db_query(place->db, sql, &err)) || !stmt_run(q, &err) ||
        !db_commit(place->db, &err))
        fail_msg("%s", err.text);
}

/* A session can come from a stranger: invalid data is an error that names the log. */
static void test_damage(void **state)
{
    static const char *const damages[] = {
        "UPDATE block SET n_bytes = n_bytes + 1",
        "UPDATE block SET n_bytes = 2000000000",
        "UPDATE block SET n_lines = n_lines + 1",
        "UPDATE block SET n_lines = -1",
        "UPDATE block SET first_line = 2",
        "UPDATE block SET text = x'00'",
        "UPDATE block SET text = substr(text, 1, length(text) - 3)",
        "UPDATE block SET text = calls",
        "UPDATE block SET calls = text",
        "UPDATE log SET n_lines = 5000000000",
        "UPDATE log SET n_lines = 1; ",
        "DELETE FROM block",
        "UPDATE packed SET first_seq = 2",
        "UPDATE packed SET n = n + 1",
        "UPDATE packed SET n = n - 1",
        "UPDATE packed SET asked_upper = asked",
        "UPDATE packed SET asked = x'ff'",
        "UPDATE packed SET line = char(60000) || substr(line, 2)",
        "UPDATE packed SET base_asked = 999",
        "UPDATE packed SET base_asked = -9223372036854775807",
        "UPDATE packed SET way = char(9) || substr(way, 2)",
        "UPDATE packed SET base_line = 77",
        "UPDATE packed SET base_line = 9223372036854775807",
        "UPDATE way SET pair = 1",
        "DELETE FROM way",
        "DELETE FROM process",
    };
    struct place *place = *state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct err err = {0};
        struct corpus *corpus = NULL;
        struct accesses *accesses = NULL;
        struct corpus_reader *reader = NULL;
        struct bytes text;
        const uint32_t *calls;
        put(place, "log", i % 2 ? LINE_A LINE_B : LINE_B LINE_A); /* loaded again each time */
        load(place, path_of(place, "log"));
        run_sql(place, damages[i]);
        bool ok = corpus_read(place->db, &corpus, &err) &&
                  accesses_read(place->db, corpus, &accesses, &err) &&
                  corpus_reader_create(place->db, corpus, &reader, &err) &&
                  corpus_block_text(reader, 0, &text, &err) &&
                  corpus_block_calls(reader, 0, &calls, &err);
        if (ok || !strstr(err.text, path_of(place, "log")))
            fail_msg("%s: %s", damages[i], ok ? "taken" : err.text);
        corpus_reader_destroy(reader);
        accesses_destroy(accesses);
        corpus_destroy(corpus);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bytes_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_line_too_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_runs_and_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_directory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_a_log, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_family, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_generations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cancel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damage, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
