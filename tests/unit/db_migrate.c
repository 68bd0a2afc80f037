/* SPDX-License-Identifier: MIT
 * Sessions of earlier versions, made from their schemas, become sessions of the current version:
 * the same tables, columns, indices and views as a new session, with all rows kept. */
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "db/db.h"

static void make_old(const char *path, int version)
{
    char name[256], text[64];
    snprintf(name, sizeof name, TESTS_DIR "/fixtures/schema_%03d.sql", version);
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    static char sql[1 << 16];
    size_t n = fread(sql, 1, sizeof sql - 1, file);
    sql[n] = 0;
    fclose(file);
    sqlite3 *old;
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             DB_APPLICATION_ID, version);
    assert_int_equal(sqlite3_exec(old, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(old, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(old,
                                  "INSERT INTO pattern VALUES (1, 1, 'line', 'grep ''x''');"
                                  "INSERT INTO mark VALUES ('/a', 'keep')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(old);
}

static int add_row(void *with, int n, char **columns, char **names)
{
    (void)names;
    for (int i = 0; i < n; i++)
        buf_printf(with, "%s|", columns[i] ? columns[i] : "");
    buf_byte(with, '\n');
    return 0;
}

/* Returns the definitions of the tables, independent of how they were created. */
static void describe(const char *path, struct buf *out)
{
    static const char sql[] =
        "SELECT m.type, m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk "
        "FROM sqlite_schema m, pragma_table_info(m.name) c ORDER BY 1, 2, 3;"
        "SELECT name, sql FROM sqlite_schema WHERE type IN ('view', 'index') ORDER BY 1";
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, add_row, out, NULL), SQLITE_OK);
    sqlite3_close(db);
    buf_byte(out, 0);
}

static void ask(const char *path, const char *sql, struct buf *out)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, add_row, out, NULL), SQLITE_OK);
    sqlite3_close(db);
    buf_byte(out, 0);
}

static void each_becomes_todays(void **state)
{
    (void)state;
    char dir[] = "/tmp/xsmall-migrate-XXXXXX", path[64], fresh[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/old.xsmall", dir);
    snprintf(fresh, sizeof fresh, "%s/new.xsmall", dir);
    struct db *db;
    struct err err = {0};
    assert_true(db_open(fresh, DB_CREATE, &db, &err));
    db_close(db);
    BUF_AUTO struct buf wanted = {0};
    describe(fresh, &wanted);
    for (int version = 1; version < DB_SCHEMA_VERSION; version++)
        for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
            BUF_AUTO struct buf got = {0};
            BUF_AUTO struct buf rows = {0};
            make_old(path, version);
            if (!db_open(path, mode, &db, &err))
                fail_msg("%s", err.text);
            db_close(db);
            describe(path, &got);
            assert_string_equal(got.p, wanted.p);
            ask(path,
                "PRAGMA user_version; SELECT * FROM pattern; SELECT * FROM mark; "
                "PRAGMA integrity_check",
                &rows);
            char expected[128];
            snprintf(expected, sizeof expected, "%d|\n1|1|line|grep 'x'|\n/a|keep|\nok|\n",
                     DB_SCHEMA_VERSION);
            assert_string_equal(rows.p, expected);
            unlink(path);
        }
    unlink(fresh);
    assert_int_equal(rmdir(dir), 0);
}

/* 600 accesses of two logs: the view of the current version has the rows of version 1's view. */
static void accesses_stay(void **state)
{
    (void)state;
    static const char fill[] =
        "INSERT INTO run VALUES (1, 'run1', 'evidence');"
        "INSERT INTO log VALUES (1, 1, 1, 'a', '/a', 1, x'00', 200000, 0, 1, 1),"
        " (2, 1, 2, 'b', '/b', 1, x'00', 200000, 0, 1, 1);"
        "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300) "
        "INSERT INTO asked SELECT i * 400, '/p' || i, i % 5 > 0, iif(i % 3, NULL, '/r' || i) FROM "
        "c;"
        "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300) "
        "INSERT INTO access SELECT l.id, i, iif(i % 7 = 0, i + 1, 0), i % 4 * 1000000, "
        "iif(i % 2, 'openat', 'rename'), i * 7 % 300 * 400 + 400, iif(i % 2, 'read', 'created'), "
        "i % 3 - 1, i % 2, i % 11 = 0, i * 1000, i * 661 FROM c, log l";
    static const char rows[] = "SELECT run, log, line, pid, call, path, real_path, errno, n, kind "
                               "FROM v_access ORDER BY log, line, path";
    char dir[] = "/tmp/xsmall-migrate-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/old.xsmall", dir);
    make_old(path, 1);
    BUF_AUTO struct buf before = {0};
    BUF_AUTO struct buf after = {0};
    BUF_AUTO struct buf more = {0};
    ask(path, fill, &before);
    buf_clear(&before);
    ask(path, rows, &before);
    assert_int_equal(bytes_index(buf_bytes(&before), 0), before.n - 1);
    struct db *db;
    struct err err = {0};
    if (!db_open(path, DB_WRITE, &db, &err))
        fail_msg("%s", err.text);
    db_close(db);
    ask(path, rows, &after);
    assert_string_equal(after.p, before.p);
    /* seq without gaps, joined halves, flags: 300 accesses in two rows a log */
    ask(path,
        "SELECT count(*), min(seq), max(seq), total(mate), total(nofollow), total(other_root) "
        "FROM access WHERE log = 2; SELECT n FROM packed",
        &more);
    assert_string_equal(more.p, "300|1|300|6363.0|150.0|27.0|\n256|\n44|\n256|\n44|\n");
    unlink(path);
    rmdir(dir);
}

/* The constraints on words in the tables that version 3 creates again, after the steps from version
 * 2: the rows stay, views and indices read them, and a word that no version knew is accepted. */
static void words_are_free(void **state)
{
    (void)state;
    static const char fill[] =
        "INSERT INTO image VALUES (1, 'subject', 'a.tar', 'oci-dir', '/a', 1, 2, 'sha256:1', 'a', "
        "'{}', 1, 1);"
        "INSERT INTO layer VALUES (1, 'sha256:2', 3, 1, 1);"
        "INSERT INTO image_layer VALUES (1, 1, 1, 'RUN x', 'm', 4, 5, 'gzip', 6);"
        "INSERT INTO path VALUES (2, 1, 'bin');"
        "INSERT INTO entry VALUES (1, 2, 'file', 493, 0, 0, 7, 8, 9, NULL, NULL, x'01', 0, NULL);"
        "INSERT INTO merged VALUES (1, 2, 1, NULL, 1, 2, 1);"
        "INSERT INTO need VALUES (1, 2, 0, 'needed', 'libc.so'), (1, 2, 1, 'soname', x'00ff');"
        "INSERT INTO package VALUES (1, 1, 'apk', 'busybox', '1.2', 'x86_64');"
        "INSERT INTO way VALUES (1, 'openat', 'read', 0, 0, 0, 0), (7, 'rename', 'renamed', -1, 1, "
        "1, 1);"
        "INSERT INTO edit VALUES (1, 1, 0, 'mark', x'2f61', NULL, x'6b656570'), "
        "(2, 2, 0, 'chain', x'', x'', x'00'), "
        "(3, 3, 1, 'chain', x'', CAST('a' || char(0) || '1lgrep -v x' || char(0) AS BLOB), "
        "CAST(char(0) || '0pgrep ' || char(255) || char(0) || '1tgrep t' || char(0) || '1lgrep l' "
        "|| char(0) AS BLOB))";
    static const char rows[] =
        "SELECT * FROM image; SELECT * FROM image_layer; SELECT layer, path, seq, kind, hex(value) "
        "FROM need; SELECT * FROM package; SELECT * FROM way; SELECT * FROM pattern; "
        "SELECT id, step, undone, what, hex(key), hex(before), hex(after) FROM edit WHERE id < 3; "
        "SELECT * FROM v_layer; SELECT * FROM v_file; SELECT * FROM v_package; "
        "SELECT * FROM v_pattern";
    char dir[] = "/tmp/xsmall-migrate-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/old.xsmall", dir);
    make_old(path, 2);
    BUF_AUTO struct buf before = {0};
    BUF_AUTO struct buf after = {0};
    BUF_AUTO struct buf journal = {0};
    BUF_AUTO struct buf lists = {0};
    ask(path, fill, &before);
    buf_clear(&before);
    ask(path, rows, &before);
    struct db *db;
    struct err err = {0};
    if (!db_open(path, DB_WRITE, &db, &err))
        fail_msg("%s", err.text);
    db_close(db);
    ask(path, rows, &after);
    assert_string_equal(after.p, before.p);
    ask(path,
        "SELECT quote(before), quote(after) FROM edit WHERE id = 3; "
        "PRAGMA foreign_key_check; PRAGMA integrity_check",
        &journal);
    assert_string_equal(journal.p, /* a NUL 1line grep -v x NUL; NUL 0path grep 0xc3bf NUL … */
                        "X'6100316C696E652067726570202D76207800'|"
                        "X'00307061746820677265702"       /* 0path grep */
                        "0C3BF00317472656520677265702074" /* 1tree grep t */
                        "00316C696E652067726570206C00'|\nok|\n");
    ask(path,
        "UPDATE image SET kind = 'new'; UPDATE image_layer SET codec = 'new'; "
        "UPDATE need SET kind = 'new'; UPDATE package SET manager = 'new'; "
        "UPDATE way SET kind = 'new'; UPDATE pattern SET target = 'new'; "
        "UPDATE edit SET what = 'new'; SELECT name FROM sqlite_schema WHERE instr(sql, '_3')",
        &lists);
    assert_string_equal(lists.p, "");
    unlink(path);
    rmdir(dir);
}

/* Runs in a process that is not root, because root may write everywhere. */
static void one_that_cannot_be_written_is_refused(void **state)
{
    (void)state;
    char dir[] = "/tmp/xsmall-migrate-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/old.xsmall", dir);
    make_old(path, 1);
    chmod(path, 0444);
    chmod(dir, 0555);
    pid_t child = fork();
    if (child == 0) {
        struct db *db;
        struct err err = {0};
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(2);
        _exit(db_open(path, DB_READ, &db, &err) || !strstr(err.text, "older"));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    chmod(dir, 0755);
    unlink(path);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_becomes_todays),
        cmocka_unit_test(accesses_stay),
        cmocka_unit_test(words_are_free),
        cmocka_unit_test(one_that_cannot_be_written_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
