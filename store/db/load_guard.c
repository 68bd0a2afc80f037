/* SPDX-License-Identifier: MIT
 *
 * The pin depends on two properties of SQLite's WAL mode (sqlite.org/walformat.html): a reader that
 * began when all of the log was in the file reads the file alone and keeps others from writing to
 * it; and a session file without its log is the session without the log's transactions.
 */
#include "db/load_guard.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "db/db_private.h"

enum { PIN_PAGES = 4000, SHRINK_PAGES_MAX = 16384, TRUNCATE_WAIT_MS = 1000, WRITE_WAIT_MS = 10000 };
#define RESERVE_BYTES_MAX ((uint64_t)32 << 20)

static int64_t number(struct db *db, const char *sql)
{
    struct stmt *q = db_query(db, sql, NULL);
    int64_t value = q && stmt_step(q, NULL) == STEP_ROW ? stmt_int(q, 0) : -1;
    stmt_reset(q);
    return value;
}

static bool is_file(struct db *db)
{
    const char *file = sqlite3_db_filename(db->handle, "main");
    return file && *file;
}

static void unpin(struct db *db)
{
    if (!db->guard.pin)
        return;
    sqlite3_close(db->guard.pin);
    db->guard.pin = NULL;
    sqlite3_wal_autocheckpoint(db->handle, WAL_PAGES);
}

/* SQLite calls it after each commit with the number of pages in the log. */
static int after_commit(void *with, sqlite3 *handle, const char *name, int n_pages)
{
    (void)name;
    if (n_pages >= PIN_PAGES) {
        unpin(with);
        sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    }
    return SQLITE_OK;
}

static void pin(struct db *db)
{
    int n_log = 0, n_copied = -1;
    db->guard.data_version = number(db, "PRAGMA data_version");
    if (db->guard.data_version < 0 ||
        sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &n_log, &n_copied) !=
            SQLITE_OK ||
        n_log != n_copied)
        return;
    sqlite3 *reader = NULL;
    if (sqlite3_open_v2(db->path, &reader, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) !=
            SQLITE_OK) {
        sqlite3_close(reader);
        return;
    }
    db->guard.pin = reader;
    sqlite3_wal_hook(db->handle, after_commit, db);
}

/* Keeps half of the space that is free, because a load needs it twice: in the log and in the file.
 */
static void keep_reserve(struct db *db)
{
    struct statvfs fs;
    MEM_AUTO char *dir = db_directory(db->path);
    if (statvfs(dir, &fs) != 0)
        return;
    uint64_t half = (uint64_t)fs.f_bavail * fs.f_frsize / 2;
    off_t n = (off_t)(half < RESERVE_BYTES_MAX ? half : RESERVE_BYTES_MAX);
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 && n > 0 && fallocate(fd, 0, 0, n) == 0)
        db->guard.reserve = fd + 1;
    else if (fd >= 0)
        close(fd);
}

void load_guard_free_reserve(struct db *db)
{
    if (db->guard.reserve)
        close(db->guard.reserve - 1);
    db->guard.reserve = 0;
}

void load_guard_begin(struct db *db)
{
    if (db->is_new || !is_file(db)) /* a new session is removed, a private one is in memory */
        return;
    pin(db);
    keep_reserve(db);
}

bool load_guard_check_space(struct db *db, struct err *err)
{
    struct statvfs fs;
    struct stat st;
    int64_t n_pages = number(db, "PRAGMA page_count"), page = number(db, "PRAGMA page_size");
    if (!is_file(db) || n_pages < 0 || page < 0 || stat(db->path, &st) != 0)
        return true;
    MEM_AUTO char *dir = db_directory(db->path);
    int64_t more = n_pages * page - (int64_t)st.st_size;
    if (more <= 0 || statvfs(dir, &fs) != 0 || more <= (int64_t)(fs.f_bavail * fs.f_frsize))
        return true;
    return err_set(err, "%s: the disk is full: %lld bytes are missing", db->path,
                   (long long)(more - (int64_t)(fs.f_bavail * fs.f_frsize)));
}

void load_guard_end(struct db *db)
{
    unpin(db);
    load_guard_free_reserve(db);
}

/* Removes the log if the session file is unchanged and no other connection has it open. */
static bool drop_log(const char *path, const struct stat *before)
{
    struct stat now;
    sqlite3 *handle = NULL;
    bool ok = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              new_file_lock(handle) && stat(path, &now) == 0 && now.st_ino == before->st_ino &&
              now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
              now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
    if (ok)
        new_file_unlink_log(path);
    /* The log is gone, or belongs to others. */
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
    sqlite3_close(handle);
    return ok;
}

bool load_guard_undo(struct db *db)
{
    struct stat before;
    sqlite3 *reader = db->guard.pin;
    if (!reader || number(db, "PRAGMA data_version") != db->guard.data_version ||
        stat(db->path, &before) != 0)
        return false;
    db->guard.pin = NULL;
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
    sqlite3_db_config(reader, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
    db_close_handle(db);
    sqlite3_close(reader);
    bool ok = drop_log(db->path, &before);
    db_open_handle(db);
    if (!ok) /* a connection that has read nothing copies nothing from the log */
        number(db, "SELECT count(*) FROM sqlite_schema");
    return ok;
}

void load_guard_empty_log(struct db *db)
{
    sqlite3_busy_timeout(db->handle, TRUNCATE_WAIT_MS); /* for readers */
    sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(db->handle, WRITE_WAIT_MS);
}

void load_guard_shrink(struct db *db)
{
    int64_t n_pages = number(db, "PRAGMA page_count");
    int64_t n_free = number(db, "PRAGMA freelist_count");
    if (n_free * 4 < n_pages || n_pages - n_free > SHRINK_PAGES_MAX)
        return;
    load_guard_empty_log(db);
    int attached = sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM attaches a file */
    sqlite3_exec(db->handle, "VACUUM", NULL, NULL, NULL);
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, attached);
    load_guard_empty_log(db);
}
