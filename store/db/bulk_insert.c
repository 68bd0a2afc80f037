/* SPDX-License-Identifier: MIT
 *
 * An eponymous-only virtual table (sqlite.org/vtab.html 2.1.2). It is empty except while
 * bulk_insert_run runs.
 */
#include "db/bulk_insert.h"

#include <stdlib.h>

#include "db/db_private.h"

struct rows {
    sqlite3_vtab base;
    const struct db *db; /* borrowed */
};

struct cursor {
    sqlite3_vtab_cursor base;
    size_t row;
};

static int rows_connect(sqlite3 *handle, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **message)
{
    (void)argc, (void)argv, (void)message;
    int code = sqlite3_declare_vtab(handle, "CREATE TABLE x (c0, c1, c2, c3, c4, c5, c6, c7, c8, "
                                            "c9, c10, c11, c12, c13, c14, c15)");
    if (code != SQLITE_OK)
        return code;
    struct rows *rows = mem_zero(1, sizeof *rows);
    rows->db = aux;
    *out = &rows->base;
    return SQLITE_OK;
}

static int rows_disconnect(sqlite3_vtab *vtab)
{
    free(vtab);
    return SQLITE_OK;
}

static int rows_plan(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
    (void)vtab, (void)info;
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
    (void)vtab;
    struct cursor *cursor = mem_zero(1, sizeof *cursor);
    *out = &cursor->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *base)
{
    free(base);
    return SQLITE_OK;
}

static int cursor_filter(sqlite3_vtab_cursor *base, int number, const char *text, int argc,
                         sqlite3_value **argv)
{
    (void)number, (void)text, (void)argc, (void)argv;
    ((struct cursor *)base)->row = 0;
    return SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    ((struct cursor *)base)->row++;
    return SQLITE_OK;
}

static const struct bulk_insert *bulk_of(const sqlite3_vtab_cursor *base)
{
    return ((const struct rows *)base->pVtab)->db->bulk;
}

static int cursor_eof(sqlite3_vtab_cursor *base)
{
    const struct bulk_insert *bulk = bulk_of(base);
    return !bulk || ((const struct cursor *)base)->row >= bulk->n;
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct bulk_insert *bulk = bulk_of(base);
    struct bulk_value value = {.kind = BULK_NULL};
    bulk->value(bulk->with, ((const struct cursor *)base)->row, column, &value);
    const char *p = value.bytes.p ? value.bytes.p : "";
    if (value.kind == BULK_INT)
        sqlite3_result_int64(context, value.number);
    else if (value.kind == BULK_TEXT)
        sqlite3_result_text64(context, p, value.bytes.n, SQLITE_STATIC, SQLITE_UTF8);
    else if (value.kind == BULK_BLOB)
        sqlite3_result_blob64(context, p, value.bytes.n, SQLITE_STATIC);
    return SQLITE_OK;
}

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((const struct cursor *)base)->row;
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = rows_connect,
    .xBestIndex = rows_plan,
    .xDisconnect = rows_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_filter,
    .xNext = cursor_next,
    .xEof = cursor_eof,
    .xColumn = cursor_column,
    .xRowid = cursor_rowid,
};

bool bulk_register(struct db *db, struct err *err)
{
    return sqlite3_create_module_v2(db->handle, "bulk", &module, db, NULL) == SQLITE_OK ||
           db_fail(db, err);
}

bool bulk_insert_run(struct stmt *stmt, const struct bulk_insert *rows, struct err *err)
{
    struct db *db = stmt->db;
    db->bulk = rows;
    bool ok = stmt_run(stmt, err);
    db->bulk = NULL;
    return ok;
}
