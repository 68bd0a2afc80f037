/* SPDX-License-Identifier: MIT */
#include "db/writer_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

void writer_lock_acquire(struct writer_lock *seat, const char *path)
{
    if (seat->fd >= 0)
        return;
    seat->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    seat->is_others =
        seat->fd >= 0 && flock(seat->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void writer_lock_release(struct writer_lock *seat)
{
    if (seat->fd >= 0)
        close(seat->fd);
    *seat = SEAT_NONE;
}
