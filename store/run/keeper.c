/* SPDX-License-Identifier: MIT */
#include "run/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/keeper_process.h"
#include "run/syscall_filter.h"
#include "util/spool.h"

enum { INFO_BYTES = 4096 };

/* Both ends of each pipe, while the keeper is being started. */
struct ends {
    int socket[2], tar[2], info[2], go[2];
    int filter;
};

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static bool make_ends(struct ends *ends, struct err *err)
{
    memset(ends, -1, sizeof *ends);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends->socket) == 0 &&
        pipe2(ends->tar, O_CLOEXEC) == 0 && pipe2(ends->info, O_CLOEXEC) == 0 &&
        pipe2(ends->go, O_CLOEXEC) == 0) {
        fcntl(ends->tar[1], F_SETPIPE_SZ, 1 << 20);
        ends->filter = syscall_filter_make(err);
        if (ends->filter >= 0)
            return true;
    } else {
        err_sys(err, "pipe");
    }
    close_all((const int *)ends, sizeof *ends / sizeof(int));
    return false;
}

bool keeper_start(struct keeper *keeper, const struct sandbox *sandbox, struct err *err)
{
    struct ends ends;
    *keeper = (struct keeper){0, -1, -1, -1, -1};
    if (!make_ends(&ends, err))
        return false;
    pid_t pid = namespace_fork_outer(&sandbox->map, err);
    if (pid == 0) {
        struct keeper_ends own = {ends.socket[1], ends.tar[0], ends.info[1], ends.go[0],
                                  ends.filter};
        close_all((const int[]){ends.socket[0], ends.tar[1], ends.info[0], ends.go[1]}, 4);
        keeper_process(sandbox, &own);
    }
    close_all((const int[]){ends.socket[1], ends.tar[0], ends.info[1], ends.go[0], ends.filter}, 5);
    if (pid < 0) {
        close_all((const int[]){ends.socket[0], ends.tar[1], ends.info[0], ends.go[1]}, 4);
        return false;
    }
    *keeper = (struct keeper){pid, ends.socket[0], ends.tar[1], ends.info[0], ends.go[1]};
    return true;
}

bool keeper_unpacked(struct keeper *keeper, struct unpack_result *result, struct err *err)
{
    struct keeper_report report;
    spool_close_at(&keeper->tar);
    ssize_t n;
    do
        n = recv(keeper->socket, &report, sizeof report, 0);
    while (n < 0 && errno == EINTR);
    if (n != sizeof report)
        return err_set(err, "sandbox: the keeper process ended; run the command again");
    if (!report.ok)
        return err_copy(err, &report.err);
    *result = report.unpacked;
    return true;
}

/* Reads bubblewrap's report to its end: {"child-pid": 123, …}. */
static pid_t read_report(struct keeper *keeper)
{
    char text[INFO_BYTES + 1];
    size_t n = 0;
    while (n < INFO_BYTES && !memchr(text, '}', n)) {
        ssize_t got = read(keeper->info, text + n, INFO_BYTES - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    text[n] = 0;
    const char *at = strstr(text, "\"child-pid\":");
    return at ? (pid_t)strtol(at + strlen("\"child-pid\":"), NULL, 10) : 0;
}

/* Returns the first child of a process; 0 if it has no child, -1 if it has ended. */
static pid_t first_child(pid_t parent)
{
    char text[64] = "";
    snprintf(text, sizeof text, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FD_AUTO int fd = open(text, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    if (n < 0)
        return -1;
    text[n] = 0;
    return (pid_t)strtol(text, NULL, 10);
}

bool keeper_program(struct keeper *keeper, pid_t *init, pid_t *program, struct err *err)
{
    *program = 0;
    *init = read_report(keeper);
    struct pollfd end = {*init > 0 ? pidfd_open(*init, 0) : -1, POLLIN, 0};
    while (end.fd >= 0 && (*program = first_child(*init)) == 0 && poll(&end, 1, 1) == 0)
        continue;
    spool_close_at(&end.fd);
    return *program > 0 || err_set(err, "bwrap: the sandbox did not start");
}

void keeper_let_go(struct keeper *keeper)
{
    while (write(keeper->go, "", 1) < 0 && errno == EINTR)
        ;
}

void keeper_finish(struct keeper *keeper)
{
    if (!keeper->pid)
        return;
    send(keeper->socket, "", 1, MSG_NOSIGNAL); /* done, not killed */
    close_all((const int[]){keeper->socket, keeper->tar, keeper->info, keeper->go}, 4);
    while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *keeper = (struct keeper){0, -1, -1, -1, -1};
}
