/* SPDX-License-Identifier: MIT
 *
 * Runs the user's SQL, read-only. An authorizer allows only reads, functions and pragmas that
 * report a value without setting one. As a second barrier, the connection sets PRAGMA query_only.
 */
#include "db/db_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool pragma_only_tells(const char *name, const char *argument)
{
    static const char *const with_argument[] = {"table_info",  "table_xinfo",     "index_list",
                                                "index_info",  "integrity_check", "quick_check",
                                                "index_xinfo", "table_list"};
    for (size_t i = 0; i < sizeof with_argument / sizeof *with_argument; i++)
        if (!strcasecmp(name, with_argument[i]))
            return true;
    static const char *const bare[] = {"user_version", "application_id",    "page_size",
                                       "page_count",   "encoding",          "database_list",
                                       "journal_mode", "foreign_key_check", "compile_options"};
    for (size_t i = 0; !argument && i < sizeof bare / sizeof *bare; i++)
        if (!strcasecmp(name, bare[i]))
            return true;
    return false;
}

static int allow(void *with, int action, const char *a, const char *b, const char *database,
                 const char *trigger)
{
    (void)with, (void)database, (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_FUNCTION:
        return SQLITE_OK;
    case SQLITE_PRAGMA:
        return pragma_only_tells(a, b) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static bool hand_row(sqlite3_stmt *stmt, struct bytes *columns, int n,
                     bool (*row)(void *with, int n_columns, const struct bytes *columns),
                     void *with)
{
    for (int i = 0; i < n; i++) {
        bool null = sqlite3_column_type(stmt, i) == SQLITE_NULL;
        const char *p = null ? NULL : sqlite3_column_blob(stmt, i);
        columns[i] = bytes_from(null ? NULL : p ? p : "", (size_t)sqlite3_column_bytes(stmt, i));
    }
    return row(with, n, columns);
}

enum { STEPS_A_LOOK = 1000 };

/* SQLite's progress handler; a return value other than 0 stops the statement. */
static int count_steps(void *with)
{
    struct db *db = with;
    db->sql_steps_left -= STEPS_A_LOOK;
    return db->sql_steps_left < 0 || db_is_cancelled(db);
}

static bool fail_sql(struct db *db, struct err *err)
{
    if (db->sql_steps_left < 0)
        return err_set(err, "sql: stopped after %lld steps of SQLite; sqlite3(1) has no such limit",
                       (long long)db->sql_steps_max);
    return db_fail(db, err);
}

static bool run_one(struct db *db, sqlite3_stmt *stmt,
                    bool (*row)(void *with, int n_columns, const struct bytes *columns), void *with,
                    bool *stopped, struct err *err)
{
    int n = sqlite3_column_count(stmt);
    MEM_AUTO struct bytes *columns = mem_array(NULL, (size_t)n, sizeof *columns);
    int code;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
        if (!hand_row(stmt, columns, n, row, with)) {
            *stopped = true;
            return true;
        }
    return code == SQLITE_DONE || fail_sql(db, err);
}

bool db_sql(struct db *db, struct bytes sql,
            bool (*row)(void *with, int n_columns, const struct bytes *columns), void *with,
            struct err *err)
{
    MEM_AUTO char *text = mem_dup(sql);
    bool ok = true, stopped = false;
    db->sql_steps_left = db->sql_steps_max;
    sqlite3_progress_handler(db->handle, STEPS_A_LOOK, count_steps, db);
    for (const char *rest = text; ok && !stopped;) {
        while (isspace((unsigned char)*rest) || *rest == ';')
            rest++;
        if (!*rest)
            break;
        sqlite3_stmt *stmt = NULL;
        sqlite3_set_authorizer(db->handle, allow, NULL);
        ok = sqlite3_prepare_v2(db->handle, rest, -1, &stmt, &rest) == SQLITE_OK;
        if (!ok)
            err_set(err, "sql: %s", sqlite3_errmsg(db->handle));
        else if (stmt && !sqlite3_stmt_readonly(stmt))
            ok = err_set(err, "sql: only reading is allowed");
        else if (stmt)
            ok = run_one(db, stmt, row, with, &stopped, err);
        sqlite3_finalize(stmt);
        sqlite3_set_authorizer(db->handle, NULL, NULL);
    }
    db_watch_signals(db);
    return ok;
}
