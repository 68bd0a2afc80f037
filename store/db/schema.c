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

/* What a session is made of, however it came to be so: of tables the columns (a migrated one has
 * another text), of indices and views the text. SQLite's own are left out (ANALYZE makes some). */
static const char SHAPE[] =
    "SELECT m.type, m.name, m.rootpage = 0, iif(m.type = 'table', '', m.sql), c.name, c.type, "
    "c.\"notnull\", c.dflt_value, c.pk, c.hidden "
    "FROM sqlite_schema m LEFT JOIN pragma_table_xinfo(m.name) c "
    "WHERE m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.type, m.name, c.cid";

static bool same_row(struct stmt *a, struct stmt *b)
{
    for (int i = 0; i < sqlite3_column_count(a->handle); i++)
        if (!bytes_equal(stmt_bytes(a, i), stmt_bytes(b, i)))
            return false;
    return true;
}

static bool compare_shapes(struct db *db, struct db *fresh, struct err *err)
{
    struct stmt *got = db_query(db, SHAPE, err);
    struct stmt *wanted = got ? db_query(fresh, SHAPE, err) : NULL;
    if (!wanted)
        return false;
    enum step a, b;
    do {
        a = stmt_step(got, err);
        b = a == STEP_ERR ? a : stmt_step(wanted, err);
    } while (a == STEP_ROW && b == STEP_ROW && same_row(got, wanted));
    bool cannot_be = a == STEP_ERR && sqlite3_errcode(db->handle) == SQLITE_ERROR; /* a view */
    stmt_reset(got);
    stmt_reset(wanted);
    if (a == STEP_DONE && b == STEP_DONE)
        return true;
    if (b == STEP_ERR && !cannot_be)
        return false;
    return err_set(err, "%s: has tables or views that xsmall does not make so: refused", db->path);
}

bool schema_check(struct db *db, struct err *err)
{
    struct db *fresh;
    if (!db_open_memory(&fresh, err))
        return false;
    bool ok = db_run_text(fresh, steps[0], err) && compare_shapes(db, fresh, err);
    db_close(fresh);
    return ok;
}
