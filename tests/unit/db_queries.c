/* SPDX-License-Identifier: MIT
 * Each query of the program, extracted from its sources, checked against the schema: it prepares,
 * and SQLite plans no scan of a table that grows with the image. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "util/bytes.h"

/* One row per path or entry: queries must look these up by key. */
static const char *const growing[] = {"path",         "entry",  "xattr", "need",
                                      "package_file", "merged", "edit",  "hits"};

static sqlite3 *session;
static int n_queries;

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add(out, bytes_from(chunk, n));
    fclose(file);
}

/* Joins the string literals from p to the first ';' outside them; only \" and \\ and \n occur. */
static void join_literals(const char *p, struct buf *out)
{
    bool inside = false;
    for (; *p && (inside || *p != ';'); p++) {
        if (*p == '"')
            inside = !inside;
        else if (inside && *p == '\\')
            buf_byte(out, *++p == 'n' ? '\n' : *p);
        else if (inside)
            buf_byte(out, *p);
    }
}

static void check_plan(const char *sql, const char *where)
{
    BUF_AUTO struct buf explain = {0};
    buf_printf(&explain, "EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *plan;
    if (sqlite3_prepare_v2(session, explain.p, -1, &plan, NULL) != SQLITE_OK)
        fail_msg("%s: %s\n%s", where, sqlite3_errmsg(session), sql);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(plan, 3);
        for (size_t i = 0; i < sizeof growing / sizeof *growing; i++) {
            size_t n = strlen(growing[i]);
            if (!strncmp(detail, "SCAN ", 5) && !strncmp(detail + 5, growing[i], n) &&
                (!detail[5 + n] || detail[5 + n] == ' '))
                fail_msg("%s: %s\n%s", where, detail, sql);
        }
    }
    sqlite3_finalize(plan);
    n_queries++;
}

static bool is_sql(const char *text)
{
    static const char *const verbs[] = {"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (!strncmp(text, verbs[i], strlen(verbs[i])))
            return true;
    return false;
}

static void check_file(const char *path)
{
    BUF_AUTO struct buf text = {0};
    read_file(path, &text);
    for (const char *p = text.p; p && (p = strstr(p, "static const char ")); p++) {
        const char *equals = strstr(p, "[] =");
        if (!equals || equals - p > 80 || p[strlen("static const char ")] == '*')
            continue;
        BUF_AUTO struct buf sql = {0};
        join_literals(equals, &sql);
        if (sql.n && is_sql(sql.p))
            check_plan(sql.p, path);
    }
}

static void check_dir(const char *dir)
{
    DIR *handle = opendir(dir);
    assert_non_null(handle);
    for (struct dirent *entry; (entry = readdir(handle));) {
        BUF_AUTO struct buf path = {0};
        buf_printf(&path, "%s/%s", dir, entry->d_name);
        if (entry->d_name[0] != '.' && entry->d_type == DT_DIR)
            check_dir(path.p);
        else if (bytes_ends(buf_bytes(&path), bytes_of(".c")))
            check_file(path.p);
    }
    closedir(handle);
}

static void open_session(void)
{
    BUF_AUTO struct buf schema = {0};
    read_file(TESTS_DIR "/../share/schema.sql", &schema);
    assert_int_equal(sqlite3_open(":memory:", &session), SQLITE_OK);
    assert_int_equal(sqlite3_exec(session, schema.p, NULL, NULL, NULL), SQLITE_OK);
}

/* Returns true if an outermost loop scans all rows; inner loops use a key. A place is one of 256.
 */
static void check_view(const char *name)
{
    BUF_AUTO struct buf explain = {0};
    sqlite3_stmt *plan;
    int n_scans = 0;
    buf_printf(&explain, "EXPLAIN QUERY PLAN SELECT * FROM %s", name);
    assert_int_equal(sqlite3_prepare_v2(session, explain.p, -1, &plan, NULL), SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(plan, 3);
        if (sqlite3_column_int(plan, 1) == 0 && !strncmp(detail, "SCAN ", 5) &&
            strcmp(detail, "SCAN place") && ++n_scans > 1)
            fail_msg("%s: %s, for each row of another", name, detail);
    }
    sqlite3_finalize(plan);
}

static void no_view_is_quadratic(void **state)
{
    (void)state;
    sqlite3_stmt *views;
    int n = 0;
    open_session();
    assert_int_equal(sqlite3_prepare_v2(session,
                                        "SELECT name FROM sqlite_schema WHERE type = 'view'", -1,
                                        &views, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(views) == SQLITE_ROW; n++)
        check_view((const char *)sqlite3_column_text(views, 0));
    sqlite3_finalize(views);
    assert_true(n >= 9);
    sqlite3_close(session);
}

static void every_query_is_planned(void **state)
{
    (void)state;
    open_session();
    /* The rows that the program gives to a connection (db/bulk_insert.h). */
    assert_int_equal(sqlite3_exec(session,
                                  "CREATE TABLE bulk (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, "
                                  "c11, c12, c13, c14, c15)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    check_dir(TESTS_DIR "/../store");
    check_dir(TESTS_DIR "/../tui");
    assert_true(n_queries > 40); /* it finds them */
    sqlite3_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_query_is_planned),
                                       cmocka_unit_test(no_view_is_quadratic)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
