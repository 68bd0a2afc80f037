/* SPDX-License-Identifier: MIT */
#include "run/namespace_fork.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/spool.h"

/* The child reports by one byte: 0, or the errno of unshare; the parent lets it go on by one. */
struct meeting {
    int from_child[2], to_child[2];
};

static bool meeting_make(struct meeting *meeting, struct err *err)
{
    if (pipe2(meeting->from_child, O_CLOEXEC) != 0)
        return err_sys(err, "pipe");
    if (pipe2(meeting->to_child, O_CLOEXEC) == 0)
        return true;
    close(meeting->from_child[0]);
    close(meeting->from_child[1]);
    return err_sys(err, "pipe");
}

static void wait_for_maps(struct meeting *meeting)
{
    unsigned char error = 0;
    close(meeting->from_child[0]);
    close(meeting->to_child[1]);
    if (unshare(CLONE_NEWUSER) != 0)
        error = (unsigned char)errno;
    if (write(meeting->from_child[1], &error, 1) != 1 || error ||
        read(meeting->to_child[0], &error, 1) != 1)
        _exit(1);
    close(meeting->from_child[1]);
    close(meeting->to_child[0]);
}

typedef bool write_maps(const struct id_map *map, pid_t pid, struct err *err);

static bool let_go(struct meeting *meeting, pid_t pid, const struct id_map *map,
                   write_maps *write_to, struct err *err)
{
    unsigned char error = 0;
    if (read(meeting->from_child[0], &error, 1) != 1)
        return err_set(err, "user namespace: its first process ended unexpectedly");
    if (error) {
        errno = error;
        return err_sys(err, "user namespace");
    }
    return write_to(map, pid, err) &&
           (write(meeting->to_child[1], &error, 1) == 1 || err_sys(err, "user namespace"));
}

static pid_t fork_into(const struct id_map *map, write_maps *write_to, struct err *err)
{
    struct meeting meeting;
    if (!meeting_make(&meeting, err))
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        wait_for_maps(&meeting);
        return 0;
    }
    close(meeting.from_child[1]);
    close(meeting.to_child[0]);
    bool ok = pid > 0 ? let_go(&meeting, pid, map, write_to, err) : err_sys(err, "fork");
    close(meeting.from_child[0]);
    close(meeting.to_child[1]);
    if (!ok && pid > 0)
        waitpid(pid, NULL, 0);
    return ok ? pid : -1;
}

pid_t namespace_fork_outer(const struct id_map *map, struct err *err)
{
    if (map->kind != ID_MAP_RANGE)
        return fork_into(map, id_map_write_outer, err);
    pid_t pid = fork();
    if (pid < 0)
        err_sys(err, "fork");
    return pid;
}

pid_t namespace_fork_inner(const struct id_map *map, struct err *err)
{
    pid_t pid = fork_into(map, id_map_write, err);
    if (pid != 0)
        return pid;
    if ((map->kind != ID_MAP_SINGLE && setgroups(0, NULL) != 0) || setresgid(0, 0, 0) != 0 ||
        setresuid(0, 0, 0) != 0)
        _exit(1);
    return 0;
}

void namespace_keep_rights(void)
{
    static const unsigned rights[] = {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER};
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {0};
    if (geteuid() == 0 || syscall(SYS_capget, &header, data) != 0)
        return;
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        data[0].inheritable |= 1u << rights[i];
    syscall(SYS_capset, &header, data);
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, rights[i], 0, 0);
}

static bool join(pid_t keeper, const char *name, int kind, struct err *err)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)keeper, name);
    FD_AUTO int fd = open(path, O_RDONLY | O_CLOEXEC);
    return (fd >= 0 && setns(fd, kind) == 0) || err_sys(err, "%s", path);
}

bool namespace_join(pid_t keeper, enum namespace_part part, struct err *err)
{
    return (geteuid() == 0 || join(keeper, "user", CLONE_NEWUSER, err)) &&
           (part == NAMESPACE_USER || join(keeper, "net", CLONE_NEWNET, err));
}
