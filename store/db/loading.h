/* SPDX-License-Identifier: MIT
 *
 * A load is all or nothing for every reader (semantics.md, All or nothing). Its rows belong to
 * images, logs and layers with complete = 0 and are written in slices; one short last transaction
 * makes them visible. The remains of a killed load are removed at the next open.
 *
 *     if (!loading_begin(db, &load, err)) return false;
 *     … db_begin, rows with load = :load, db_slice …, db_commit
 *     loading_finish(db, load, err), or loading_abandon(db, load)
 */
#ifndef XSMALL_DB_LOADING_H
#define XSMALL_DB_LOADING_H

#include "db/db.h"

/* Registers this process as the loader. Fails if another running process loads into the session. */
bool loading_begin(struct db *db, int64_t *load, struct err *err);
/* Completes the load in one transaction: drops the rows that this load replaces (complete images
 * whose role this load also has; complete logs with the same source), marks its images, layers and
 * logs as complete, and ends the load. Dropped rows are deleted in slices afterwards. */
bool loading_finish(struct db *db, int64_t load, struct err *err);
/* Undoes a load that failed. The disk space that it took is given back, as far as other connections
 * and a full disk allow it (load_guard.h). */
void loading_abandon(struct db *db, int64_t load);
/* Removes the remains of loads whose process has ended, in slices. Called by db_open. */
bool loading_clean(struct db *db, struct err *err);
/* Counts a problem: adds a row to `problem`, or increments the count of its row. Call inside a
 * transaction. */
bool loading_problem(struct db *db, int64_t load, struct bytes where, const char *what,
                     struct err *err);

#endif
