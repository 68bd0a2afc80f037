/* SPDX-License-Identifier: MIT
 *
 * A value is identified by (journal_what, key). The journal stores the old and the new bytes of
 * each change, so that undo and redo are one loop over the rows of a step, backwards or forwards.
 */
#include "db/journal.h"

#include "db/db_private.h"

static const char *const what_names[] = {"chain", "mark", "note", "map", "setting"};

static const char MARK_GET[] = "SELECT mark FROM mark WHERE path = :key";
static const char MARK_SET[] = "INSERT INTO mark VALUES (:key, :value) "
                               "ON CONFLICT (path) DO UPDATE SET mark = :value";
static const char MARK_DROP[] = "DELETE FROM mark WHERE path = :key";
static const char NOTE_GET[] = "SELECT text FROM note WHERE path = :key";
static const char NOTE_SET[] = "INSERT INTO note VALUES (:key, :value) "
                               "ON CONFLICT (path) DO UPDATE SET text = :value";
static const char NOTE_DROP[] = "DELETE FROM note WHERE path = :key";
static const char MAP_GET[] = "SELECT target FROM map WHERE source = :key";
static const char MAP_SET[] = "INSERT INTO map VALUES (:key, :value) "
                              "ON CONFLICT (source) DO UPDATE SET target = :value";
static const char MAP_DROP[] = "DELETE FROM map WHERE source = :key";
static const char SETTING_GET[] = "SELECT value FROM setting WHERE name = :key";
static const char SETTING_SET[] = "INSERT INTO setting VALUES (:key, :value) "
                                  "ON CONFLICT (name) DO UPDATE SET value = :value";
static const char SETTING_DROP[] = "DELETE FROM setting WHERE name = :key";

/* The statements for the kinds with one row per value; EDIT_CHAIN has its own functions. */
static const struct value_sql {
    const char *get, *set, *drop;
} value_sql[] = {
    [EDIT_MARK] = {MARK_GET, MARK_SET, MARK_DROP},
    [EDIT_NOTE] = {NOTE_GET, NOTE_SET, NOTE_DROP},
    [EDIT_MAP] = {MAP_GET, MAP_SET, MAP_DROP},
    [EDIT_SETTING] = {SETTING_GET, SETTING_SET, SETTING_DROP},
};

static const char STAGES[] = "SELECT enabled, target, stage FROM pattern ORDER BY position";
static const char STAGES_CLEAR[] = "DELETE FROM pattern";
static const char STAGE_ADD[] = "INSERT INTO pattern (position, enabled, target, stage) "
                                "VALUES (:position, :enabled, :target, :stage)";

static enum lookup chain_get(struct db *db, struct buf *out, struct err *err)
{
    BUF_AUTO struct buf value = {0};
    enum lookup found = db_setting_get(db, "chain.files", &value, err);
    struct stmt *q = found == LOOKUP_ERR ? NULL : db_query(db, STAGES, err);
    if (!q)
        return LOOKUP_ERR;
    buf_byte(&value, 0);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        found = LOOKUP_FOUND;
        buf_byte(&value, stmt_int(q, 0) ? '1' : '0');
        buf_add(&value, stmt_bytes(q, 1));
        buf_byte(&value, ' ');
        buf_add(&value, stmt_bytes(q, 2));
        buf_byte(&value, 0);
    }
    if (step != STEP_DONE)
        return LOOKUP_ERR;
    if (found == LOOKUP_FOUND)
        buf_replace(out, buf_bytes(&value));
    return found;
}

static bool chain_set(struct db *db, struct bytes value, struct err *err)
{
    struct stmt *q = db_query(db, STAGES_CLEAR, err);
    if (!q || !stmt_run(q, err))
        return false;
    if (!value.p)
        return db_setting_unset(db, "chain.files", err);
    if (!db_setting_set(db, "chain.files", bytes_split(&value, 0), err))
        return false;
    for (int64_t position = 1; value.n; position++) {
        struct bytes stage = bytes_split(&value, 0);
        bool is_enabled = stage.n && stage.p[0] == '1';
        bool is_whole = bytes_index(stage, ' ') < stage.n;
        struct bytes target = bytes_skip(bytes_split(&stage, ' '), 1);
        if (!is_whole || !target.n)
            return err_set(err, "%s: damaged chain in the undo journal", db->path);
        if (!(q = db_query(db, STAGE_ADD, err)))
            return false;
        stmt_bind_int(q, ":position", position);
        stmt_bind_int(q, ":enabled", is_enabled);
        stmt_bind_text(q, ":target", target);
        stmt_bind_text(q, ":stage", stage);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

static bool value_set(struct db *db, enum journal_what what, struct bytes key, struct bytes value,
                      struct err *err)
{
    if (what == EDIT_CHAIN)
        return chain_set(db, value, err);
    struct stmt *q = db_query(db, value.p ? value_sql[what].set : value_sql[what].drop, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":key", key);
    if (value.p)
        stmt_bind_text(q, ":value", value);
    return stmt_run(q, err);
}

enum lookup journal_get(struct db *db, enum journal_what what, struct bytes key, struct buf *out,
                        struct err *err)
{
    if (what == EDIT_CHAIN)
        return chain_get(db, out, err);
    struct stmt *q = db_query(db, value_sql[what].get, err);
    if (!q)
        return LOOKUP_ERR;
    stmt_bind_text(q, ":key", key);
    return stmt_first(q, out, err);
}

static const char FORGET_UNDONE[] = "DELETE FROM edit WHERE undone = 1";
static const char LAST_STEP[] = "SELECT coalesce(max(step), 0) FROM edit";
static const char JOURNAL[] = "INSERT INTO edit (step, what, key, before, after) "
                              "VALUES (:step, :what, :key, :before, :after)";

bool journal_step(struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, FORGET_UNDONE, err);
    if (!q || !stmt_run(q, err) || !(q = db_query(db, LAST_STEP, err)) ||
        stmt_step(q, err) != STEP_ROW)
        return false;
    db->step = stmt_int(q, 0) + 1;
    stmt_reset(q);
    return true;
}

static void bind_side(struct stmt *q, const char *name, struct bytes value)
{
    if (value.p)
        stmt_bind_blob(q, name, value);
    else
        stmt_bind_null(q, name);
}

bool journal_set(struct db *db, enum journal_what what, struct bytes key, struct bytes value,
                 struct err *err)
{
    BUF_AUTO struct buf old = {0};
    enum lookup found = journal_get(db, what, key, &old, err);
    if (found == LOOKUP_ERR)
        return false;
    /* an empty value differs from an absent one: its p is not NULL */
    struct bytes before = bytes_from(found == LOOKUP_FOUND ? buf_str(&old) : NULL, old.n);
    if (!before.p == !value.p && bytes_equal(before, value))
        return true;
    if (!value_set(db, what, key, value, err))
        return false;
    struct stmt *q = db_query(db, JOURNAL, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":step", db->step);
    stmt_bind_text(q, ":what", bytes_of(what_names[what]));
    stmt_bind_blob(q, ":key", key);
    bind_side(q, ":before", before);
    bind_side(q, ":after", value);
    return stmt_run(q, err) && db_setting_set(db, "state.stale", bytes_of("1"), err);
}

static const char UNDO_STEP[] = "SELECT max(step) FROM edit WHERE undone = 0";
static const char REDO_STEP[] = "SELECT min(step) FROM edit WHERE undone = 1";
static const char UNDO_ROWS[] =
    "SELECT what, key, before FROM edit WHERE step = :step ORDER BY id DESC";
static const char REDO_ROWS[] = "SELECT what, key, after FROM edit WHERE step = :step ORDER BY id";
static const char UNDO_FLAG[] = "UPDATE edit SET undone = 1 WHERE step = :step";
static const char REDO_FLAG[] = "UPDATE edit SET undone = 0 WHERE step = :step";

static bool apply_row(struct db *db, struct stmt *q, struct err *err)
{
    struct bytes name = stmt_bytes(q, 0);
    for (enum journal_what what = EDIT_CHAIN; what <= EDIT_SETTING; what++)
        if (bytes_equal(name, bytes_of(what_names[what])))
            return value_set(db, what, stmt_bytes(q, 1), stmt_bytes(q, 2), err);
    return err_set(err, "%s: damaged undo journal", db->path);
}

static bool apply_step(struct db *db, const char *find, const char *rows, const char *flag,
                       bool *done, struct err *err)
{
    struct stmt *q = db_query(db, find, err);
    if (!q || stmt_step(q, err) != STEP_ROW)
        return false;
    *done = !stmt_is_null(q, 0);
    int64_t number = stmt_int(q, 0);
    stmt_reset(q);
    if (!*done)
        return true;
    if (!(q = db_query(db, rows, err)))
        return false;
    stmt_bind_int(q, ":step", number);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (!apply_row(db, q, err)) {
            stmt_reset(q);
            return false;
        }
    }
    if (step != STEP_DONE || !(q = db_query(db, flag, err)))
        return false;
    stmt_bind_int(q, ":step", number);
    return stmt_run(q, err) && db_setting_set(db, "state.stale", bytes_of("1"), err);
}

static bool in_transaction(struct db *db, const char *find, const char *rows, const char *flag,
                           bool *done, struct err *err)
{
    if (!db_begin(db, err))
        return false;
    if (!apply_step(db, find, rows, flag, done, err)) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}

bool journal_undo(struct db *db, bool *done, struct err *err)
{
    return in_transaction(db, UNDO_STEP, UNDO_ROWS, UNDO_FLAG, done, err);
}

bool journal_redo(struct db *db, bool *done, struct err *err)
{
    return in_transaction(db, REDO_STEP, REDO_ROWS, REDO_FLAG, done, err);
}
