/* SPDX-License-Identifier: MIT */
#include "run/run_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/inside_program.h"
#include "run/namespace_fork.h"
#include "util/spool.h"
#include "util/write_all.h"

#define PREFIX "xsmall-run-"

static const char *parent_directory(void)
{
    const char *path = getenv("TMPDIR");
    return path && path[0] == '/' ? path : "/var/tmp";
}

/* The sandbox's users must be able to walk to the directory. */
static bool check_parent(const char *path, struct err *err)
{
    BUF_AUTO struct buf above = {0};
    buf_add(&above, bytes_of(path));
    for (;;) {
        struct stat st;
        if (stat(above.n ? above.p : "/", &st) != 0)
            return err_sys(err, "%s", above.p);
        if (!(st.st_mode & S_IXOTH))
            return err_set(err,
                           "%s: the sandbox's users cannot enter it; set TMPDIR to a "
                           "directory that everyone can enter, such as /var/tmp",
                           above.n ? above.p : "/");
        size_t slash = bytes_rindex(buf_bytes(&above), '/');
        if (!above.n || slash == above.n)
            return true;
        above.p[above.n = slash] = 0;
    }
}

static void name_parts(struct run_dir *dir)
{
    buf_printf(&dir->root, "%s.root/root", dir->path.p);
    buf_printf(&dir->inside, "%s.root/inside", dir->path.p);
    buf_printf(&dir->log, "%s/trace/log", dir->path.p);
}

static bool write_lock(struct run_dir *dir, const struct id_map *map, struct err *err)
{
    BUF_AUTO struct buf path = {0}, text = {0};
    buf_printf(&path, "%s/lock", dir->path.p);
    buf_printf(&text, "%d %" PRIu32 " %" PRIu32 " %" PRIu32 "\n", map->kind, map->first_uid,
               map->first_gid, map->count);
    dir->lock = open(path.p, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    return (dir->lock >= 0 && flock(dir->lock, LOCK_EX | LOCK_NB) == 0 &&
            write_all(dir->lock, buf_bytes(&text))) ||
           err_sys(err, "%s", path.p);
}

bool run_dir_make(struct run_dir *dir, const struct id_map *map, struct err *err)
{
    *dir = (struct run_dir){.lock = -1};
    if (map->kind != ID_MAP_SINGLE && !check_parent(parent_directory(), err))
        return false;
    buf_printf(&dir->path, "%s/" PREFIX "XXXXXX", parent_directory());
    if (!mkdtemp(dir->path.p)) {
        err_sys(err, "%s", dir->path.p);
        buf_finish(&dir->path);
        return false;
    }
    name_parts(dir);
    BUF_AUTO struct buf trace = {0};
    buf_printf(&trace, "%s/trace", dir->path.p);
    if (write_lock(dir, map, err) && (mkdir(trace.p, 0700) == 0 || err_sys(err, "%s", trace.p)))
        return true;
    run_dir_remove(dir, RUN_DIR_BOTH);
    run_dir_finish(dir);
    return false;
}

static bool write_inside(const char *path, struct err *err)
{
    FD_AUTO int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0755);
    return (fd >= 0 && write_all(fd, inside_program()) && fchmod(fd, 0755) == 0) ||
           err_sys(err, "%s", path);
}

bool run_dir_make_root(const struct run_dir *dir, const struct id_map *map, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    buf_printf(&path, "%s.root", dir->path.p);
    if (mkdir(path.p, 0700) != 0 || mkdir(dir->root.p, 0755) != 0 || chmod(dir->root.p, 0755) != 0)
        return err_sys(err, "%s", path.p);
    if (!write_inside(dir->inside.p, err))
        return false;
    return (chown(dir->root.p, map->first_uid, map->first_gid) == 0 &&
            chown(path.p, map->first_uid, map->first_gid) == 0) ||
           err_sys(err, "%s", path.p);
}

void run_dir_remove(const struct run_dir *dir, enum run_dir_part part)
{
    BUF_AUTO struct buf root = {0};
    buf_printf(&root, "%s.root", dir->path.p);
    char *argv[] = {"rm", "-rf",  "--one-file-system",
                    "--", root.p, part == RUN_DIR_BOTH ? dir->path.p : NULL,
                    NULL};
    pid_t pid = fork();
    if (pid == 0) {
        namespace_keep_rights();
        execv("/bin/rm", argv);
        _exit(127);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

uint64_t run_dir_free_bytes(const struct run_dir *dir)
{
    struct statvfs st;
    return statvfs(dir->path.p, &st) == 0 ? (uint64_t)st.f_bavail * st.f_frsize : UINT64_MAX;
}

void run_dir_finish(struct run_dir *dir)
{
    if (dir->lock >= 0)
        close(dir->lock);
    dir->lock = -1;
    buf_finish(&dir->path);
    buf_finish(&dir->root);
    buf_finish(&dir->inside);
    buf_finish(&dir->log);
}

static void remove_in_namespace(const struct run_dir *dir, const struct id_map *map)
{
    pid_t pid = namespace_fork_outer(map, NULL);
    if (pid == 0) {
        run_dir_remove(dir, RUN_DIR_BOTH);
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

/* A directory without a lock file: its process was killed between two system calls, or is making
 * it now. The latter takes no second. */
static bool is_old(int parent, const char *name)
{
    struct stat st;
    return fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
           st.st_uid == geteuid() && time(NULL) - st.st_mtime > 60;
}

static void sweep_one(int parent, const char *name)
{
    struct run_dir dir = {.lock = -1};
    struct id_map map = {ID_MAP_SINGLE, geteuid(), getegid(), 1};
    struct stat st;
    char text[128] = "";
    int kind = 0;
    BUF_AUTO struct buf lock = {0};
    buf_printf(&lock, "%s/lock", name);
    if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || st.st_uid != geteuid())
        return;
    dir.lock = openat(parent, lock.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (dir.lock >= 0 ? flock(dir.lock, LOCK_EX | LOCK_NB) == 0 : is_old(parent, name)) {
        if (dir.lock >= 0 && read(dir.lock, text, sizeof text - 1) > 0 &&
            sscanf(text, "%d %" SCNu32 " %" SCNu32 " %" SCNu32, &kind, &map.first_uid,
                   &map.first_gid, &map.count) == 4)
            map.kind = (enum id_map_kind)kind;
        buf_printf(&dir.path, "%s/%s", parent_directory(), name);
        remove_in_namespace(&dir, &map);
    }
    run_dir_finish(&dir);
}

void run_dir_sweep(void)
{
    DIR *parent = opendir(parent_directory());
    for (struct dirent *entry; parent && (entry = readdir(parent));)
        if (bytes_starts(bytes_of(entry->d_name), bytes_of(PREFIX)) && !strchr(entry->d_name, '.'))
            sweep_one(dirfd(parent), entry->d_name);
    if (parent)
        closedir(parent);
}
