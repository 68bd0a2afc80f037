/* SPDX-License-Identifier: MIT
 *
 * Preloaded by faults.sh. Counts the calls that write to a file below $FAULT_UNDER; the call with
 * number $FAULT_AT fails. With FAULT_ERROR=full it and all later calls fail with ENOSPC, as on a
 * full disk; with FAULT_ERROR=kill the process is killed before the call; with HUP, INT or TERM the
 * process receives that signal and the call is made; else only this call fails, with EIO. The file
 * $FAULT_FIRED is created when the fault occurs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long n_calls;
static const struct {
    const char *name;
    int number;
} asking[] = {{"HUP", SIGHUP}, {"INT", SIGINT}, {"TERM", SIGTERM}};

static int is_watched(int fd)
{
    char link[64], path[PATH_MAX];
    const char *under = getenv("FAULT_UNDER");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = under ? readlink(link, path, sizeof path - 1) : -1;
    return n > 0 && !strncmp(path, under, strlen(under)) && path[strlen(under)] == '/';
}

/* Returns true if this call must fail; sets errno. */
static int fails(int fd)
{
    if (!is_watched(fd))
        return 0;
    long number = atomic_fetch_add(&n_calls, 1) + 1, at = atol(getenv("FAULT_AT"));
    int full = !strcmp(getenv("FAULT_ERROR"), "full");
    if (number != at && !(full && number > at))
        return 0;
    close(open(getenv("FAULT_FIRED"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    if (!strcmp(getenv("FAULT_ERROR"), "kill"))
        kill(getpid(), SIGKILL);
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
        if (!strcmp(getenv("FAULT_ERROR"), asking[i].name)) {
            kill(getpid(), asking[i].number);
            return 0;
        }
    }
    errno = full ? ENOSPC : EIO;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAULTY(type, name, parameters, ...)                                                        \
    type name parameters                                                                           \
    {                                                                                              \
        return fails(fd) ? -1 : NEXT(name)(__VA_ARGS__);                                           \
    }

FAULTY(ssize_t, write, (int fd, const void *p, size_t n), fd, p, n)
FAULTY(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), fd, p, n, at)
FAULTY(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at), fd, p, n, at)
FAULTY(ssize_t, writev, (int fd, const struct iovec *v, int n), fd, v, n)
FAULTY(int, ftruncate, (int fd, off_t n), fd, n)
FAULTY(int, ftruncate64, (int fd, off64_t n), fd, n)
FAULTY(int, fsync, (int fd), fd)
FAULTY(int, fdatasync, (int fd), fd)
