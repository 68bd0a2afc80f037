/* SPDX-License-Identifier: MIT
 *
 * Maps paths to ids of the `path` table and back, with a cache. Each loader has its own.
 *
 * A canonical path is the path of an entry without a leading slash ("usr/lib"). "" is the root,
 * with id 1.
 */
#ifndef XSMALL_DB_PATH_INTERN_H
#define XSMALL_DB_PATH_INTERN_H

#include "db/db.h"
#include "util/map.h"

struct path_intern {
    struct db *db;    /* borrowed */
    struct map known; /* canonical path → id */
    int64_t last;     /* the greatest id in the table before the load; 0: not read yet */
    int64_t next;     /* the next id to assign; valid once last is known */
    struct intern_row {
        int64_t id, parent;
        size_t name, n; /* offset and length in names */
    } * rows;           /* owned; rows of table path that are not written yet */
    size_t n_rows, cap_rows;
    struct buf names;
};

/* Returns the id of a canonical path and adds the path and its parents if they are missing. New
 * rows are buffered; call path_intern_write at the end to write them. Call inside a write
 * transaction. Returns 0 on error. */
int64_t path_intern_path(struct path_intern *intern, struct bytes path, struct err *err);
bool path_intern_write(struct path_intern *intern, struct err *err);
/* Looks up the id of a path without adding it. Sets *id to 0 if the session does not have the path.
 */
bool path_intern_find(struct path_intern *intern, struct bytes path, int64_t *id, struct err *err);
void path_intern_finish(struct path_intern *intern);

#endif
