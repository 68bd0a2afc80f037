/* SPDX-License-Identifier: MIT
 *
 * Write transactions. Within the process, writers get their turn in the order of their requests (a
 * ticket lock), so that a loader sees a waiting edit and lets it in. Between processes, SQLite's
 * own lock and busy timeout decide. The gate is the only process-wide state, because writers of one
 * process may use any number of connections.
 */
#include "db/db_private.h"

#include <pthread.h>

#include "util/clock.h"
#include "util/interrupt.h"

enum { SLICE_NS = 50 * 1000 * 1000 };

static struct gate {
    pthread_mutex_t lock;
    pthread_cond_t turn;
    uint64_t next, serving; /* tickets */
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static void gate_enter(void)
{
    pthread_mutex_lock(&gate.lock);
    uint64_t ticket = gate.next++;
    while (gate.serving != ticket)
        pthread_cond_wait(&gate.turn, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static void gate_leave(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.serving++;
    pthread_cond_broadcast(&gate.turn);
    pthread_mutex_unlock(&gate.lock);
}

static bool gate_is_wanted(void)
{
    pthread_mutex_lock(&gate.lock);
    bool wanted = gate.next > gate.serving + 1;
    pthread_mutex_unlock(&gate.lock);
    return wanted;
}

static bool run(struct db *db, const char *sql, struct err *err)
{
    struct stmt *q = db_query(db, sql, err);
    return q && stmt_run(q, err);
}

bool db_begin(struct db *db, struct err *err)
{
    if (db->mode == DB_READ)
        return err_set(err, "%s: open in another xsmall; read-only here", db->path);
    gate_enter();
    if (!run(db, "BEGIN IMMEDIATE", err)) {
        gate_leave();
        return false;
    }
    db->in_write = true;
    db->began_ns = clock_ns();
    return true;
}

bool db_commit(struct db *db, struct err *err)
{
    if (!run(db, "COMMIT", err)) {
        db_rollback(db);
        return false;
    }
    if (db->step) /* an edit is stored */
        interrupt_release();
    db->in_write = false;
    gate_leave();
    return true;
}

void db_rollback(struct db *db)
{
    if (!db->in_write)
        return;
    bool was_ending = db->is_ending;
    db->is_ending = true;
    run(db, "ROLLBACK", NULL); /* fails only if SQLite has already rolled back */
    db->is_ending = was_ending;
    db->in_write = false;
    gate_leave();
}

void db_checkpoint(struct db *db)
{
    sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

bool db_slice_is_over(const struct db *db)
{
    return clock_ns() - db->began_ns >= SLICE_NS || gate_is_wanted();
}

bool db_slice(struct db *db, struct err *err)
{
    if (!db_slice_is_over(db))
        return true;
    return db_commit(db, err) && db_begin(db, err);
}
