/* SPDX-License-Identifier: MIT
 *
 * The keeper has no threads, and shares no descriptor with xsmall but those it is given: it closes
 * all others first, among them the session's.
 */
#include "run/keeper_process.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/spool.h"
#include "util/write_all.h"

enum { FIRST_SPARE = 64 /* descriptors are moved here while 0 to 5 are filled */ };

/* Signals of the terminal and of kill are for xsmall, which closes the socket when it ends. */
static void be_alone(void)
{
    sigset_t none;
    setsid();
    for (int signal_number = 1; signal_number < NSIG; signal_number++)
        signal(signal_number, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_NAME, "xsmall-keeper");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* Closes every descriptor from 3 on that is not in the list. */
static void keep_only(int *fds[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        *fds[i] = fcntl(*fds[i], F_DUPFD_CLOEXEC, FIRST_SPARE);
    syscall(SYS_close_range, 3, FIRST_SPARE - 1, 0);
    int last = FIRST_SPARE - 1;
    for (size_t i = 0; i < n; i++)
        last = *fds[i] > last ? *fds[i] : last;
    for (int fd = FIRST_SPARE; fd < last; fd++) {
        bool kept = false;
        for (size_t i = 0; i < n; i++)
            kept |= fd == *fds[i];
        if (!kept)
            close(fd);
    }
    syscall(SYS_close_range, (unsigned)last + 1, ~0u, 0);
}

/* A network with the loopback device only, in which every port may be bound. */
static bool make_network(struct err *err)
{
    struct ifreq request = {.ifr_name = "lo"};
    if (unshare(CLONE_NEWNET) != 0)
        return err_sys(err, "network namespace");
    FD_AUTO int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) != 0)
        return err_sys(err, "network namespace: lo");
    request.ifr_flags |= IFF_UP;
    if (ioctl(fd, SIOCSIFFLAGS, &request) != 0)
        return err_sys(err, "network namespace: lo");
    FD_AUTO int port = open("/proc/sys/net/ipv4/ip_unprivileged_port_start", O_WRONLY | O_CLOEXEC);
    if (port >= 0)
        write_all(port, bytes_of("0"));
    return true;
}

static void limit(int resource, uint64_t value)
{
    struct rlimit both = {value, value};
    setrlimit((__rlimit_resource_t)resource, &both);
}

/* Moves each descriptor to its number; all others are closed. */
static void place(const struct sandbox *sandbox, const struct keeper_ends *ends)
{
    const int from[SANDBOX_N_FDS] = {sandbox->input, sandbox->output, sandbox->error,
                                     ends->go,       ends->info,      ends->filter};
    for (int i = 0; i < SANDBOX_N_FDS; i++)
        dup2(from[i], i);
    syscall(SYS_close_range, SANDBOX_N_FDS, ~0u, 0);
}

/* In the inner user namespace, after unpacking: becomes bubblewrap. */
static _Noreturn void become_bwrap(const struct sandbox *sandbox, const struct keeper_ends *ends,
                                   const struct sandbox_places *places)
{
    struct words words = {0};
    const struct run_limits *limits = &sandbox->spec->limits;
    sandbox_args(sandbox->spec, sandbox->dir, &sandbox->map, places, &words);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NPROC, limits->processes);
    limit(RLIMIT_FSIZE, limits->write);
    place(sandbox, ends);
    signal(SIGHUP, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp("bwrap", words.items);
    dprintf(STDERR_FILENO, "xsmall: bwrap: %s\n", strerror(errno));
    _exit(127);
}

/* The keeper's child.. */
static _Noreturn void inner_process(const struct sandbox *sandbox, const struct keeper_ends *ends,
                                    struct keeper_report *report)
{
    struct sandbox_places places;
    report->ok = unpack_tar(ends->tar, sandbox->dir->root.p, &sandbox->map, &report->unpacked,
                            &report->err) &&
                 unpack_prepare(sandbox->dir->root.p, sandbox->spec, &places, &report->err);
    send(ends->socket, report, sizeof *report, MSG_NOSIGNAL);
    if (!report->ok)
        _exit(1);
    close(ends->socket);
    close(ends->tar);
    become_bwrap(sandbox, ends, &places);
}

/* Returns when xsmall's end of the socket is closed: true if xsmall reported before that it is
 * done. */
static bool wait_for_end(int socket)
{
    char byte;
    for (ssize_t n;;) {
        n = recv(socket, &byte, 1, 0);
        if (n >= 0)
            return n == 1;
        if (errno != EINTR)
            return false;
    }
}

/* Kills the children, and what their end leaves to this process (PR_SET_CHILD_SUBREAPER), until
 * there are none. */
static void end_children(void)
{
    char text[4096];
    for (;;) {
        FD_AUTO int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
        ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
        text[n > 0 ? n : 0] = 0;
        for (char *at = text, *end; strtol(at, &end, 10) > 0; at = end)
            kill((pid_t)strtol(at, NULL, 10), SIGKILL);
        if (waitpid(-1, NULL, 0) < 0 && errno != EINTR)
            return;
    }
}

_Noreturn void keeper_process(const struct sandbox *given, const struct keeper_ends *given_ends)
{
    struct sandbox sandbox = *given;
    struct keeper_ends ends = *given_ends;
    struct run_dir dir = *given->dir;
    sandbox.dir = &dir;
    int *kept[] = {&sandbox.input, &sandbox.output, &sandbox.error, &ends.socket, &ends.tar,
                   &ends.info,     &ends.go,        &ends.filter,   &dir.lock};
    be_alone();
    keep_only(kept, sizeof kept / sizeof *kept);
    struct keeper_report report = {0};
    pid_t child = -1;
    if (run_dir_make_root(&dir, &sandbox.map, &report.err) &&
        (sandbox.spec->has_host_network || make_network(&report.err)))
        child = namespace_fork_inner(&sandbox.map, &report.err);
    if (child == 0)
        inner_process(&sandbox, &ends, &report);
    if (child < 0)
        send(ends.socket, &report, sizeof report, MSG_NOSIGNAL);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (kept[i] != &ends.socket && kept[i] != &dir.lock)
            close(*kept[i]);
    bool is_done = wait_for_end(ends.socket);
    end_children();
    run_dir_remove(&dir, is_done ? RUN_DIR_ROOT : RUN_DIR_BOTH);
    _exit(0);
}
