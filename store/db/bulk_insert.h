/* SPDX-License-Identifier: MIT
 *
 * Many rows by one statement: they are a table of the connection, `bulk`, with the columns c0 to
 * c15. That saves what a statement costs beside its row, which is most of it.
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
    /* Of a row and a column from 0; *out is BULK_NULL before. */
    void (*value)(const void *with, size_t row, int column, struct bulk_value *out);
    const void *with;
};

/* Runs a statement that reads bulk, and resets it. Inside a write transaction; not to be
 * cancelled, so n is a few hundred. */
bool bulk_insert_run(struct stmt *stmt, const struct bulk_insert *rows, struct err *err);

#endif
