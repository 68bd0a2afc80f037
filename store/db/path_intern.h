/* SPDX-License-Identifier: MIT
 *
 * Paths to ids of the `path` table and back, with a cache; one a loader.
 *
 * A canonical path is a member path without leading slash ("usr/lib"); "" is the root, id 1.
 */
#ifndef XSMALL_DB_PATH_INTERN_H
#define XSMALL_DB_PATH_INTERN_H

#include "db/db.h"
#include "util/map.h"

struct path_intern {
    struct db *db;    /* borrowed */
    struct map known; /* canonical path → id */
    int64_t last;     /* the greatest id that was there before; 0: not asked for yet */
    int64_t next;     /* the next id to be given; once last is known */
    struct intern_row {
        int64_t id, parent;
        size_t name, n; /* where in names, and how long */
    } * rows;           /* owned; those of table path that are not written yet */
    size_t n_rows, cap_rows;
    struct buf names;
};

/* The id of a canonical path, its parents made too. Their rows are written by path_intern_write at
 * the latest. Inside a write transaction. 0 on error. */
int64_t path_intern_path(struct path_intern *intern, struct bytes path, struct err *err);
bool path_intern_write(struct path_intern *intern, struct err *err);
/* The same without making it: *id 0 where the session has no such path. */
bool path_intern_find(struct path_intern *intern, struct bytes path, int64_t *id, struct err *err);
void path_intern_finish(struct path_intern *intern);

#endif
