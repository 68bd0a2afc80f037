/* SPDX-License-Identifier: MIT
 * The session file: files that are opened and files that are rejected, edits and their undo, loads.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "db/journal.h"
#include "db/path_intern.h"
#include "db/loading.h"
#include "db/db_private.h"

struct place {
    char dir[64], path[96];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->dir, "/tmp/xsmall-db-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->path, sizeof place->path, "%s/a.xsmall", place->dir);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    unlink(place->path);
    assert_int_equal(rmdir(place->dir), 0); /* no -wal, no -shm is left */
    free(place);
    return 0;
}

static struct db *open_it(struct place *place, enum db_mode mode)
{
    struct db *db = NULL;
    struct err err = {0};
    if (!db_open(place->path, mode, &db, &err))
        fail_msg("%s", err.text);
    return db;
}

static int64_t number(struct db *db, const char *sql)
{
    struct err err = {0};
    struct stmt *q = db_query(db, sql, &err);
    if (!q || stmt_step(q, &err) != STEP_ROW)
        fail_msg("%s", err.text);
    int64_t n = stmt_int(q, 0);
    stmt_reset(q);
    return n;
}

static void opens_only_sessions(void **state)
{
    struct place *place = *state;
    struct db *db;
    struct err err = {0};
    assert_false(db_open(place->path, DB_READ, &db, &err));
    assert_false(db_open(place->path, DB_WRITE, &db, &err));
    assert_int_equal(access(place->path, F_OK), -1);
    FILE *file = fopen(place->path, "w");
    fputs("not a database, only some text that is long enough to be read as a header of one, "
          "and then some more of it\n",
          file);
    fclose(file);
    assert_false(db_open(place->path, DB_CREATE, &db, &err));
    assert_non_null(strstr(err.text, "not a session"));
    unlink(place->path);
    db_close(open_it(place, DB_CREATE));
    db = open_it(place, DB_READ);
    assert_int_equal(number(db, "PRAGMA application_id"), DB_APPLICATION_ID);
    assert_int_equal(number(db, "PRAGMA user_version"), DB_SCHEMA_VERSION);
    assert_false(db_begin(db, &err) && stmt_run(db_query(db, "DELETE FROM path", &err), &err));
    db_close(db);
}

/* Content that a stranger may have put into a session. */
static void refuses_foreign_things(void **state)
{
    struct place *place = *state;
    static const char *const made[] = {
        "CREATE TRIGGER t AFTER INSERT ON path BEGIN SELECT 1; END",
        "CREATE TABLE bulk (c0, c1, c2)",
        "CREATE VIEW Bulk AS SELECT 9 AS c0, 1 AS c1, 'x' AS c2",
        "CREATE VIEW v_line AS SELECT 'no line' AS text",
        "CREATE TABLE more (x)",
        "CREATE VIEW more AS SELECT 1 AS x",
        "CREATE INDEX more ON mark (mark)",
        "CREATE VIRTUAL TABLE more USING fts5 (x)",
        "ALTER TABLE mark ADD COLUMN more TEXT",
        "ALTER TABLE mark ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(path)) VIRTUAL",
        "ALTER TABLE mark RENAME TO marks",
        "DROP INDEX edit_by_step",
        "DROP VIEW v_path",
        "DROP VIEW v_pattern; CREATE VIEW v_pattern AS SELECT 1 AS position, 2 AS stage",
    };
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        struct err err = {0};
        struct db *db = open_it(place, DB_CREATE);
        db_close(db);
        sqlite3 *plain;
        assert_int_equal(sqlite3_open(place->path, &plain), SQLITE_OK);
        if (sqlite3_exec(plain, made[i], NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", made[i], sqlite3_errmsg(plain));
        sqlite3_close(plain);
        for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
            assert_false(db_open(place->path, mode, &db, &err));
            if (!strstr(err.text, "into a new session"))
                fail_msg("%s: %s", made[i], err.text);
        }
        unlink(place->path);
    }
}

static bool count_row(void *with, int n, const struct bytes *columns)
{
    (void)n, (void)columns;
    ++*(int *)with;
    return true;
}

/* A session that a failed command created is removed, unless it is in use: it has stored rows, or
 * another connection has it open. */
static void discard_removes_only_its_own(void **state)
{
    struct place *place = *state;
    db_discard(open_it(place, DB_CREATE));
    assert_int_equal(access(place->path, F_OK), -1);
    struct db *mine = open_it(place, DB_CREATE), *other = open_it(place, DB_CREATE);
    db_discard(mine);
    assert_int_equal(access(place->path, F_OK), 0);
    db_discard(other); /* it did not make the file */
    assert_int_equal(access(place->path, F_OK), 0);
    unlink(place->path);
    mine = open_it(place, DB_CREATE);
    assert_true(db_begin(mine, NULL) && journal_step(mine, NULL));
    assert_true(journal_set(mine, EDIT_MARK, bytes_of("/a"), bytes_of("keep"), NULL));
    assert_true(db_commit(mine, NULL));
    db_discard(mine);
    assert_int_equal(access(place->path, F_OK), 0);
}

/* err may be NULL; the results absent and found leave it unchanged. */
static void lookups_leave_err_untouched(void **state)
{
    struct db *db = open_it(*state, DB_CREATE);
    struct err err, before;
    BUF_AUTO struct buf out = {0};
    memset(&err, 'x', sizeof err);
    before = err;
    assert_int_equal(db_setting_get(db, "none", &out, &err), LOOKUP_ABSENT);
    assert_int_equal(journal_get(db, EDIT_CHAIN, bytes_of(""), &out, &err), LOOKUP_ABSENT);
    assert_null(out.p);
    assert_true(db_setting_set(db, "one", bytes_of(""), &err));
    assert_int_equal(db_setting_get(db, "one", &out, &err), LOOKUP_FOUND);
    assert_memory_equal(&err, &before, sizeof err);
    assert_string_equal(buf_str(&out), "");
    assert_null(db_query(db, "SELECT x FROM none", NULL));
    db_close(db);
    assert_false(db_open("/nowhere/none.xsmall", DB_WRITE, &db, NULL));
}

static void sql_only_reads(void **state)
{
    struct db *db = open_it(*state, DB_CREATE);
    struct err err = {0};
    static const char *const refused[] = {
        "DELETE FROM path",          "ATTACH '/etc/passwd' AS x", "PRAGMA query_only = OFF",
        "PRAGMA journal_mode = off", "SELECT 1; DROP TABLE path", "BEGIN",
        "CREATE TEMP TABLE t (x)",   "VACUUM INTO '/tmp/x'",
    };
    int rows = 0;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(db_sql(db, bytes_of(refused[i]), count_row, &rows, &err));
    rows = 0;
    assert_true(db_sql(db, bytes_of("SELECT 1; SELECT * FROM v_file; PRAGMA integrity_check"),
                       count_row, &rows, &err));
    assert_int_equal(rows, 2);
    db_close(db);
}

static void sql_ends(void **state)
{
    struct db *db = open_it(*state, DB_CREATE);
    struct err err = {0};
    int rows = 0;
    db->sql_steps_max = 1000000;
    assert_false(db_sql(db,
                        bytes_of("WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) "
                                 "SELECT count(*) FROM c"),
                        count_row, &rows, &err));
    assert_string_equal(err.text,
                        "sql: stopped after 1000000 steps of SQLite; sqlite3(1) has no such limit");
    assert_int_equal(rows, 0);
    assert_true(db_sql(db, bytes_of("SELECT 1"), count_row, &rows, &err)); /* the next one runs */
    assert_int_equal(rows, 1);
    assert_true(
        db_setting_set(db, "after", bytes_of("1"), &err)); /* and writing is allowed again */
    db_close(db);
}

static void put(struct db *db, enum journal_what what, struct bytes key, struct bytes value)
{
    struct err err = {0};
    if (!db_begin(db, &err) || !journal_step(db, &err) ||
        !journal_set(db, what, key, value, &err) || !db_commit(db, &err))
        fail_msg("%s", err.text);
}

static void expect(struct db *db, enum journal_what what, struct bytes key, const char *value)
{
    struct err err = {0};
    BUF_AUTO struct buf out = {0};
    enum lookup found = journal_get(db, what, key, &out, &err);
    assert_int_equal(found, value ? LOOKUP_FOUND : LOOKUP_ABSENT);
    if (value)
        assert_true(bytes_equal(buf_bytes(&out), bytes_of(value)));
}

static void undo_gives_everything_back(void **state)
{
    struct db *db = open_it(*state, DB_CREATE);
    struct err err = {0};
    struct bytes odd = bytes_from("/a\n\xff'b", 7);
    static const char chain[] = "log.*\0"
                                "1line grep -v x\0"
                                "0tree grep 'a\nb'"; /* its NUL ends it */
    bool done;
    put(db, EDIT_MARK, odd, bytes_of("keep"));
    put(db, EDIT_MARK, odd, bytes_of("drop"));
    put(db, EDIT_CHAIN, bytes_of(""), bytes_from(chain, sizeof chain));
    assert_int_equal(number(db, "SELECT count(*) FROM pattern"), 2);
    put(db, EDIT_MARK, odd, bytes_from(NULL, 0));
    expect(db, EDIT_MARK, odd, NULL);
    db_close(db);
    db = open_it(*state, DB_WRITE); /* after closing and opening */
    assert_true(journal_undo(db, &done, &err) && done);
    expect(db, EDIT_MARK, odd, "drop");
    assert_true(journal_undo(db, &done, &err) && done);
    assert_int_equal(number(db, "SELECT count(*) FROM pattern"), 0);
    assert_true(journal_undo(db, &done, &err) && done);
    expect(db, EDIT_MARK, odd, "keep");
    assert_true(journal_redo(db, &done, &err) && done);
    assert_true(journal_redo(db, &done, &err) && done);
    BUF_AUTO struct buf out = {0};
    assert_int_equal(journal_get(db, EDIT_CHAIN, bytes_of(""), &out, &err), LOOKUP_FOUND);
    assert_int_equal(out.n, sizeof chain);
    assert_memory_equal(out.p, chain, sizeof chain);
    put(db, EDIT_NOTE, odd, bytes_of("why")); /* a new step removes the undone ones */
    assert_true(journal_redo(db, &done, &err) && !done);
    for (int i = 0; i < 4; i++)
        assert_true(journal_undo(db, &done, &err) && done);
    assert_true(journal_undo(db, &done, &err) && !done);
    expect(db, EDIT_MARK, odd, NULL);
    expect(db, EDIT_NOTE, odd, NULL);
    db_close(db);
}

static const char ADD_IMAGE[] =
    "INSERT INTO image (role, ref, kind, source, size, mtime_ns, identity, name, load) "
    "VALUES ('subject', 'r', 'rootfs-tar', '/s', 0, 0, 'i', :name, :load)";

static void add_image(struct db *db, int64_t load, const char *name)
{
    struct err err = {0};
    assert_true(db_begin(db, &err));
    struct stmt *q = db_query(db, ADD_IMAGE, &err);
    stmt_bind_text(q, ":name", bytes_of(name));
    stmt_bind_int(q, ":load", load);
    assert_true(stmt_run(q, &err) && db_commit(db, &err));
}

static void a_load_is_all_or_nothing(void **state)
{
    struct place *place = *state;
    struct db *db = open_it(place, DB_CREATE);
    struct err err = {0};
    int64_t load;
    assert_true(loading_begin(db, &load, &err));
    add_image(db, load, "one");
    assert_int_equal(number(db, "SELECT count(*) FROM image WHERE complete = 1"), 0);
    assert_true(loading_finish(db, load, &err));
    assert_int_equal(number(db, "SELECT count(*) FROM image WHERE complete = 1"), 1);

    /* a second load replaces the first in one step */
    assert_true(loading_begin(db, &load, &err));
    add_image(db, load, "two");
    assert_true(loading_finish(db, load, &err));
    assert_int_equal(number(db, "SELECT count(*) FROM image WHERE name = 'two'"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM image"), 1);
    db_close(db);

    /* a load whose process dies leaves no visible rows, and after the next open no rows at all */
    pid_t child = fork();
    if (child == 0) {
        struct err ignored;
        db = open_it(place, DB_WRITE);
        loading_begin(db, &load, &ignored);
        add_image(db, load, "three");
        _exit(0);
    }
    waitpid(child, NULL, 0);
    db = open_it(place, DB_WRITE);
    assert_int_equal(number(db, "SELECT count(*) FROM image"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM image WHERE name = 'two'"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM load"), 0);
    db_close(db);
}

static void paths_are_interned_once(void **state)
{
    struct db *db = open_it(*state, DB_CREATE);
    struct err err = {0};
    struct path_intern intern = {.db = db};
    assert_true(db_begin(db, &err));
    int64_t lib = path_intern_path(&intern, bytes_of("usr/lib"), &err);
    assert_int_equal(path_intern_path(&intern, bytes_of(""), &err), 1);
    assert_true(lib > 1 && path_intern_path(&intern, bytes_of("usr/lib"), &err) == lib);
    assert_true(path_intern_path(&intern, bytes_of("usr/lib/a\xff"), &err) > 0);
    assert_true(path_intern_write(&intern, &err));
    assert_true(db_commit(db, &err));
    assert_int_equal(number(db, "SELECT count(*) FROM path"), 4); /* root, usr, lib, a\xff */
    assert_int_equal(
        number(db,
               "SELECT count(*) FROM v_path WHERE path = CAST(x'2f7573722f6c69622f61ff' AS TEXT)"),
        1);
    path_intern_finish(&intern);
    db_close(db);
}

struct loader {
    struct place *place;
    atomic_bool stop;
    atomic_int n_rows;
};

/* Writes row after row in slices until it is stopped. */
static void *write_on(void *with)
{
    struct loader *loader = with;
    struct db *db = open_it(loader->place, DB_WRITE);
    struct err err = {0};
    bool ok = db_begin(db, &err);
    while (ok && !atomic_load(&loader->stop)) {
        ok = db_setting_set(db, "loading", bytes_of("1"), &err) && db_slice(db, &err);
        atomic_fetch_add(&loader->n_rows, 1);
    }
    ok = ok && db_commit(db, &err);
    db_close(db);
    return ok ? with : NULL;
}

static void journal_go_between_the_slices_of_a_load(void **state)
{
    struct loader loader = {.place = *state};
    struct db *db = open_it(*state, DB_CREATE);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_on, &loader), 0);
    while (!atomic_load(&loader.n_rows))
        sched_yield();
    for (int i = 0; i < 20;
         i++) /* each would wait without end if the load did not release the lock */
        put(db, EDIT_MARK, bytes_of("/a"), bytes_of(i % 2 ? "keep" : "drop"));
    expect(db, EDIT_MARK, bytes_of("/a"), "keep");
    atomic_store(&loader.stop, true);
    void *ok;
    pthread_join(thread, &ok);
    assert_non_null(ok);
    db_close(db);
}

static bool join_row(void *with, struct bytes key, struct bytes value)
{
    if (!value.p)
        value = bytes_of("(null)");
    buf_printf(with, "%.*s=%.*s;", (int)key.n, key.p, (int)value.n, value.p);
    return true;
}

static void json_by_path(void **state)
{
    struct db *db = open_it(*state, DB_CREATE);
    struct bytes doc = bytes_of("{\"a\": [1, \"x\", null, true, {\"b\": []}], \"e\": \"\"}");
    BUF_AUTO struct buf out = {0};
    assert_true(db_json(db, doc, "$.a[1]", &out));
    assert_string_equal(out.p, "x");
    assert_true(db_json(db, doc, "$.a[4]", &out));
    assert_string_equal(out.p, "{\"b\":[]}");
    assert_false(db_json(db, doc, "$.none", &out));
    assert_false(db_json(db, bytes_of("{broken"), "$.a", &out));
    assert_int_equal(db_json_length(db, doc, "$.a"), 5);
    assert_int_equal(db_json_length(db, doc, "$.e"), -1);
    assert_int_equal(db_json_length(db, doc, "$.none"), -1);
    BUF_AUTO struct buf joined = {0};
    assert_true(db_json_each(db, doc, "$.a", join_row, &joined));
    assert_string_equal(joined.p, "0=1;1=x;2=(null);3=true;4={\"b\":[]};");
    BUF_AUTO struct buf quoted = {0};
    json_quote(bytes_from("a\"\\\n\xff\xc3\xa9", 7), &quoted);
    assert_string_equal(quoted.p, "\"a\\\"\\\\\\u000a\\ufffd\xc3\xa9\"");
    db_close(db);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(opens_only_sessions),
        TEST(refuses_foreign_things),
        TEST(discard_removes_only_its_own),
        TEST(lookups_leave_err_untouched),
        TEST(sql_only_reads),
        TEST(sql_ends),
        TEST(undo_gives_everything_back),
        TEST(a_load_is_all_or_nothing),
        TEST(paths_are_interned_once),
        TEST(json_by_path),
        TEST(journal_go_between_the_slices_of_a_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
