/* SPDX-License-Identifier: MIT
 *
 * Opens sessions. A session may come from a stranger: its schema is not trusted and must match the
 * schema of the program, defensive mode is on, and a file that is not an xsmall session is never
 * written.
 */
#include "db/db_private.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/load_guard.h"
#include "db/loading.h"
#include "util/interrupt.h"

enum { BUSY_MS = 10000, BUSY_STEP_MS = 10 };

bool db_fail(struct db *db, struct err *err)
{
    if (sqlite3_errcode(db->handle) == SQLITE_INTERRUPT)
        return err_cancelled(err);
    if (sqlite3_errcode(db->handle) == SQLITE_CORRUPT)
        return err_set(err, "%s: damaged (%s); to recover readable rows, run sqlite3 FILE .recover",
                       db->path, sqlite3_errmsg(db->handle));
    if (sqlite3_errcode(db->handle) == SQLITE_BUSY)
        return err_set(err, "%s: another program is writing to it", db->path);
    return err_set(err, "%s: %s", db->path, sqlite3_errmsg(db->handle));
}

bool db_is_cancelled(const struct db *db)
{
    return interrupt_is_on() && !db->is_ending;
}

static int stop_if_cancelled(void *with)
{
    return db_is_cancelled(with);
}

void db_watch_signals(struct db *db)
{
    enum { STEPS_A_LOOK = 10000 };
    sqlite3_progress_handler(db->handle, STEPS_A_LOOK, stop_if_cancelled, db);
}

/* Waits for another program that writes. As sqlite3_busy_timeout, but a signal ends it. */
static int wait_busy(void *with, int n_before)
{
    if (n_before * BUSY_STEP_MS >= BUSY_MS || db_is_cancelled(with))
        return 0;
    poll(NULL, 0, BUSY_STEP_MS); /* a signal ends it early */
    return 1;
}

static bool pragma_number(struct db *db, const char *sql, int64_t *out, struct err *err)
{
    struct stmt *q = db_query(db, sql, err);
    if (!q)
        return false;
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW)
        *out = stmt_int(q, 0);
    stmt_reset(q);
    return step == STEP_ROW;
}

/* A table or view of the file with this name would hide the program's virtual table. */
static const char COUNT_FOREIGN[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' "
                                    "OR name COLLATE NOCASE IN ('bulk', 'v_line')";

/* Checks that the file is a session, or an empty database that may become one. */
static bool check_identity(struct db *db, bool *older, struct err *err)
{
    int64_t id = 0, version = 0, n_objects = 0, n_foreign = 0;
    if (!pragma_number(db, "PRAGMA application_id", &id, err) ||
        !pragma_number(db, "PRAGMA user_version", &version, err) ||
        !pragma_number(db, "SELECT count(*) FROM sqlite_schema", &n_objects, err) ||
        !pragma_number(db, COUNT_FOREIGN, &n_foreign, err)) {
        if (sqlite3_errcode(db->handle) == SQLITE_NOTADB)
            return err_set(err, "%s: not a session of xsmall", db->path);
        return false;
    }
    *older = version < DB_SCHEMA_VERSION;
    if (id == 0 && version == 0 && n_objects == 0 && db->mode == DB_CREATE)
        return true;
    if (id != DB_APPLICATION_ID)
        return err_set(err, "%s: not a session of xsmall", db->path);
    if (version > DB_SCHEMA_VERSION)
        return err_set(err, "%s: made by a newer xsmall (session version %lld, this one reads %d)",
                       db->path, (long long)version, DB_SCHEMA_VERSION);
    if (n_foreign)
        return err_set(err,
                       "%s: has triggers or names that xsmall never makes; load into a new session",
                       db->path);
    return true;
}

bool db_run_text(struct db *db, const char *sql, struct err *err)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || db_fail(db, err);
}

bool db_cache(struct db *db, enum db_cache cache, struct err *err)
{
    return db_run_text(
        db, cache == DB_CACHE_SCAN ? "PRAGMA cache_size = -1000" : "PRAGMA cache_size = -16000",
        err);
}

/* Percent-encodes a path for SQLite's file: URI. */
static void uri_of(const char *path, struct buf *out)
{
    buf_add(out, bytes_of("file:"));
    for (const char *p = path; *p; p++) {
        if (strchr("%?#", *p))
            buf_printf(out, "%%%02x", (unsigned char)*p);
        else
            buf_byte(out, *p);
    }
    buf_add(out, bytes_of("?immutable=1"));
}

/* Turns off SQLite's memory statistics: they need a lock that all threads share, which costs a
 * tenth of a load. Once SQLite is in use, the call fails, which is harmless. */
static void count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void settle_sqlite(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, count_no_memory);
}

char *db_directory(const char *path)
{
    struct bytes dir = bytes_from(path, bytes_rindex(bytes_of(path), '/'));
    if (!strchr(path, '/'))
        dir = bytes_of(".");
    return mem_dup(dir.n ? dir : bytes_of("/"));
}

/* SQLite appends "-journal" to the name, and limits the whole path. */
static bool check_name(const char *path, struct err *err)
{
    static const char suffix[] = "-journal";
    const int64_t path_max = 504; /* SQLite's MAX_PATHNAME without the suffix */
    MEM_AUTO char *dir = db_directory(path);
    MEM_AUTO char *real = realpath(dir, NULL);
    struct bytes base =
        bytes_skip(bytes_of(path), strchr(path, '/') ? strrchr(path, '/') + 1 - path : 0);
    long name_max = pathconf(dir, _PC_NAME_MAX);
    int64_t most = (name_max > 0 ? name_max : NAME_MAX) - (int64_t)strlen(suffix);
    if (real && most > path_max - (int64_t)strlen(real) - 1)
        most = path_max - (int64_t)strlen(real) - 1;
    if (!real || (int64_t)base.n <= most)
        return true;
    if (most < 1)
        return err_set(err,
                       "%s: the path of the directory is too long for a session; name a file "
                       "in another directory with -s",
                       path);
    return err_set(err,
                   "%s: the name is too long for a session: at most %lld bytes in this directory, "
                   "because SQLite appends \"%s\"; name a shorter one with -s",
                   path, (long long)most, suffix);
}

static bool open_handle(struct db *db, bool is_absent, struct err *err)
{
    settle_sqlite();
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (db->mode == DB_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    BUF_AUTO struct buf uri = {0};
    const char *name = db->path;
    MEM_AUTO char *dir = db_directory(db->path);
    bool writable = access(dir, W_OK) == 0;
    if (db->mode == DB_READ && (!writable || access(db->path, W_OK) != 0)) {
        flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
        uri_of(db->path, &uri);
        name = uri.p;
    } else if (!writable) {
        return err_sys(err, "%s: cannot write in %s", db->path, dir);
    }
    if (is_absent && !new_file_make(db->path, dir, &db->is_new, err))
        return false;
    if (sqlite3_open_v2(name, &db->handle, flags, NULL) != SQLITE_OK)
        return err_set(err, "%s: %s", db->path,
                       db->handle ? sqlite3_errmsg(db->handle) : "out of memory");
    return bulk_register(db, err);
}

/* Migrates a session of an earlier version that was opened for reading, through a connection that
 * may write. */
static bool migrate_first(struct db *db, struct err *err)
{
    struct db *writer = NULL;
    if (!db_open(db->path, DB_WRITE, &writer, err))
        return err_wrap(err, "made by an older xsmall, to be migrated");
    db_close(writer);
    return true;
}

static void harden(struct db *db)
{
    sqlite3_busy_handler(db->handle, wait_busy, db);
    db_watch_signals(db);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)NULL);
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db->handle, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    sqlite3_limit(db->handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
    sqlite3_limit(db->handle, SQLITE_LIMIT_COMPOUND_SELECT, 100);
}

static bool configure(struct db *db, struct err *err)
{
    harden(db);
    bool older = false;
    if (!check_identity(db, &older, err))
        return false;
    if (db->mode == DB_READ && older && !migrate_first(db, err))
        return false;
    if (db->mode == DB_READ)
        return db_run_text(db, "PRAGMA query_only = ON", err) && db_cache(db, DB_CACHE_WORK, err) &&
               schema_check(db, err);
    if (!db_run_text(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                     "PRAGMA temp_store = MEMORY",
                     err) ||
        sqlite3_wal_autocheckpoint(db->handle, WAL_PAGES) != SQLITE_OK ||
        !db_cache(db, DB_CACHE_WORK, err))
        return false;
    return schema_apply(db, err) && schema_check(db, err) && loading_clean(db, err);
}

bool db_open(const char *path, enum db_mode mode, struct db **out, struct err *err)
{
    struct stat st;
    bool is_absent = stat(path, &st) != 0;
    if (is_absent && errno == ENAMETOOLONG && !check_name(path, err))
        return false;
    if (is_absent && (errno != ENOENT || mode != DB_CREATE))
        return err_sys(err, "%s", path);
    if (!check_name(path, err))
        return false;
    if (!is_absent && !S_ISREG(st.st_mode))
        return err_set(err, "%s: not a file", path);
    struct db *db = mem_zero(1, sizeof *db);
    db->path = mem_dup(bytes_of(path));
    db->mode = mode;
    db->sql_steps_max = SQL_STEPS_MAX;
    if (!open_handle(db, is_absent, err) || !configure(db, err)) {
        db_discard(db);
        return false;
    }
    *out = db;
    return true;
}

/* `file` is the name for sqlite3_open_v2; `what` is the name in error messages. */
static bool open_private(const char *file, const char *what, struct db **out, struct err *err)
{
    struct db *db = mem_zero(1, sizeof *db);
    db->path = mem_dup(bytes_of(what));
    db->mode = DB_CREATE;
    settle_sqlite();
    if (sqlite3_open_v2(file, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        !bulk_register(db, err)) {
        db_fail(db, err);
        db_close(db);
        return false;
    }
    *out = db;
    return true;
}

bool db_open_memory(struct db **out, struct err *err)
{
    return open_private(":memory:", "memory", out, err);
}

bool db_open_scratch(struct db **out, struct err *err)
{
    if (!open_private("", "the session of this command", out, err))
        return false;
    if (db_run_text(*out, "PRAGMA synchronous = OFF; PRAGMA cache_size = -64000", err) &&
        schema_apply(*out, err))
        return true;
    db_close(*out);
    return false;
}

void db_close_handle(struct db *db)
{
    for (size_t i = 0; i < db->n_stmts; i++) {
        sqlite3_finalize(db->stmts[i]->handle);
        free(db->stmts[i]);
    }
    db->n_stmts = 0;
    sqlite3_close(db->handle); /* the last connection checkpoints and removes -wal and -shm */
    db->handle = NULL;
}

bool db_open_handle(struct db *db)
{
    int code =
        sqlite3_open_v2(db->path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = code == SQLITE_OK && bulk_register(db, NULL);
    if (ok)
        harden(db);
    return ok;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    if (db->in_write)
        db_rollback(db);
    load_guard_end(db);
    const char *file = db->handle ? sqlite3_db_filename(db->handle, "main") : NULL;
    bool is_file = file && *file;
    db_close_handle(db);
    if (is_file)
        new_file_tidy(db->path);
    free(db->stmts);
    free(db->path);
    free(db);
}

void db_discard(struct db *db)
{
    MEM_AUTO char *path = db->is_new ? mem_dup(bytes_of(db->path)) : NULL;
    db_close(db);
    if (path)
        db_remove_unused(path);
}

const char *db_path(const struct db *db)
{
    return db->path;
}

bool db_is_read_only(const struct db *db)
{
    return db->mode == DB_READ;
}
