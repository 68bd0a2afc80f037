/* SPDX-License-Identifier: MIT
 *
 * Statements, prepared once per connection and found by the address of their constant SQL text.
 */
#include "db/db_private.h"

#include <assert.h>
#include <stdlib.h>

bool stmt_prepare(struct db *db, struct bytes sql, struct stmt *out, struct err *err)
{
    *out = (struct stmt){.db = db};
    if (sqlite3_prepare_v3(db->handle, sql.p, (int)sql.n, 0, &out->handle, NULL) != SQLITE_OK)
        return db_fail(db, err);
    return true;
}

void stmt_finish(struct stmt *stmt)
{
    sqlite3_finalize(stmt->handle);
    stmt->handle = NULL;
}

struct stmt *db_query(struct db *db, const char *sql, struct err *err)
{
    for (size_t i = 0; i < db->n_stmts; i++) {
        if (db->stmts[i]->sql == sql) {
            stmt_reset(db->stmts[i]);
            db->stmts[i]->last_place = 0;
            sqlite3_clear_bindings(db->stmts[i]->handle);
            return db->stmts[i];
        }
    }
    sqlite3_stmt *handle;
    if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL) !=
        SQLITE_OK) {
        db_fail(db, err);
        return NULL;
    }
    struct stmt *stmt = mem_alloc(sizeof *stmt);
    *stmt = (struct stmt){.db = db, .sql = sql, .handle = handle};
    ARRAY_ROOM(db->stmts, db->n_stmts, db->cap_stmts);
    return db->stmts[db->n_stmts++] = stmt;
}

/* Compares names by address first, because SQLite's own search by name takes longer than inserting
 * many a row. */
static int place(struct stmt *stmt, const char *name)
{
    for (int i = stmt->last_place + 1; i < STMT_PLACES && stmt->places[i]; i++)
        if (stmt->places[i] == name)
            return stmt->last_place = i;
    int at = sqlite3_bind_parameter_index(stmt->handle, name);
    assert(at > 0 && "a parameter of that name");
    if (at < STMT_PLACES)
        stmt->places[stmt->last_place = at] = name;
    return at;
}

/* sqlite3_bind_* rejects values longer than 1 GB, the limit of SQLite. The step then stores NULL in
 * a NOT NULL column and fails, so no error is lost. */
void stmt_bind_int(struct stmt *stmt, const char *name, int64_t value)
{
    sqlite3_bind_int64(stmt->handle, place(stmt, name), value);
}

void stmt_bind_text(struct stmt *stmt, const char *name, struct bytes value)
{
    sqlite3_bind_text64(stmt->handle, place(stmt, name), value.p ? value.p : "", value.n,
                        SQLITE_TRANSIENT, SQLITE_UTF8);
}

void stmt_bind_blob(struct stmt *stmt, const char *name, struct bytes value)
{
    sqlite3_bind_blob64(stmt->handle, place(stmt, name), value.p ? value.p : "", value.n,
                        SQLITE_TRANSIENT);
}

void stmt_bind_null(struct stmt *stmt, const char *name)
{
    sqlite3_bind_null(stmt->handle, place(stmt, name));
}

void stmt_bind_text_borrowed(struct stmt *stmt, const char *name, struct bytes value)
{
    sqlite3_bind_text64(stmt->handle, place(stmt, name), value.p ? value.p : "", value.n,
                        SQLITE_STATIC, SQLITE_UTF8);
}

void stmt_bind_blob_borrowed(struct stmt *stmt, const char *name, struct bytes value)
{
    sqlite3_bind_blob64(stmt->handle, place(stmt, name), value.p ? value.p : "", value.n,
                        SQLITE_STATIC);
}

enum step stmt_step(struct stmt *stmt, struct err *err)
{
    bool cancelled = db_is_cancelled(stmt->db);
    int code = cancelled ? SQLITE_INTERRUPT : sqlite3_step(stmt->handle);
    if (code == SQLITE_ROW)
        return STEP_ROW;
    if (cancelled)
        err_cancelled(err);
    else if (code != SQLITE_DONE)
        db_fail(stmt->db, err);
    sqlite3_reset(stmt->handle);
    return code == SQLITE_DONE ? STEP_DONE : STEP_ERR;
}

enum lookup stmt_first(struct stmt *stmt, struct buf *out, struct err *err)
{
    enum step step = stmt_step(stmt, err);
    if (step != STEP_ROW)
        return step == STEP_DONE ? LOOKUP_ABSENT : LOOKUP_ERR;
    buf_replace(out, stmt_bytes(stmt, 0));
    stmt_reset(stmt);
    return LOOKUP_FOUND;
}

bool stmt_run(struct stmt *stmt, struct err *err)
{
    enum step step;
    while ((step = stmt_step(stmt, err)) == STEP_ROW)
        continue;
    return step == STEP_DONE;
}

void stmt_reset(struct stmt *stmt)
{
    if (stmt)
        sqlite3_reset(stmt->handle);
}

int64_t stmt_int(struct stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt->handle, column);
}

struct bytes stmt_bytes(struct stmt *stmt, int column)
{
    const char *p = sqlite3_column_blob(stmt->handle, column);
    size_t n = (size_t)sqlite3_column_bytes(stmt->handle, column);
    if (!p && sqlite3_column_type(stmt->handle, column) != SQLITE_NULL)
        p = ""; /* sqlite3_column_blob returns NULL for an empty blob */
    return bytes_from(p, n);
}

bool stmt_is_null(struct stmt *stmt, int column)
{
    return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

int64_t db_last_id(struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changes(struct db *db)
{
    return sqlite3_changes64(db->handle);
}
