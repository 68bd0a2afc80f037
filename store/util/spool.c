/* SPDX-License-Identifier: MIT */
#include "util/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int spool_open(struct err *err)
{
    const char *dir = getenv("TMPDIR");
    if (!dir || !*dir)
        dir = "/var/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0)
        return fd;
    /* Not every file system has files without names. */
    BUF_AUTO struct buf name = {0};
    buf_printf(&name, "%s/xsmall-XXXXXX", dir);
    fd = mkostemp(name.p, O_CLOEXEC);
    if (fd < 0)
        err_sys(err, "temporary file in %s", dir);
    else
        unlink(name.p);
    return fd;
}

bool spool_write(int fd, struct bytes bytes, uint64_t offset, struct err *err)
{
    while (bytes.n) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(err, "temporary file");
        bytes = bytes_skip(bytes, (size_t)n);
        offset += (uint64_t)n;
    }
    return true;
}

void spool_close_at(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
