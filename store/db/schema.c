/* SPDX-License-Identifier: MIT
 *
 * The schema, embedded from share/schema.sql, and the steps to it from earlier versions, from
 * share/migrate.
 */
#include "db/private.h"

#include "migrate_002.h"
#include "schema.h"

/* steps[n] leads from version n to version n + 1; that from 0 makes the tables of today. */
static const char *const steps[DB_SCHEMA_VERSION] = {
    (const char *)schema,
    (const char *)migrate_002,
};

static bool read_version(struct db *db, int64_t *out, struct err *err)
{
    struct stmt *q = db_query(db, "PRAGMA user_version", err);
    if (!q || stmt_step(q, err) != STEP_ROW)
        return false;
    *out = stmt_int(q, 0);
    stmt_reset(q);
    return true;
}

static bool run_steps(struct db *db, int64_t version, struct err *err)
{
    BUF_AUTO struct buf mark = {0};
    buf_printf(&mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", DB_APPLICATION_ID,
               DB_SCHEMA_VERSION);
    for (int64_t i = version; i < (version ? DB_SCHEMA_VERSION : 1); i++)
        if (!db_run_text(db, steps[i], err))
            return false;
    return db_run_text(db, mark.p, err);
}

bool schema_apply(struct db *db, struct err *err)
{
    int64_t version;
    if (!read_version(db, &version, err))
        return false;
    if (version == DB_SCHEMA_VERSION)
        return true;
    if (!db_begin(db, err))
        return false;
    /* Another process may have come between the two looks. */
    if (!read_version(db, &version, err) || version < 0 ||
        (version < DB_SCHEMA_VERSION && !run_steps(db, version, err))) {
        db_rollback(db);
        return version >= 0
                   ? false
                   : err_set(err, "%s: damaged: version %lld", db->path, (long long)version);
    }
    return db_commit(db, err);
}
