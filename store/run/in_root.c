/* SPDX-License-Identifier: MIT */
#include "run/in_root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/path.h"
#include "util/spool.h"
#include "util/write_all.h"

int in_root_open(int root, const char *path, int flags, mode_t mode)
{
    struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC),
                           .mode = flags & O_CREAT ? mode : 0,
                           .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

int in_root_make_directory(int root, const char *path)
{
    BUF_AUTO struct buf so_far = {0};
    struct bytes rest = bytes_of(path);
    int at = in_root_open(root, "/", O_PATH | O_DIRECTORY, 0);
    while (at >= 0) {
        struct bytes name = path_next(&rest);
        if (!name.n)
            break;
        BUF_AUTO struct buf last = {0};
        buf_add(&last, name);
        buf_byte(&so_far, '/');
        buf_add(&so_far, name);
        int next = in_root_open(root, so_far.p, O_PATH | O_DIRECTORY, 0);
        if (next < 0 && errno == ENOENT && mkdirat(at, last.p, 0755) == 0)
            next = in_root_open(root, so_far.p, O_PATH | O_DIRECTORY, 0);
        int error = errno;
        close(at);
        errno = error;
        at = next;
    }
    return at;
}

bool in_root_write(int directory, const char *name, struct bytes text, struct err *err)
{
    if (unlinkat(directory, name, 0) != 0 && errno != ENOENT)
        return err_sys(err, "%s", name);
    FD_AUTO int fd =
        openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    return (fd >= 0 && write_all(fd, text)) || err_sys(err, "%s", name);
}
