/* SPDX-License-Identifier: MIT
 *
 * The schema, embedded from share/schema.sql, and the migrations from earlier versions, embedded
 * from share/migrate.
 */
#include "db/db_private.h"

#include <pthread.h>

#include "migrate_002.h"
#include "migrate_003.h"
#include "migrate_004.h"
#include "schema.h"

/* steps[n] migrates from version n to version n + 1; steps[0] creates the current tables. */
static const char *const steps[DB_SCHEMA_VERSION] = {
    (const char *)schema,
    (const char *)migrate_002,
    (const char *)migrate_003,
    (const char *)migrate_004,
};

/* The shape of a session, independent of how it was created: the columns of tables (the SQL text of
 * a migrated table differs), and the SQL text of indices and views. SQLite's own objects are left
 * out (ANALYZE creates some). */
static const char SHAPE[] =
    "SELECT m.type, m.name, m.rootpage = 0, iif(m.type = 'table', '', m.sql), c.name, c.type, "
    "c.\"notnull\", c.dflt_value, c.pk, c.hidden "
    "FROM sqlite_schema m LEFT JOIN pragma_table_xinfo(m.name) c "
    "WHERE m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.type, m.name, c.cid";

/* Appends the text of one row of SHAPE. */
static void add_row(struct stmt *q, struct buf *out)
{
    for (int i = 0; i < sqlite3_column_count(q->handle); i++) {
        struct bytes value = stmt_bytes(q, i);
        buf_printf(out, "%zu:", value.n);
        buf_add(out, value);
    }
}

/* The shape that this version creates, computed once for all connections of the process. */
static struct {
    pthread_mutex_t lock;
    struct buf shape;
} wanted = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Computes the shape of the tables that steps[0] has just created. */
static bool read_wanted(struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, SHAPE, err);
    enum step step = STEP_ERR;
    while (q && (step = stmt_step(q, err)) == STEP_ROW)
        add_row(q, &wanted.shape);
    if (step == STEP_ERR)
        buf_clear(&wanted.shape);
    return step == STEP_DONE;
}

static bool make_wanted(struct err *err)
{
    struct db *fresh;
    if (!db_open_memory(&fresh, err))
        return false;
    bool ok = db_run_text(fresh, steps[0], err) && read_wanted(fresh, err);
    db_close(fresh);
    return ok;
}

static bool read_version(struct db *db, int64_t *out, struct err *err)
{
    struct stmt *q = db_query(db, "PRAGMA user_version", err);
    if (!q || stmt_step(q, err) != STEP_ROW)
        return false;
    *out = stmt_int(q, 0);
    stmt_reset(q);
    return true;
}

/* Uses the session that this process is creating as the reference for the shape, so that no second
 * schema is created. */
static bool learn_wanted(struct db *db, struct err *err)
{
    pthread_mutex_lock(&wanted.lock);
    bool ok = wanted.shape.n || read_wanted(db, err);
    pthread_mutex_unlock(&wanted.lock);
    return ok;
}

static bool run_steps(struct db *db, int64_t version, struct err *err)
{
    BUF_AUTO struct buf mark = {0};
    buf_printf(&mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", DB_APPLICATION_ID,
               DB_SCHEMA_VERSION);
    for (int64_t i = version; i < (version ? DB_SCHEMA_VERSION : 1); i++)
        if (!db_run_text(db, steps[i], err))
            return false;
    return (version || learn_wanted(db, err)) && db_run_text(db, mark.p, err);
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
    /* Another process may have migrated the session since the first check. */
    if (!read_version(db, &version, err) || version < 0 ||
        (version < DB_SCHEMA_VERSION && !run_steps(db, version, err))) {
        db_rollback(db);
        return version >= 0
                   ? false
                   : err_set(err, "%s: damaged: version %lld", db->path, (long long)version);
    }
    return db_commit(db, err);
}

static bool find_wanted(struct bytes *out, struct err *err)
{
    pthread_mutex_lock(&wanted.lock);
    bool ok = wanted.shape.n || make_wanted(err);
    *out = buf_bytes(&wanted.shape); /* constant from here on */
    pthread_mutex_unlock(&wanted.lock);
    return ok;
}

bool schema_check(struct db *db, struct err *err)
{
    BUF_AUTO struct buf row = {0};
    struct bytes rest;
    if (!find_wanted(&rest, err))
        return false;
    struct stmt *q = db_query(db, SHAPE, err);
    if (!q)
        return false;
    enum step step;
    bool same = true;
    while (same && (step = stmt_step(q, err)) == STEP_ROW) {
        buf_clear(&row);
        add_row(q, &row);
        same = bytes_starts(rest, buf_bytes(&row));
        rest = bytes_skip(rest, same ? row.n : 0);
    }
    /* SQLITE_ERROR means a broken view, not a failed read. */
    bool failed = same && step == STEP_ERR && sqlite3_errcode(db->handle) != SQLITE_ERROR;
    stmt_reset(q);
    if (failed)
        return false;
    if (same && step == STEP_DONE && !rest.n)
        return true;
    return err_set(
        err,
        "%s: its tables or views differ from those of this xsmall; load the image and the logs "
        "into a new session",
        db->path);
}
