/* SPDX-License-Identifier: MIT
 *
 * An eponymous-only virtual table (sqlite.org/vtab.html 2.1.2). Rows are numbered; each scan reads
 * all of them.
 */
#include "db/virtual_table.h"

#include <stdlib.h>

#include "db/db_private.h"

struct source {
    const struct virtual_table *table;
    void *with;
};

struct rows {
    sqlite3_vtab base;
    struct source source;
};

struct cursor {
    sqlite3_vtab_cursor base;
    int64_t row, n;
};

static int rows_connect(sqlite3 *handle, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **message)
{
    (void)argc, (void)argv, (void)message;
    const struct source *source = aux;
    int code = sqlite3_declare_vtab(handle, source->table->declaration);
    if (code != SQLITE_OK)
        return code;
    struct rows *rows = mem_zero(1, sizeof *rows);
    rows->source = *source;
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
    const struct rows *rows = (const struct rows *)vtab;
    info->estimatedRows = rows->source.table->count(rows->source.with);
    info->estimatedCost = (double)info->estimatedRows;
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
    struct cursor *cursor = (struct cursor *)base;
    const struct rows *rows = (const struct rows *)base->pVtab;
    cursor->row = 0;
    cursor->n = rows->source.table->count(rows->source.with);
    return SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    ((struct cursor *)base)->row++;
    return SQLITE_OK;
}

static int cursor_eof(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (const struct cursor *)base;
    return cursor->row >= cursor->n;
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct rows *rows = (const struct rows *)base->pVtab;
    struct virtual_value value = {0};
    struct err err;
    if (!rows->source.table->value(rows->source.with, ((struct cursor *)base)->row, column, &value,
                                   &err)) {
        sqlite3_result_error(context, err.text, -1);
        return SQLITE_ERROR;
    }
    if (value.is_text)
        sqlite3_result_text64(context, value.text.p ? value.text.p : "", value.text.n,
                              SQLITE_TRANSIENT, SQLITE_UTF8);
    else
        sqlite3_result_int64(context, value.number);
    return SQLITE_OK;
}

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = ((struct cursor *)base)->row + 1;
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

/* Connects the table now, because the authorizer of db_sql would reject a later connect. */
static bool connect_now(struct db *db, const char *name, struct err *err)
{
    BUF_AUTO struct buf sql = {0};
    struct stmt stmt;
    buf_printf(&sql, "SELECT 1 FROM %s", name);
    if (!stmt_prepare(db, buf_bytes(&sql), &stmt, err))
        return false;
    stmt_finish(&stmt);
    return true;
}

bool db_virtual_table(struct db *db, const struct virtual_table *table, void *with, struct err *err)
{
    struct source *source = mem_alloc(sizeof *source);
    *source = (struct source){table, with};
    if (sqlite3_create_module_v2(db->handle, table->name, &module, source, free) != SQLITE_OK)
        return db_fail(db, err);
    return connect_now(db, table->name, err);
}
