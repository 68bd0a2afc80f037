/* SPDX-License-Identifier: MIT
 *
 * The schema, embedded from share/schema.sql.
 */
#include "db/private.h"

#include "schema.h"

bool schema_apply(struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, "PRAGMA user_version", err);
    if (!q || stmt_step(q, err) != STEP_ROW)
        return false;
    int64_t version = stmt_int(q, 0);
    stmt_reset(q);
    if (version == DB_SCHEMA_VERSION)
        return true;
    if (!db_begin(db, err))
        return false;
    BUF_AUTO struct buf mark = {0};
    buf_printf(&mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", DB_APPLICATION_ID,
               DB_SCHEMA_VERSION);
    /* Another process may have made it between the two looks. */
    if (stmt_step(q, err) == STEP_ROW && stmt_int(q, 0) == 0) {
        stmt_reset(q);
        if (!db_run_text(db, (const char *)schema, err) || !db_run_text(db, mark.p, err)) {
            db_rollback(db);
            return false;
        }
    }
    stmt_reset(q);
    return db_commit(db, err);
}
