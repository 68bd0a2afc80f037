/* SPDX-License-Identifier: MIT
 *
 * Inserts many rows with one statement. The rows are visible to the connection as a table, `bulk`,
 * with the columns c0 to c15. Running one statement for each row costs more than the insert itself.
 *
 *     static const char ADD[] = "INSERT INTO path (id, parent, name) SELECT c0, c1, c2 FROM bulk";
 *     struct bulk_insert rows = {.n = n, .value = value_of, .with = list};
 *     struct stmt *q = db_query(db, ADD, err);
 *     if (!q || !bulk_insert_run(q, &rows, err)) …
 */
#ifndef XSMALL_DB_BULK_INSERT_H
#define XSMALL_DB_BULK_INSERT_H

#include "db/db.h"

enum { BULK_COLUMNS = 16 };

struct bulk_value {
    enum bulk_kind { BULK_NULL, BULK_INT, BULK_TEXT, BULK_BLOB } kind;
    int64_t number;
    struct bytes bytes; /* borrowed until bulk_insert_run returns */
};

struct bulk_insert {
    size_t n;
    /* Sets *out for a row and a column, both from 0; *out is BULK_NULL before the call. */
    void (*value)(const void *with, size_t row, int column, struct bulk_value *out);
    const void *with;
};

/* Runs a statement that reads table bulk, and resets the statement. Call inside a write
 * transaction. The statement cannot be cancelled, so n should be a few hundred. */
bool bulk_insert_run(struct stmt *stmt, const struct bulk_insert *rows, struct err *err);

#endif
