/* SPDX-License-Identifier: MIT
 *
 * Reads a directory before its children, in the order of tar(1). Only one directory is open at a
 * time. It is opened from the root down with O_NOFOLLOW at each step, so the depth costs no
 * descriptors, and a directory that is replaced by a symlink during the read is not followed.
 */
#include "image/source/rootfs_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "image/layer/content_scan.h"
#include "image/layer/tar_member.h"
#include "util/spool.h"
#include "util/map.h"
#include "util/path.h"

enum { READ_BYTES = 256 * 1024, XATTR_BYTES = 64 * 1024 /* XATTR_SIZE_MAX, XATTR_LIST_MAX */ };

struct walking {
    int root_fd;
    dev_t device; /* device of the root; other devices are not entered */
    struct entry_feed *feed;
    struct progress *progress;
    struct content_scan content;
    struct map inodes; /* device and inode of files with several names → offset of the first name in
                          names + 1 */
    struct buf names;                         /* first names, each followed by a NUL */
    struct buf todo;                          /* stack of paths to read, each followed by a NUL */
    struct buf dir;                           /* path of the directory of dir_fd */
    int dir_fd;                               /* owned */
    char *buffer, *xattr_names, *xattr_value; /* owned */
};

bool rootfs_dir_is_one(int dir_fd)
{
    static const char *const names[] = {"bin", "etc", "lib", "usr", "sbin"};
    int n = 0;
    struct stat st;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        n += fstatat(dir_fd, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode);
    return n >= 2;
}

/* Opens a directory below the root, by its canonical path. */
static int open_dir(int root_fd, struct bytes path)
{
    int fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (struct bytes part; fd >= 0 && (part = path_next(&path)).n;) {
        MEM_AUTO char *name = mem_dup(part);
        int next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(fd);
        fd = next;
    }
    return fd;
}

int rootfs_dir_open(int root_fd, struct bytes path)
{
    FD_AUTO int dir = open_dir(root_fd, path_dir(path));
    MEM_AUTO char *name = mem_dup(path_base(path));
    return dir < 0 ? -1 : openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static enum entry_kind kind_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return ENTRY_DIR;
    case S_IFLNK:
        return ENTRY_LINK;
    case S_IFCHR:
        return ENTRY_CHAR;
    case S_IFBLK:
        return ENTRY_BLOCK;
    case S_IFIFO:
        return ENTRY_FIFO;
    case S_IFSOCK:
        return ENTRY_SOCKET;
    default:
        return ENTRY_FILE;
    }
}

/* Makes an entry a hard link to the first name if the same file was read before under another name.
 */
static void join_names(struct walking *w, const struct stat *st, struct entry *entry)
{
    uint64_t key[2] = {(uint64_t)st->st_dev, (uint64_t)st->st_ino};
    bool is_new;
    if (S_ISDIR(st->st_mode) || st->st_nlink < 2)
        return;
    uint64_t *first = map_at(&w->inodes, bytes_from((const char *)key, sizeof key), &is_new);
    if (is_new) {
        *first = w->names.n + 1;
        buf_add(&w->names, entry->path);
        buf_byte(&w->names, 0);
        return;
    }
    struct bytes path = entry->path;
    *entry = (struct entry){.path = path, .kind = ENTRY_HARDLINK, .offset = -1};
    entry->link = arena_copy(entry_feed_arena(w->feed), bytes_of(w->names.p + *first - 1));
}

/* Reads the extended attributes through /proc, because no *at call reads the attributes of a
 * symlink itself. */
static void take_xattrs(struct walking *w, int dir_fd, const char *name, struct entry *entry)
{
    BUF_AUTO struct buf path = {0};
    buf_printf(&path, "/proc/self/fd/%d/%s", dir_fd, name);
    ssize_t list_n = llistxattr(path.p, w->xattr_names, XATTR_BYTES);
    MEM_AUTO struct entry_xattr *list = NULL;
    size_t n = 0, cap = 0;
    for (struct bytes rest = bytes_from(w->xattr_names, list_n > 0 ? (size_t)list_n : 0); rest.n;) {
        struct bytes one = bytes_split(&rest, 0);
        ssize_t size = lgetxattr(path.p, one.p, w->xattr_value, XATTR_BYTES);
        if (size < 0)
            continue;
        ARRAY_ROOM(list, n, cap);
        list[n].name = arena_copy(entry_feed_arena(w->feed), one);
        list[n++].value =
            arena_copy(entry_feed_arena(w->feed), bytes_from(w->xattr_value, (size_t)size));
    }
    tar_member_xattrs(w->feed, entry, list, n);
}

/* Reads a whole file; its size is the number of bytes read. Uses O_NONBLOCK, because the file can
 * have become a fifo. */
static bool take_content(struct walking *w, int dir_fd, const char *name, struct entry *entry,
                         struct err *err)
{
    FD_AUTO int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return err_sys(err, "%s", entry->path.p);
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: changed while it was read", entry->path.p);
    content_scan_begin(&w->content, (uint64_t)st.st_size, (struct content_scan_place){fd, 0},
                       entry->path);
    uint64_t at = 0;
    for (;;) {
        if (atomic_load_explicit(&w->progress->cancel, memory_order_relaxed))
            return err_cancelled(err);
        ssize_t n = pread(fd, w->buffer, READ_BYTES, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(err, "%s", entry->path.p);
        if (n == 0 || at >= (uint64_t)st.st_size) /* stop here if the file grows during the read */
            break;
        content_scan_add(&w->content, bytes_from(w->buffer, (size_t)n));
        at += (uint64_t)n;
        atomic_fetch_add_explicit(&w->progress->done_bytes, (uint64_t)n, memory_order_relaxed);
    }
    entry->size = (int64_t)at;
    content_scan_end(&w->content, w->feed, entry);
    return true;
}

static bool take_link(struct walking *w, int dir_fd, const char *name, struct entry *entry,
                      struct err *err)
{
    char target[TAR_MEMBER_LINK_MAX + 1];
    ssize_t n = readlinkat(dir_fd, name, target, sizeof target);
    if (n < 0)
        return err_sys(err, "%s", entry->path.p);
    entry->link = arena_copy(entry_feed_arena(w->feed), bytes_from(target, (size_t)n));
    return true;
}

/* Reads one entry. name is its name in dir_fd ("." for the root itself); path is relative to the
 * root. Sets *enter if the entry is a directory to read. */
static bool take_entry(struct walking *w, int dir_fd, const char *name, struct bytes path,
                       bool *enter, struct err *err)
{
    struct stat st;
    *enter = false;
    if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return err_sys(err, "%s", path.n ? path.p : "/");
    struct entry *entry = entry_feed_add(w->feed);
    entry->kind = kind_of(st.st_mode);
    if (!tar_member_name(w->feed, path, entry)) {
        entry_feed_remove_last(w->feed);
        return true;
    }
    bool ok = true;
    if (entry->kind != ENTRY_WHITEOUT && entry->kind != ENTRY_OPAQUE) {
        entry->mode = st.st_mode & 07777;
        entry->uid = st.st_uid;
        entry->gid = st.st_gid;
        entry->mtime_s = st.st_mtim.tv_sec;
        entry->mtime_ns = (uint32_t)st.st_mtim.tv_nsec;
        join_names(w, &st, entry);
    }
    if (entry->kind <= ENTRY_SOCKET)
        take_xattrs(w, dir_fd, name, entry);
    if (entry->kind == ENTRY_FILE)
        ok = take_content(w, dir_fd, name, entry, err);
    else if (entry->kind == ENTRY_LINK)
        ok = take_link(w, dir_fd, name, entry, err);
    else if (entry->kind == ENTRY_CHAR || entry->kind == ENTRY_BLOCK)
        tar_member_device(entry, major(st.st_rdev), minor(st.st_rdev));
    *enter = ok && entry->kind == ENTRY_DIR;
    if (*enter && st.st_dev != w->device) {
        entry_feed_problem(w->feed, path, bytes_of("another file system: not read"));
        *enter = false;
    }
    return ok && (entry_feed_pass(w->feed) || err_cancelled(err));
}

static int compare_names(const void *a, const void *b)
{
    return bytes_compare(bytes_of(*(char *const *)a), bytes_of(*(char *const *)b));
}

struct names {
    char **list; /* owned, including the names */
    size_t n, cap;
};

static void names_finish(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->list[i]);
    free(names->list);
}
#define NAMES_AUTO __attribute__((cleanup(names_finish)))

static bool list_names(int dir_fd, struct bytes path, struct names *names, struct err *err)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        err_sys(err, "%s", path.n ? path.p : "/");
        spool_close_at(&fd);
        return false;
    }
    for (struct dirent *at; (at = readdir(dir));) {
        struct bytes name = bytes_of(at->d_name);
        if (bytes_equal(name, bytes_of(".")) || bytes_equal(name, bytes_of("..")))
            continue;
        ARRAY_ROOM(names->list, names->n, names->cap);
        names->list[names->n++] = mem_dup(name);
    }
    closedir(dir);
    if (names->n)
        qsort(names->list, names->n, sizeof *names->list, compare_names);
    return true;
}

/* Opens the directory of an entry, unless it is already open. */
static bool go_to(struct walking *w, struct bytes dir, struct err *err)
{
    if (w->dir_fd >= 0 && bytes_equal(dir, buf_bytes(&w->dir)))
        return true;
    spool_close_at(&w->dir_fd);
    buf_clear(&w->dir);
    buf_add(&w->dir, dir);
    w->dir_fd = open_dir(w->root_fd, dir);
    return w->dir_fd >= 0 || err_sys(err, "%s", dir.n ? w->dir.p : "/");
}

/* Pushes the children of a directory on the stack, so that the first name is popped first. */
static bool push_dir(struct walking *w, struct bytes path, struct err *err)
{
    NAMES_AUTO struct names names = {0};
    if (!go_to(w, path, err) || !list_names(w->dir_fd, path, &names, err))
        return false;
    for (size_t i = names.n; i-- > 0;) {
        buf_add(&w->todo, path);
        if (path.n)
            buf_byte(&w->todo, '/');
        buf_add(&w->todo, bytes_of(names.list[i]));
        buf_byte(&w->todo, 0);
    }
    return true;
}

/* Pops the path on top of the stack. */
static bool pop(struct walking *w, struct buf *path)
{
    if (!w->todo.n)
        return false;
    struct bytes all = bytes_from(w->todo.p, w->todo.n - 1);
    size_t nul = bytes_rindex(all, 0);
    size_t from = nul < all.n ? nul + 1 : 0;
    buf_clear(path);
    buf_add(path, bytes_skip(all, from));
    w->todo.n = from;
    return true;
}

static bool walk(struct walking *w, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    bool enter;
    if (!go_to(w, bytes_from("", 0), err) ||
        !take_entry(w, w->dir_fd, ".", bytes_from("", 0), &enter, err) ||
        (enter && !push_dir(w, bytes_from("", 0), err)))
        return false;
    while (pop(w, &path)) {
        struct bytes at = buf_bytes(&path);
        if (!go_to(w, path_dir(at), err) ||
            !take_entry(w, w->dir_fd, path_base(at).p, at, &enter, err) ||
            (enter && !push_dir(w, at, err)))
            return false;
    }
    return true;
}

bool rootfs_dir_read(int root_fd, struct entry_feed *feed, struct progress *progress,
                     struct err *err)
{
    struct walking w = {.root_fd = root_fd, .feed = feed, .progress = progress};
    struct stat st;
    w.content.spool = w.dir_fd = -1;
    if (fstat(root_fd, &st) != 0)
        return err_sys(err, "/");
    w.device = st.st_dev;
    w.buffer = mem_alloc(READ_BYTES);
    w.xattr_names = mem_alloc(XATTR_BYTES);
    w.xattr_value = mem_alloc(XATTR_BYTES);
    bool ok = walk(&w, err);
    spool_close_at(&w.dir_fd);
    content_scan_finish(&w.content);
    map_finish(&w.inodes);
    buf_finish(&w.names);
    buf_finish(&w.todo);
    buf_finish(&w.dir);
    free(w.buffer);
    free(w.xattr_names);
    free(w.xattr_value);
    return ok;
}
