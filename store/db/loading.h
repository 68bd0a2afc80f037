/* SPDX-License-Identifier: MIT
 *
 * A load that is all or nothing to every reader (semantics.md, All or nothing): its rows belong to
 * images and logs with complete = 0 and layers likewise, written in slices; one last short
 * transaction makes them visible. The remains of a killed load are removed at the next open.
 *
 *     if (!loading_begin(db, &load, err)) return false;
 *     … db_begin, rows with load = :load, db_slice …, db_commit
 *     loading_finish(db, load, replaced_logs …) or loading_abandon(db, load)
 */
#ifndef XSMALL_DB_LOADING_H
#define XSMALL_DB_LOADING_H

#include "db/db.h"

/* Registers this process as loading; refuses while another living process loads into the session.
 */
bool loading_begin(struct db *db, int64_t *load, struct err *err);
/* In one transaction: drops what the rows of this load replace (complete images of the same role
 * where this load has one; complete logs with the same source), makes its images, layers and logs
 * complete, and ends the load. What was dropped is removed in slices afterwards. */
bool loading_finish(struct db *db, int64_t load, struct err *err);
/* Removes what the load wrote, in slices. */
void loading_abandon(struct db *db, int64_t load);
/* Removes the remains of loads whose process is gone, in slices. Called by db_open. */
bool loading_clean(struct db *db, struct err *err);
/* Counts an odd thing: a row in `problem`, or one more of it. Inside a transaction. */
bool loading_problem(struct db *db, int64_t load, struct bytes where, const char *what,
                     struct err *err);

#endif
