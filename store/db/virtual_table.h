/* SPDX-License-Identifier: MIT
 *
 * A table of one connection whose rows the program computes. The table is eponymous: SQLite finds
 * it by its module name, and the session file does not mention it.
 *
 *     static const char COLUMNS[] = "CREATE TABLE x (line INTEGER, text TEXT)";
 *     static const struct virtual_table lines = {"v_line", COLUMNS, count, value};
 *     db_virtual_table(db, &lines, with, err);
 */
#ifndef XSMALL_DB_VIRTUAL_TABLE_H
#define XSMALL_DB_VIRTUAL_TABLE_H

#include "db/db.h"

struct virtual_value {
    bool is_text;
    int64_t number;
    struct bytes text; /* borrowed until the next value */
};

struct virtual_table {
    const char *name;
    const char *declaration; /* CREATE TABLE text; the table name in it is ignored */
    int64_t (*count)(void *with);
    bool (*value)(void *with, int64_t row, int column, struct virtual_value *out, struct err *err);
};

/* Registers the table with the connection. table must be a constant; with must live as long as the
 * connection. */
bool db_virtual_table(struct db *db, const struct virtual_table *table, void *with,
                      struct err *err);

#endif
