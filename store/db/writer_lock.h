/* SPDX-License-Identifier: MIT
 *
 * Which program may write to a session that several have open for long: the first. It holds a lock
 * on the file (flock(2)), which ends with the program. SQLite's own locks are of another kind and
 * do not conflict with it. Single commands do not take this lock: they take turns (db_begin).
 *
 *     struct writer_lock lock = WRITER_LOCK_NONE;
 *     writer_lock_acquire(&lock, "app.xsmall");     does nothing if the file does not exist
 *     db_open("app.xsmall", lock.is_others ? DB_READ : DB_CREATE, &db, err)
 *     …
 *     db_close(db);
 *     writer_lock_release(&lock);                   after the last connection is closed
 */
#ifndef XSMALL_DB_WRITER_LOCK_H
#define XSMALL_DB_WRITER_LOCK_H

#include <stdbool.h>

/* Closing a file removes SQLite's locks on it from the whole process (fcntl(2)): the descriptor
 * stays open to the end, also if another program holds the lock. */
struct writer_lock {
    int fd;         /* owned; -1: not tried yet */
    bool is_others; /* another program holds it */
};
#define WRITER_LOCK_NONE ((struct writer_lock){.fd = -1})

/* Takes the lock, unless that was tried before. On a file system without such locks every program
 * may write. */
void writer_lock_acquire(struct writer_lock *lock, const char *path);
void writer_lock_release(struct writer_lock *lock);

#endif
