/* SPDX-License-Identifier: MIT
 *
 * Sources: strace's class %file (TRACE_FILE in its syscallent tables) for the list of calls, and
 * the man page of each call for its effect. The table also has calls outside that class that change
 * a working directory or a descriptor.
 */
#include "trace/strace/syscalls.h"

#include <string.h>

#define P(dir_, path_, kind_, nofollow_)                                                           \
    {                                                                                              \
        .dir = dir_, .path = path_, .kind = ACCESS_##kind_, .nofollow = nofollow_                  \
    }
/* One path at argument 0, relative to the working directory. */
#define ONE(name_, kind_, nofollow_)                                                               \
    {                                                                                              \
        .name = name_, .n_paths = 1, .paths = { P(CALL_CWD, 0, kind_, nofollow_) }                 \
    }
/* A directory descriptor at argument 0, a path at 1, flags at flags_. */
#define AT(name_, kind_, nofollow_, flags_kind_, flags_)                                           \
    {                                                                                              \
        .name = name_, .n_paths = 1, .paths = {P(0, 1, kind_, nofollow_)},                         \
        .flags_kind = flags_kind_, .flags = flags_                                                 \
    }
/* Two paths without directory descriptors. */
#define TWO(name_, a_, b_, flags_kind_, flags_)                                                    \
    {                                                                                              \
        .name = name_, .n_paths = 2, .paths = {a_, b_}, .flags_kind = flags_kind_, .flags = flags_ \
    }
/* No path argument. */
#define NO(name_, effect_)                                                                         \
    {                                                                                              \
        .name = name_, .effect = effect_                                                           \
    }

/* clang-format off */
static const struct call calls[] = {
    {"open", 1, {P(CALL_CWD, 0, READ, false)}, CALL_OPEN, FLAGS_OPEN, 1},
    {"creat", 1, {P(CALL_CWD, 0, CREATED, false)}, CALL_OPEN, FLAGS_NONE, 0},
    {"openat", 1, {P(0, 1, READ, false)}, CALL_OPEN, FLAGS_OPEN, 2},
    {"openat2", 1, {P(0, 1, READ, false)}, CALL_OPEN, FLAGS_HOW, 2},
    {"open_tree", 1, {P(0, 1, OTHER, false)}, CALL_OPEN, FLAGS_AT, 2},
    {"open_tree_attr", 1, {P(0, 1, OTHER, false)}, CALL_OPEN, FLAGS_AT, 2},
    ONE("stat", STAT, false), ONE("stat64", STAT, false), ONE("oldstat", STAT, false),
    ONE("lstat", STAT, true), ONE("lstat64", STAT, true), ONE("oldlstat", STAT, true),
    ONE("access", STAT, false), ONE("statfs", STAT, false), ONE("statfs64", STAT, false),
    ONE("getxattr", STAT, false), ONE("lgetxattr", STAT, true),
    ONE("listxattr", STAT, false), ONE("llistxattr", STAT, true),
    AT("newfstatat", STAT, false, FLAGS_AT, 3), AT("fstatat64", STAT, false, FLAGS_AT, 3),
    AT("statx", STAT, false, FLAGS_AT, 2),
    AT("faccessat", STAT, false, FLAGS_AT, 3), AT("faccessat2", STAT, false, FLAGS_AT, 3),
    AT("name_to_handle_at", STAT, true, FLAGS_FOLLOW, 4),
    AT("getxattrat", STAT, false, FLAGS_AT, 2), AT("listxattrat", STAT, false, FLAGS_AT, 2),
    AT("file_getattr", STAT, false, FLAGS_AT, 4),
    ONE("readlink", READLINK, true), AT("readlinkat", READLINK, true, FLAGS_NONE, 0),
    {"execve", 1, {P(CALL_CWD, 0, EXECUTED, false)}, CALL_EXEC, FLAGS_NONE, 0},
    {"execveat", 1, {P(0, 1, EXECUTED, false)}, CALL_EXEC, FLAGS_AT, 4},
    ONE("uselib", MAPPED, false),
    {"chdir", 1, {P(CALL_CWD, 0, CHDIR, false)}, CALL_CHDIR, FLAGS_NONE, 0},
    {"chroot", 1, {P(CALL_CWD, 0, OTHER, false)}, CALL_CHROOT, FLAGS_NONE, 0},
    ONE("truncate", WRITTEN, false), ONE("truncate64", WRITTEN, false),
    ONE("chmod", WRITTEN, false), ONE("chown", WRITTEN, false), ONE("chown32", WRITTEN, false),
    ONE("lchown", WRITTEN, true), ONE("lchown32", WRITTEN, true),
    ONE("utime", WRITTEN, false), ONE("utimes", WRITTEN, false), ONE("acct", WRITTEN, false),
    ONE("setxattr", WRITTEN, false), ONE("lsetxattr", WRITTEN, true),
    ONE("removexattr", WRITTEN, false), ONE("lremovexattr", WRITTEN, true),
    AT("fchmodat", WRITTEN, false, FLAGS_AT, 3), AT("fchmodat2", WRITTEN, false, FLAGS_AT, 3),
    AT("fchownat", WRITTEN, false, FLAGS_AT, 4), AT("futimesat", WRITTEN, false, FLAGS_NONE, 0),
    AT("utimensat", WRITTEN, false, FLAGS_AT, 3),
    AT("utimensat_time64", WRITTEN, false, FLAGS_AT, 3),
    AT("setxattrat", WRITTEN, false, FLAGS_AT, 2), AT("removexattrat", WRITTEN, false, FLAGS_AT, 2),
    AT("file_setattr", WRITTEN, false, FLAGS_AT, 4),
    ONE("mkdir", CREATED, true), ONE("mknod", CREATED, true),
    AT("mkdirat", CREATED, true, FLAGS_NONE, 0), AT("mknodat", CREATED, true, FLAGS_NONE, 0),
    ONE("unlink", REMOVED, true), ONE("rmdir", REMOVED, true),
    AT("unlinkat", REMOVED, true, FLAGS_NONE, 0),
    {"symlink", 1, {P(CALL_CWD, 1, CREATED, true)}, CALL_PLAIN, FLAGS_NONE, 0},
    {"symlinkat", 1, {P(1, 2, CREATED, true)}, CALL_PLAIN, FLAGS_NONE, 0},
    TWO("rename", P(CALL_CWD, 0, RENAMED, true), P(CALL_CWD, 1, CREATED, true), FLAGS_NONE, 0),
    TWO("renameat", P(0, 1, RENAMED, true), P(2, 3, CREATED, true), FLAGS_NONE, 0),
    TWO("renameat2", P(0, 1, RENAMED, true), P(2, 3, CREATED, true), FLAGS_NONE, 0),
    TWO("link", P(CALL_CWD, 0, READ, true), P(CALL_CWD, 1, CREATED, true), FLAGS_NONE, 0),
    TWO("linkat", P(0, 1, READ, true), P(2, 3, CREATED, true), FLAGS_FOLLOW, 4),
    ONE("swapon", OTHER, false), ONE("swapoff", OTHER, false),
    ONE("umount", OTHER, false), ONE("oldumount", OTHER, false),
    {"umount2", 1, {P(CALL_CWD, 0, OTHER, false)}, CALL_PLAIN, FLAGS_AT, 1},
    {"mount", 2, {P(CALL_CWD, 0, OTHER, false), P(CALL_CWD, 1, OTHER, false)},
     CALL_MOUNT, FLAGS_NONE, 0},
    {"pivot_root", 2, {P(CALL_CWD, 0, OTHER, false), P(CALL_CWD, 1, OTHER, false)},
     CALL_CHROOT, FLAGS_NONE, 0},
    TWO("move_mount", P(0, 1, OTHER, true), P(2, 3, OTHER, true), FLAGS_NONE, 0),
    AT("mount_setattr", OTHER, false, FLAGS_AT, 2), AT("fspick", OTHER, false, FLAGS_AT, 2),
    {"quotactl", 1, {P(CALL_CWD, 1, OTHER, false)}, CALL_PLAIN, FLAGS_NONE, 0},
    {"inotify_add_watch", 1, {P(CALL_CWD, 1, OTHER, false)}, CALL_PLAIN, FLAGS_AT, 2},
    {"fanotify_mark", 1, {P(3, 4, OTHER, false)}, CALL_PLAIN, FLAGS_AT, 1},
    {"fsconfig", 1, {P(4, 3, OTHER, false)}, CALL_FSCONFIG, FLAGS_NONE, 0},
    NO("fchdir", CALL_FCHDIR), NO("getcwd", CALL_GETCWD),
    NO("setns", CALL_SETNS), NO("unshare", CALL_UNSHARE),
    NO("clone", CALL_FORK), NO("clone2", CALL_FORK), NO("clone3", CALL_FORK),
    NO("fork", CALL_FORK), NO("vfork", CALL_FORK),
    NO("dup", CALL_DUP), NO("dup2", CALL_DUP), NO("dup3", CALL_DUP),
    NO("fcntl", CALL_FCNTL), NO("fcntl64", CALL_FCNTL),
    NO("close", CALL_CLOSE), NO("close_range", CALL_CLOSE_RANGE),
    NO("mmap", CALL_MMAP), NO("mmap2", CALL_MMAP), NO("old_mmap", CALL_MMAP),
    NO("getdents", CALL_GETDENTS), NO("getdents64", CALL_GETDENTS),
    NO("connect", CALL_ADDRESS), NO("bind", CALL_ADDRESS), NO("sendto", CALL_ADDRESS),
};
/* clang-format on */

void call_index_init(struct call_index *index)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        *map_at(&index->by_name, bytes_of(calls[i].name), NULL) = i;
}

void call_index_finish(struct call_index *index)
{
    map_finish(&index->by_name);
}

/* Unknown calls are looked up in the map each time; most logs have few of them. */
const struct call *call_find(struct call_index *index, struct bytes name)
{
    if (!name.n)
        return NULL;
    size_t hash = (size_t)(name.p[0] * 7 + name.p[name.n - 1] * 31 + name.p[name.n / 2]) + name.n;
    const struct call **recent = &index->recent[hash % 256];
    if (*recent && !strncmp((*recent)->name, name.p, name.n) && !(*recent)->name[name.n])
        return *recent;
    const uint64_t *at = map_find(&index->by_name, name);
    return at ? *recent = &calls[*at] : NULL;
}

/* The values of x86-64, for flags that are printed as a number (-X raw, -X verbose). Some
 * architectures use other values (O_DIRECTORY and O_NOFOLLOW of arm64); the names are the same
 * everywhere. */
enum {
    OPEN_WRONLY = 01,
    OPEN_RDWR = 02,
    OPEN_CREAT = 0100,
    OPEN_EXCL = 0200,
    OPEN_TRUNC = 01000,
    OPEN_DIRECTORY = 0200000,
    OPEN_NOFOLLOW = 0400000,
    OPEN_CLOEXEC = 02000000
};

static const struct line_flag open_names[] = {
    LINE_FLAG("O_WRONLY", OPEN_WRONLY),     LINE_FLAG("O_RDWR", OPEN_RDWR),
    LINE_FLAG("O_CREAT", OPEN_CREAT),       LINE_FLAG("O_EXCL", OPEN_EXCL),
    LINE_FLAG("O_TRUNC", OPEN_TRUNC),       LINE_FLAG("O_DIRECTORY", OPEN_DIRECTORY),
    LINE_FLAG("O_NOFOLLOW", OPEN_NOFOLLOW), LINE_FLAG("O_CLOEXEC", OPEN_CLOEXEC),
    LINE_FLAG("O_TMPFILE", OPEN_DIRECTORY), LINE_FLAG("OPEN_TREE_CLOEXEC", OPEN_CLOEXEC),
};

/* Returns the value of a member (`flags=`), in a structure or in the arguments of clone; the whole
 * text if it has no such member. */
static struct bytes member_of(struct bytes text, const char *name)
{
    size_t n = strlen(name);
    const char *at = text.n ? memmem(text.p, text.n, name, n) : NULL;
    if (!at)
        return text;
    text = bytes_skip(text, (size_t)(at - text.p) + n);
    text.n = bytes_index(text, ',');
    text.n = bytes_index(text, '}');
    text.n = bytes_index(text, ')');
    return text;
}

/* openat2(2), linux/openat2.h */
enum { RESOLVE_NO_SYMLINKS = 0x4, RESOLVE_BENEATH = 0x8, RESOLVE_IN_ROOT = 0x10 };

/* Returns the bits above from {flags=O_*, resolve=RESOLVE_*}. */
static uint64_t resolve_flags(struct bytes how)
{
    static const struct line_flag names[] = {
        LINE_FLAG("RESOLVE_NO_SYMLINKS", RESOLVE_NO_SYMLINKS),
        LINE_FLAG("RESOLVE_BENEATH", RESOLVE_BENEATH),
        LINE_FLAG("RESOLVE_IN_ROOT", RESOLVE_IN_ROOT),
    };
    struct bytes value = member_of(how, "resolve=");
    return value.n < how.n ? line_flags(value, names, sizeof names / sizeof *names) : 0;
}

struct call_open call_open_flags(struct bytes arg)
{
    bool how = arg.n && arg.p[0] == '{';
    uint64_t bits = line_flags(how ? member_of(arg, "flags=") : arg, open_names,
                               sizeof open_names / sizeof *open_names);
    uint64_t resolve = how ? resolve_flags(arg) : 0;
    struct call_open open = {.kind = ACCESS_READ};
    if (bits & OPEN_CREAT)
        open.kind = ACCESS_CREATED;
    else if (bits & (OPEN_WRONLY | OPEN_RDWR | OPEN_TRUNC))
        open.kind = ACCESS_WRITTEN;
    else if (bits & OPEN_DIRECTORY)
        open.kind = ACCESS_LISTED;
    /* O_CREAT with O_EXCL does not follow a link as the last component: open(2). */
    open.nofollow = (bits & OPEN_NOFOLLOW) ||
                    (bits & (OPEN_CREAT | OPEN_EXCL)) == (OPEN_CREAT | OPEN_EXCL) ||
                    (resolve & RESOLVE_NO_SYMLINKS);
    open.rooted = resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT);
    open.cloexec = bits & OPEN_CLOEXEC;
    return open;
}

bool call_at_nofollow(const struct call *call, struct bytes arg)
{
    enum { NOFOLLOW = 0x100, FOLLOW = 0x400, DONT_FOLLOW = 4 };
    static const struct line_flag names[] = {
        LINE_FLAG("AT_SYMLINK_NOFOLLOW", NOFOLLOW),     LINE_FLAG("AT_SYMLINK_FOLLOW", FOLLOW),
        LINE_FLAG("FSPICK_SYMLINK_NOFOLLOW", NOFOLLOW), LINE_FLAG("UMOUNT_NOFOLLOW", NOFOLLOW),
        LINE_FLAG("IN_DONT_FOLLOW", NOFOLLOW),          LINE_FLAG("FAN_MARK_DONT_FOLLOW", NOFOLLOW),
    };
    int64_t number;
    uint64_t bits = line_flags(arg, names, sizeof names / sizeof *names);
    if (line_number(arg, &number)) { /* the bit depends on the call */
        uint64_t bit = NOFOLLOW;
        if (!strcmp(call->name, "umount2"))
            bit = 0x8;
        else if (!strcmp(call->name, "inotify_add_watch"))
            bit = 0x02000000;
        else if (!strcmp(call->name, "fanotify_mark"))
            bit = DONT_FOLLOW;
        else if (!strcmp(call->name, "fspick"))
            bit = 0x2;
        bits = (bits & FOLLOW) | (bits & bit ? NOFOLLOW : 0);
    }
    return call->flags_kind == FLAGS_FOLLOW ? !(bits & FOLLOW) : (bits & NOFOLLOW) != 0;
}

uint64_t call_clone_flags(struct bytes rest)
{
    static const struct line_flag names[] = {
        LINE_FLAG("CLONE_FS", CALL_CLONE_FS),
        LINE_FLAG("CLONE_FILES", CALL_CLONE_FILES),
        LINE_FLAG("CLONE_THREAD", CALL_CLONE_THREAD),
        LINE_FLAG("CLONE_NEWNS", CALL_CLONE_NEWNS),
    };
    struct bytes flags = member_of(rest, "flags=");
    flags.n = bytes_index(flags, ',');
    flags.n = bytes_index(flags, ')');
    return line_flags(flags, names, sizeof names / sizeof *names);
}
