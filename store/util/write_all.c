/* SPDX-License-Identifier: MIT */
#include "util/write_all.h"

#include <errno.h>
#include <unistd.h>

bool write_all(int fd, struct bytes bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR)
            return false;
        bytes = bytes_skip(bytes, n > 0 ? (size_t)n : 0);
    }
    return true;
}

bool write_all_at(int fd, struct bytes bytes, uint64_t offset)
{
    while (bytes.n) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)offset);
        if (n < 0 && errno != EINTR)
            return false;
        bytes = bytes_skip(bytes, n > 0 ? (size_t)n : 0);
        offset += n > 0 ? (uint64_t)n : 0;
    }
    return true;
}
