/* SPDX-License-Identifier: MIT
 *
 * Limits that the kernel does not keep without a cgroup: they are measured while the program runs.
 */
#include "run/live_run.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/namespace_fork.h"
#include "util/clock.h"
#include "util/path.h"
#include "util/spool.h"

enum { PROCESSES_MAX = 65536 };

/* Bytes of memory that only this process has. */
static uint64_t private_bytes(pid_t pid)
{
    char path[64], text[128] = "";
    uint64_t resident = 0, shared = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FD_AUTO int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0 ||
        sscanf(text, "%*u %" SCNu64 " %" SCNu64, &resident, &shared) != 2 || shared > resident)
        return 0;
    return (resident - shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Adds the children of a process to the list. Those of all its threads: clone(2) in a thread. */
static void add_children(pid_t pid, pid_t **list, size_t *n, size_t *cap)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    for (struct dirent *entry; threads && (entry = readdir(threads));) {
        snprintf(text, sizeof text, "%s/children", entry->d_name);
        FD_AUTO int fd = openat(dirfd(threads), text, O_RDONLY | O_CLOEXEC);
        FILE *file = fd >= 0 ? fdopen(dup(fd), "re") : NULL;
        for (int child; file && *n < PROCESSES_MAX && fscanf(file, "%d", &child) == 1;) {
            ARRAY_ROOM(*list, *n, *cap);
            (*list)[(*n)++] = child;
        }
        if (file)
            fclose(file);
    }
    if (threads)
        closedir(threads);
}

static bool memory_is_over(const struct live_run *live)
{
    MEM_AUTO pid_t *list = NULL;
    size_t n = 0, cap = 0;
    uint64_t bytes = 0;
    add_children(live->init, &list, &n, &cap);
    for (size_t i = 0; i < n && bytes <= live->spec->limits.memory; i++) {
        bytes += private_bytes(list[i]);
        add_children(list[i], &list, &n, &cap);
    }
    return bytes > live->spec->limits.memory;
}

static uint64_t counted_bytes; /* nftw(3) has no argument for its function; in a child process */

static int count_file(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)path, (void)where;
    if (kind != FTW_NS)
        counted_bytes += (uint64_t)st->st_blocks * 512;
    return 0;
}

/* Bytes of the files of the image's directory, read by a process that may. */
static uint64_t tree_bytes(const struct live_run *live)
{
    int ends[2];
    uint64_t bytes = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (namespace_join(live->keeper.pid, NAMESPACE_USER, NULL))
            nftw(live->result->dir.root.p, count_file, 16, FTW_PHYS | FTW_MOUNT);
        _exit(write(ends[1], &counted_bytes, sizeof counted_bytes) != sizeof counted_bytes);
    }
    close(ends[1]);
    if (pid < 0 || read(ends[0], &bytes, sizeof bytes) != sizeof bytes)
        bytes = 0;
    close(ends[0]);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    return bytes;
}

/* Returns true if the program wrote more bytes than the limit. The free bytes of the file system
 * show when the program's files must be counted; other programs write to the file system too. */
static bool disk_is_over(struct live_run *live)
{
    uint64_t now = run_dir_free_bytes(&live->result->dir), limit = live->spec->limits.write;
    if (!live->free_bytes)
        live->free_bytes = now;
    if (live->free_bytes < now || live->free_bytes - now < limit)
        return false;
    uint64_t bytes = tree_bytes(live);
    live->free_bytes = now;
    return bytes > live->result->unpacked.n_bytes && bytes - live->result->unpacked.n_bytes > limit;
}

static bool log_is_over(const struct live_run *live)
{
    BUF_AUTO struct buf path = {0};
    buf_add(&path, path_dir(buf_bytes(&live->result->dir.log)));
    uint64_t bytes = 0;
    DIR *dir = opendir(path.p);
    struct stat st;
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode))
            bytes += (uint64_t)st.st_size;
    if (dir)
        closedir(dir);
    return bytes > live->spec->limits.log;
}

bool live_limits_reached(struct live_run *live)
{
    enum run_outcome *outcome = &live->result->outcome;
    if (live->n_output > live->spec->limits.output)
        *outcome = RUN_OUTPUT;
    else if (memory_is_over(live))
        *outcome = RUN_MEMORY;
    else if (disk_is_over(live))
        *outcome = RUN_DISK;
    else if (log_is_over(live))
        *outcome = RUN_LOG;
    else if ((double)(clock_ns() - live->began_ns) > live->spec->limits.timeout_s * 1e9)
        *outcome = RUN_TIMED_OUT;
    return *outcome != RUN_ENDED;
}
