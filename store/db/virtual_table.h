/* SPDX-License-Identifier: MIT
 *
 * Rows that the program makes up, as a table of one connection. It is eponymous: nothing in the
 * session file names it.
 *
 *     static const struct virtual_table lines = {"v_line", "CREATE TABLE x (line INTEGER, text
 * TEXT)", count, value}; db_virtual_table(db, &lines, with, err);
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
    const char *declaration; /* CREATE TABLE text; the table's name in it does not matter */
    int64_t (*count)(void *with);
    bool (*value)(void *with, int64_t row, int column, struct virtual_value *out, struct err *err);
};

/* table is a constant; with must live as long as the connection. */
bool db_virtual_table(struct db *db, const struct virtual_table *table, void *with,
                      struct err *err);

#endif
