/* SPDX-License-Identifier: MIT
 *
 * The rows of a load become visible in one short transaction. The same transaction hides the rows
 * that the load replaces; they are deleted in slices afterwards.
 */
#include "db/loading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/db_private.h"
#include "db/load_guard.h"
#include "util/interrupt.h"

/* Returns the start time of a process in clock ticks after boot (proc_pid_stat(5), field 22).
 * Returns 0 if there is no such process, or if it is dead and only not yet waited for (field 3: Z,
 * X). Field 2, the name, may contain any character, so fields are counted from its last ')'. */
static int64_t start_time(int64_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    char *at = strrchr(text, ')');
    if (at && (at[1] != ' ' || strchr("ZXx", at[2])))
        return 0;
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoll(at, NULL, 10) : 0;
}

static const char LOADS[] = "SELECT id, pid, start_time FROM load";
static const char LOAD_FORGET[] = "DELETE FROM load WHERE id = :load";

static const char NEW_PATHS[] =
    "DELETE FROM path WHERE id IN (SELECT id FROM path WHERE id > "
    "(SELECT last_path FROM load WHERE id = :load) ORDER BY id DESC LIMIT 4000)";
static const char NEW_ASKED[] =
    "DELETE FROM asked WHERE id IN (SELECT id FROM asked WHERE id > "
    "(SELECT last_asked FROM load WHERE id = :load) ORDER BY id DESC LIMIT 4000)";

/* Aborts a load: deletes the paths that it interned, then its load row. Its other rows are then
 * orphans, which loading_clean removes. Works in slices, inside a transaction. */
static bool forget_load(struct db *db, int64_t load, struct err *err)
{
    static const char *const deletes[] = {NEW_PATHS, NEW_ASKED, LOAD_FORGET};
    for (size_t i = 0; i < sizeof deletes / sizeof *deletes; i++) {
        int64_t n;
        do {
            struct stmt *q = db_query(db, deletes[i], err);
            if (!q)
                return false;
            stmt_bind_int(q, ":load", load);
            if (!stmt_run(q, err))
                return false;
            n = db_changes(db);
            if (!db_slice(db, err))
                return false;
        } while (n);
    }
    return true;
}

/* Returns the running process of a load, or 0. Removes loads whose process has ended. */
static bool living_load(struct db *db, int64_t *pid, struct err *err)
{
    struct stmt *q = db_query(db, LOADS, err);
    if (!q)
        return false;
    *pid = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        int64_t id = stmt_int(q, 0);
        if (start_time(stmt_int(q, 1)) == stmt_int(q, 2)) {
            *pid = stmt_int(q, 1);
            continue;
        }
        stmt_reset(q); /* no query may stay open between slices */
        if (!forget_load(db, id, err))
            return false;
    }
    return step == STEP_DONE;
}

/* The id of a load is never used again, because rows of complete images and logs refer to it. */
static const char LOAD_MAKE[] =
    "INSERT INTO load (id, pid, start_time, last_path, last_asked) SELECT 1 + max("
    "(SELECT coalesce(max(id), 0) FROM load), (SELECT coalesce(max(load), 0) FROM image), "
    "(SELECT coalesce(max(load), 0) FROM layer), (SELECT coalesce(max(load), 0) FROM log), "
    "(SELECT coalesce(max(load), 0) FROM problem)), :pid, :start_time, "
    "(SELECT max(id) FROM path), (SELECT coalesce(max(id), 0) FROM asked)";

/* SQLite rebuilds the list of an IN for each row that it checks, which is most of the time to
 * insert a row of table entry. The CHECK constraints are assertions of the schema, so builds with
 * NDEBUG disable them during a load; builds with assertions keep them. */
static bool set_checks(struct db *db, bool on, struct err *err)
{
#ifdef NDEBUG
    return db_run_text(
        db, on ? "PRAGMA ignore_check_constraints = OFF" : "PRAGMA ignore_check_constraints = ON",
        err);
#else
    (void)db, (void)on, (void)err;
    return true;
#endif
}

bool loading_begin(struct db *db, int64_t *load, struct err *err)
{
    int64_t pid;
    load_guard_begin(db);
    if (!db_begin(db, err))
        return false;
    struct stmt *make = NULL;
    bool ok = living_load(db, &pid, err) && (make = db_query(db, LOAD_MAKE, err));
    if (ok && pid)
        ok = err_set(err, "%s: process %lld is loading into it; try again when it is done",
                     db_path(db), (long long)pid);
    if (ok) {
        stmt_bind_int(make, ":pid", getpid());
        stmt_bind_int(make, ":start_time", start_time(getpid()));
        ok = stmt_run(make, err);
    }
    if (!ok) {
        db_rollback(db);
        return false;
    }
    *load = db_last_id(db);
    return db_commit(db, err) && set_checks(db, false, err);
}

/* Runs one statement with :load bound. */
static bool run_for(struct db *db, const char *sql, int64_t load, struct err *err)
{
    struct stmt *q = db_query(db, sql, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":load", load);
    return stmt_run(q, err);
}

static const char DROP_IMAGES[] =
    "UPDATE image SET complete = 0 WHERE complete = 1 AND load <> :load AND role IN "
    "(SELECT role FROM image WHERE load = :load)";
static const char DROP_LOGS[] =
    "UPDATE log SET complete = 0 WHERE complete = 1 AND load <> :load AND source IN "
    "(SELECT source FROM log WHERE load = :load)";
static const char SHOW_IMAGES[] = "UPDATE image SET complete = 1 WHERE load = :load";
static const char SHOW_LAYERS[] = "UPDATE layer SET complete = 1 WHERE load = :load";
static const char SHOW_LOGS[] = "UPDATE log SET complete = 1 WHERE load = :load";
static const char MAKE_STALE[] = "INSERT INTO setting SELECT 'state.stale', '1' WHERE :load > 0 "
                                 "ON CONFLICT (name) DO UPDATE SET value = '1'";

bool loading_finish(struct db *db, int64_t load, struct err *err)
{
    static const char *const steps[] = {DROP_IMAGES, DROP_LOGS,  SHOW_IMAGES, SHOW_LAYERS,
                                        SHOW_LOGS,   MAKE_STALE, LOAD_FORGET};
    load_guard_free_reserve(db);
    if (!load_guard_check_space(db, err) || !set_checks(db, true, err) || !db_begin(db, err))
        return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (!run_for(db, steps[i], load, err)) {
            db_rollback(db);
            return false;
        }
    }
    if (!db_commit(db, err))
        return false;
    interrupt_release();
    load_guard_end(db);
    /* The remaining rows are removed at the next open. */
    loading_clean(db, NULL);
    return true;
}

/* Deletes the rows of the load. Deleting needs space in the log, which is copied into the file
 * often, so that little space is enough. */
static void delete_rows(struct db *db, int64_t load)
{
    enum { PAGES = 100 };
    sqlite3_wal_autocheckpoint(db->handle, PAGES);
    load_guard_empty_log(db);
    if (!set_checks(db, true, NULL) || !db_begin(db, NULL))
        return;
    /* The remaining rows are removed at the next open. */
    if (forget_load(db, load, NULL) && db_commit(db, NULL))
        loading_clean(db, NULL);
    else
        db_rollback(db);
    load_guard_shrink(db);
}

void loading_abandon(struct db *db, int64_t load)
{
    db->is_ending = true;
    db_rollback(db);
    bool is_undone = load_guard_undo(db);
    load_guard_end(db);
    if (!is_undone)
        delete_rows(db, load);
    db->is_ending = false;
}

/* Lists the rows that belong to no running load and to no complete image or log. */
static const char DEAD_IMAGE[] =
    "SELECT id FROM image WHERE complete = 0 AND load NOT IN (SELECT id FROM load) LIMIT 1";
static const char DEAD_LAYER[] =
    "SELECT id FROM layer WHERE (complete = 0 AND load NOT IN (SELECT id FROM load)) OR "
    "(NOT EXISTS (SELECT 1 FROM load) AND id NOT IN (SELECT layer FROM image_layer)) LIMIT 1";
static const char DEAD_LOG[] =
    "SELECT id FROM log WHERE complete = 0 AND load NOT IN (SELECT id FROM load) LIMIT 1";

/* Each statement deletes some rows of :id and is repeated until it deletes no row. The last
 * statement deletes the row of the object itself, so that an interrupted sweep continues at the
 * next open. */
static const char IMAGE_MERGED[] = "DELETE FROM merged WHERE image = :id AND path IN "
                                   "(SELECT path FROM merged WHERE image = :id LIMIT 4000)";
static const char IMAGE_LAYERS[] = "DELETE FROM image_layer WHERE image = :id";
static const char IMAGE_PACKAGES[] = "DELETE FROM package WHERE image = :id";
static const char IMAGE_ROW[] = "DELETE FROM image WHERE id = :id";
static const char LAYER_ENTRIES[] = "DELETE FROM entry WHERE layer = :id AND path IN "
                                    "(SELECT path FROM entry WHERE layer = :id LIMIT 2000)";
static const char LAYER_XATTRS[] = "DELETE FROM xattr WHERE layer = :id";
static const char LAYER_NEEDS[] = "DELETE FROM need WHERE layer = :id AND path IN "
                                  "(SELECT path FROM need WHERE layer = :id LIMIT 2000)";
static const char LAYER_PACKAGES[] = "DELETE FROM package_file WHERE layer = :id AND path IN "
                                     "(SELECT path FROM package_file WHERE layer = :id LIMIT 200)";
static const char LAYER_ROW[] = "DELETE FROM layer WHERE id = :id";
static const char LOG_BLOCKS[] = "DELETE FROM block WHERE log = :id AND first_line IN "
                                 "(SELECT first_line FROM block WHERE log = :id LIMIT 100)";
static const char LOG_ACCESSES[] = "DELETE FROM packed WHERE log = :id AND first_seq IN "
                                   "(SELECT first_seq FROM packed WHERE log = :id LIMIT 200)";
static const char LOG_PROCESSES[] = "DELETE FROM process WHERE log = :id AND number IN "
                                    "(SELECT number FROM process WHERE log = :id LIMIT 2000)";
static const char LOG_CLUES[] = "DELETE FROM clue WHERE log = :id";
static const char LOG_ROW[] = "DELETE FROM log WHERE id = :id";

static const struct sweep {
    const char *dead;
    const char *deletes[5]; /* run in this order; NULL ends the list */
} sweeps[] = {
    {DEAD_IMAGE, {IMAGE_MERGED, IMAGE_LAYERS, IMAGE_PACKAGES, IMAGE_ROW}},
    {DEAD_LAYER, {LAYER_ENTRIES, LAYER_XATTRS, LAYER_NEEDS, LAYER_PACKAGES, LAYER_ROW}},
    {DEAD_LOG, {LOG_BLOCKS, LOG_ACCESSES, LOG_PROCESSES, LOG_CLUES, LOG_ROW}},
};

static const char DEAD_RUNS[] =
    "DELETE FROM run WHERE NOT EXISTS (SELECT 1 FROM load) AND id NOT IN (SELECT run FROM log)";
static const char DEAD_PROBLEMS[] =
    "DELETE FROM problem WHERE load NOT IN (SELECT id FROM load UNION SELECT load FROM image "
    "UNION SELECT load FROM layer UNION SELECT load FROM log)";
static const char LEFTOVERS[] =
    "SELECT EXISTS (SELECT 1 FROM load) OR EXISTS (SELECT 1 FROM image WHERE complete = 0) OR "
    "EXISTS (SELECT 1 FROM layer WHERE complete = 0) OR "
    "EXISTS (SELECT 1 FROM log WHERE complete = 0) OR "
    "EXISTS (SELECT 1 FROM run WHERE id NOT IN (SELECT run FROM log)) OR "
    "EXISTS (SELECT 1 FROM problem WHERE load NOT IN (SELECT load FROM image UNION "
    "SELECT load FROM layer UNION SELECT load FROM log))";

/* Deletes all rows of one orphan object, in slices. */
static bool sweep_one(struct db *db, const struct sweep *sweep, int64_t id, struct err *err)
{
    for (size_t i = 0; i < 5 && sweep->deletes[i]; i++) {
        do {
            struct stmt *q = db_query(db, sweep->deletes[i], err);
            if (!q)
                return false;
            stmt_bind_int(q, ":id", id);
            if (!stmt_run(q, err) || !db_slice(db, err))
                return false;
        } while (db_changes(db));
    }
    return true;
}

static bool sweep_kind(struct db *db, const struct sweep *sweep, struct err *err)
{
    for (;;) {
        struct stmt *q = db_query(db, sweep->dead, err);
        enum step step = q ? stmt_step(q, err) : STEP_ERR;
        int64_t id = step == STEP_ROW ? stmt_int(q, 0) : 0;
        stmt_reset(q);
        if (step != STEP_ROW)
            return step == STEP_DONE;
        if (!sweep_one(db, sweep, id, err))
            return false;
    }
}

static bool sweep_all(struct db *db, struct err *err)
{
    for (size_t i = 0; i < sizeof sweeps / sizeof *sweeps; i++)
        if (!sweep_kind(db, &sweeps[i], err))
            return false;
    struct stmt *q = db_query(db, DEAD_RUNS, err);
    if (!q || !stmt_run(q, err) || !(q = db_query(db, DEAD_PROBLEMS, err)))
        return false;
    return stmt_run(q, err);
}

bool loading_clean(struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, LEFTOVERS, err);
    if (!q || stmt_step(q, err) != STEP_ROW)
        return false;
    bool any = stmt_int(q, 0) != 0;
    stmt_reset(q);
    if (!any)
        return true;
    int64_t pid;
    if (!db_begin(db, err))
        return false;
    if (!living_load(db, &pid, err) || !sweep_all(db, err)) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}

static const char PROBLEM[] =
    "INSERT INTO problem (where_, what, load) VALUES (:where, :what, :load) "
    "ON CONFLICT (where_, what, load) DO UPDATE SET n = n + 1";

bool loading_problem(struct db *db, int64_t load, struct bytes where, const char *what,
                     struct err *err)
{
    struct stmt *q = db_query(db, PROBLEM, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":where", where);
    stmt_bind_text(q, ":what", bytes_of(what));
    stmt_bind_int(q, ":load", load);
    return stmt_run(q, err);
}
