/* SPDX-License-Identifier: MIT
 *
 * Who of the programs that have a session open for long may write to it: the first. Its seat is a
 * lock on the file (flock(2)), gone with the program whatever its end; SQLite's own locks are of
 * another kind and know nothing of it. Single commands ask for no seat: they take turns (db_begin).
 *
 *     writer_lock_acquire(&seat, "app.xsmall");          nothing happens where the file is not
 * there yet db_open("app.xsmall", seat.is_others ? DB_READ : DB_CREATE, &db, err) … db_close(db);
 *     writer_lock_release(&seat);                      behind the last connection
 */
#ifndef XSMALL_DB_WRITER_LOCK_H
#define XSMALL_DB_WRITER_LOCK_H

#include <stdbool.h>

/* Closing a file takes SQLite's locks on it away from the whole process (fcntl(2)): the descriptor
 * stays open to the end, also that of a seat that another program has. */
struct writer_lock {
    int fd; /* owned; -1: not asked for yet */
    bool is_others;
};
#define SEAT_NONE ((struct writer_lock){.fd = -1})

/* Takes it, unless that was tried before. A file system without such locks refuses nobody. */
void writer_lock_acquire(struct writer_lock *seat, const char *path);
void writer_lock_release(struct writer_lock *seat);

#endif
