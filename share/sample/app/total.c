/* SPDX-License-Identifier: MIT
 *
 * Plugin: counts the books and their pages.
 */
#include "shelf.h"

#include <stdio.h>

int shelf_plugin(sqlite3 *db)
{
    sqlite3_stmt *q;
    const char *sql = "SELECT count(*), sum(pages) FROM book";
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK) {
        fprintf(stderr, "total: %s\n", sqlite3_errmsg(db));
        return 1;
    }
    if (sqlite3_step(q) == SQLITE_ROW)
        printf("%d books, %d pages\n", sqlite3_column_int(q, 0), sqlite3_column_int(q, 1));
    return sqlite3_finalize(q) != SQLITE_OK;
}
