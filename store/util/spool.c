/* SPDX-License-Identifier: MIT */
#include "util/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/write_all.h"

int spool_open(struct err *err)
{
    const char *dir = getenv("TMPDIR");
    if (!dir || !*dir)
        dir = "/var/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0)
        return fd;
    /* Some file systems do not support files without a name (O_TMPFILE). */
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
    return write_all_at(fd, bytes, offset) || err_sys(err, "temporary file");
}

void spool_close_at(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
