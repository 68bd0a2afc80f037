/* SPDX-License-Identifier: MIT
 *
 * A new session file appears under its name completely, or not at all if the program is killed. The
 * tables are created in memory. Their bytes are written to a file without a name (open(2),
 * O_TMPFILE) and synced; only then is the file linked to its name. link(2) never replaces a file:
 * if another process created the file meanwhile, that file stays and becomes the session.  While
 * the file is new, it is locked, and a -wal file that a removed session left under the name is
 * removed, so that SQLite does not apply it. A new session is removed again only if it has no
 * stored rows, under a lock that no other connection can share.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db_private.h"
#include "util/clock.h"
#include "util/write_all.h"

enum { WRITE_VERSION_AT = 18, READ_VERSION_AT = 19 };
enum { NEW_FILE_MODE = 0644 }; /* minus the umask, as SQLite creates its files */

/* Creates a file without a name. Returns -1 if the file system cannot, or if link_to could not link
 * the file to a name because /proc is not mounted. */
static int open_unnamed(const char *dir)
{
    if (access("/proc/self/fd", X_OK) != 0)
        return -1;
    return open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, NEW_FILE_MODE);
}

/* Used where open_unnamed fails: creates a file whose name no other program uses. */
static int open_named(const char *dir, struct buf *name)
{
    buf_printf(name, "%s/.xsmall-%ld-%llx.new", dir, (long)getpid(),
               (unsigned long long)clock_ns());
    return open(name->p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, NEW_FILE_MODE);
}

/* Returns false with errno set. EEXIST means that the name is taken. */
static bool link_to(int fd, const struct buf *name, const char *path)
{
    char from[64];
    if (name->n)
        return link(name->p, path) == 0 ||
               (errno != EEXIST &&
                renameat2(AT_FDCWD, name->p, AT_FDCWD, path, RENAME_NOREPLACE) == 0);
    snprintf(from, sizeof from, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/* Locks the file against other connections, as SQLite does: PENDING_BYTE of its os.h and the 511
 * bytes after it. Closing fd removes the lock. */
static bool lock_new(int fd)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000000, .l_len = 512};
    return fcntl(fd, F_SETLK, &lock) == 0;
}

static bool publish(const char *path, const char *dir, struct bytes content, bool *is_made,
                    struct err *err)
{
    BUF_AUTO struct buf name = {0};
    int fd = open_unnamed(dir);
    if (fd < 0)
        fd = open_named(dir, &name);
    if (fd < 0)
        return err_sys(err, "%s", path);
    bool ok = write_all(fd, content) && fsync(fd) == 0;
    *is_made = ok && lock_new(fd) && link_to(fd, &name, path);
    if (*is_made)
        new_file_unlink_log(path);
    if (!*is_made && !(ok && errno == EEXIST))
        ok = err_sys(err, "%s", path);
    if (name.n)
        unlink(name.p); /* fails if the file was already renamed, which is harmless */
    close(fd);
    return ok;
}

bool new_file_make(const char *path, const char *dir, bool *is_made, struct err *err)
{
    struct db *memory;
    sqlite3_int64 n = 0;
    if (!db_open_memory(&memory, err))
        return false;
    unsigned char *content = NULL;
    bool ok = schema_apply(memory, err);
    if (ok && !(content = sqlite3_serialize(memory->handle, "main", &n, 0)))
        ok = err_set(err, "%s: out of memory", path);
    if (ok) /* in WAL mode from the beginning (sqlite.org/fileformat.html, 1.3.3) */
        content[WRITE_VERSION_AT] = content[READ_VERSION_AT] = 2;
    ok = ok && publish(path, dir, bytes_from((const char *)content, (size_t)n), is_made, err);
    sqlite3_free(content);
    db_close(memory);
    return ok;
}

static const char IS_UNUSED[] =
    "SELECT NOT EXISTS (SELECT 1 FROM image WHERE complete = 1) AND "
    "NOT EXISTS (SELECT 1 FROM log WHERE complete = 1) AND (SELECT max(id) FROM edit) IS NULL";

bool new_file_lock(sqlite3 *handle)
{
    return sqlite3_exec(handle,
                        "PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM sqlite_schema", NULL,
                        NULL, NULL) == SQLITE_OK;
}

static bool is_unused(sqlite3 *handle)
{
    sqlite3_stmt *q = NULL;
    bool yes = sqlite3_prepare_v2(handle, IS_UNUSED, -1, &q, NULL) == SQLITE_OK &&
               sqlite3_step(q) == SQLITE_ROW && sqlite3_column_int(q, 0);
    sqlite3_finalize(q);
    return yes;
}

void new_file_unlink_log(const char *path)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
    /* SQLite follows links: the files are next to the session, not next to a link to it. */
    char *real = realpath(path, NULL);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        BUF_AUTO struct buf name = {0};
        buf_printf(&name, "%s%s", real ? real : path, suffixes[i]);
        unlink(name.p);
    }
    free(real);
}

/* Without shared memory, whose file may be incomplete, the log is read and copied again. SQLite
 * removes the log on close if the whole log is copied. */
void new_file_tidy(const char *path)
{
    BUF_AUTO struct buf log = {0};
    sqlite3 *handle = NULL;
    struct stat st;
    buf_printf(&log, "%s-shm", path);
    if (stat(log.p, &st) != 0)
        return;
    if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        new_file_lock(handle))
        unlink(log.p);
    sqlite3_close(handle);
}

void db_remove_unused(const char *path)
{
    sqlite3 *handle = NULL;
    if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        new_file_lock(handle) && is_unused(handle)) {
        /* The session file last: until then, its lock keeps other connections from opening it. */
        new_file_unlink_log(path);
        unlink(path);
        /* No checkpoint on close: it would remove the -wal of a session that another process is
         * creating under the same name. */
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
    }
    sqlite3_close(handle);
}
