/* SPDX-License-Identifier: MIT */
#include "db/writer_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

void writer_lock_acquire(struct writer_lock *lock, const char *path)
{
    if (lock->fd >= 0)
        return;
    lock->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    lock->is_others =
        lock->fd >= 0 && flock(lock->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void writer_lock_release(struct writer_lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    *lock = WRITER_LOCK_NONE;
}
