/* SPDX-License-Identifier: MIT
 *
 * What each system call does to paths: which arguments are paths, relative to what, how the path is
 * used, and what it changes for the process. A table; pure.
 *
 * Not here: calls that say nothing about paths (read, brk, …): call_find gives NULL for them.
 *
 *     const struct call *call = call_find(&calls, bytes_of("renameat2"));
 *     call->paths[0] is {.dir = 0, .path = 1, .kind = ACCESS_RENAMED, .nofollow = true}
 *     call->paths[1] is {.dir = 2, .path = 3, .kind = ACCESS_CREATED, .nofollow = true}
 */
#ifndef XSMALL_TRACE_STRACE_SYSCALLS_H
#define XSMALL_TRACE_STRACE_SYSCALLS_H

#include "trace/strace/access_kind.h"
#include "trace/strace/line.h"
#include "util/map.h"

/* What the call changes or shows apart from its paths. */
enum call_effect {
    CALL_PLAIN,
    CALL_OPEN, /* gives a descriptor of its path */
    CALL_EXEC,
    CALL_CHDIR,
    CALL_FCHDIR,
    CALL_GETCWD, /* returns the directory: argument 0 */
    CALL_CHROOT, /* paths afterwards lie in another root; pivot_root too */
    CALL_SETNS,
    CALL_UNSHARE,
    CALL_FORK, /* gives a process: clone, clone3, fork, vfork */
    CALL_DUP,  /* the result is argument 0's */
    CALL_FCNTL,
    CALL_CLOSE,
    CALL_CLOSE_RANGE,
    CALL_MMAP, /* of descriptor 4 with protection 2 */
    CALL_GETDENTS,
    CALL_ADDRESS, /* sun_path in the address argument */
    CALL_MOUNT,   /* its source is a path only where it is written as one */
    CALL_FSCONFIG /* its path is one only with FSCONFIG_SET_PATH */
};

/* What the flags argument is made of. */
enum call_flags {
    FLAGS_NONE,
    FLAGS_OPEN,  /* O_*, decide the kind */
    FLAGS_HOW,   /* openat2's {flags=O_*, …} */
    FLAGS_AT,    /* AT_*, and their like that say that a link is not followed */
    FLAGS_FOLLOW /* AT_*: a link is followed only with AT_SYMLINK_FOLLOW */
};

enum { CALL_CWD = -1 }; /* for dir: relative to the working directory */

struct call_path {
    int8_t dir;   /* argument of the directory descriptor, or CALL_CWD */
    int8_t path;  /* argument of the path */
    uint8_t kind; /* enum access_kind */
    bool nofollow;
};

struct call {
    const char *name;
    uint8_t n_paths;
    struct call_path paths[2];
    uint8_t effect;     /* enum call_effect */
    uint8_t flags_kind; /* enum call_flags */
    int8_t flags;       /* argument of the flags; meaningless with FLAGS_NONE */
};

/* All zero, then call_index_init; call_index_finish. call_find changes it: one a thread. */
struct call_index {
    struct map by_name;
    const struct call *recent[256]; /* by a hash of the name */
};
void call_index_init(struct call_index *index);
void call_index_finish(struct call_index *index);
const struct call *call_find(struct call_index *index, struct bytes name);

/* What open flags mean. */
struct call_open {
    enum access_kind kind; /* CREATED, WRITTEN, LISTED (O_DIRECTORY) or READ, the first that fits */
    bool nofollow, cloexec;
};
struct call_open call_open_flags(struct bytes arg);
/* Whether flags of this call, other than open flags, keep a link from being followed. */
bool call_at_nofollow(const struct call *call, struct bytes arg);

enum { CALL_CLONE_FS = 0x200, CALL_CLONE_FILES = 0x400, CALL_CLONE_NEWNS = 0x20000 };
/* The CLONE_* bits above, of the text after the parenthesis of clone, clone3 or unshare. fork and
 * vfork have none. */
uint64_t call_clone_flags(struct bytes rest);

#endif
