/* SPDX-License-Identifier: MIT
 *
 * Plugin: reads the list into the database. Each line of the list is "title;pages".
 */
#include "shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int insert(sqlite3 *db, const char *title, int pages)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(db, "INSERT INTO book VALUES (?, ?)", -1, &q, NULL) != SQLITE_OK)
        return 1;
    sqlite3_bind_text(q, 1, title, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int(q, 2, pages);
    sqlite3_step(q);
    return sqlite3_finalize(q) != SQLITE_OK;
}

int shelf_plugin(sqlite3 *db)
{
    char line[256];
    FILE *list = fopen(SHELF_DATA, "r");
    if (!list) {
        perror(SHELF_DATA);
        return 1;
    }
    const char *sql = "BEGIN; DROP TABLE IF EXISTS book; CREATE TABLE book (title, pages)";
    int failed = sqlite3_exec(db, sql, NULL, NULL, NULL);
    while (!failed && fgets(line, sizeof line, list)) {
        char *pages = strchr(line, ';');
        if (!pages)
            continue;
        *pages++ = 0;
        failed = insert(db, line, atoi(pages));
    }
    failed = failed || sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    if (failed)
        fprintf(stderr, "import: %s\n", sqlite3_errmsg(db));
    fclose(list);
    return failed;
}
