/* SPDX-License-Identifier: MIT
 *
 * A table of what each system call does to paths: which arguments are paths, to which directory
 * they are relative, how the path is used, and what the call changes for the process.
 *
 * Not here: calls without paths (read, brk, …); call_find returns NULL for them.
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

/* What the call changes or shows, apart from its paths. */
enum call_effect {
    CALL_PLAIN,
    CALL_OPEN, /* returns a descriptor of its path */
    CALL_EXEC,
    CALL_CHDIR,
    CALL_FCHDIR,
    CALL_GETCWD, /* returns the directory in argument 0 */
    CALL_CHROOT, /* later paths are in another root; also pivot_root */
    CALL_SETNS,
    CALL_UNSHARE,
    CALL_FORK, /* creates a process: clone, clone3, fork, vfork */
    CALL_DUP,  /* the result is a copy of argument 0 */
    CALL_FCNTL,
    CALL_CLOSE,
    CALL_CLOSE_RANGE,
    CALL_MMAP, /* maps descriptor argument 4 with protection argument 2 */
    CALL_GETDENTS,
    CALL_ADDRESS, /* has sun_path in the address argument */
    CALL_MOUNT,   /* its source is a path only for bind mounts and moves */
    CALL_FSCONFIG /* its value is a path only with FSCONFIG_SET_PATH */
};

/* The kind of the flags argument. */
enum call_flags {
    FLAGS_NONE,
    FLAGS_OPEN,  /* O_*: they decide the access kind */
    FLAGS_HOW,   /* openat2's {flags=O_*, …} */
    FLAGS_AT,    /* AT_* and similar flags that stop a link from being followed */
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

/* Set all fields to zero, then call call_index_init. call_find changes the index, so each thread
 * needs its own. */
struct call_index {
    struct map by_name;
    const struct call *recent[256]; /* by a hash of the name */
};
void call_index_init(struct call_index *index);
void call_index_finish(struct call_index *index);
const struct call *call_find(struct call_index *index, struct bytes name);

/* The meaning of open flags. */
struct call_open {
    enum access_kind kind; /* CREATED, WRITTEN, LISTED (O_DIRECTORY) or READ, the first that fits */
    bool nofollow, cloexec;
    bool rooted; /* openat2 with RESOLVE_IN_ROOT or RESOLVE_BENEATH: the directory is the root */
};
struct call_open call_open_flags(struct bytes arg);
/* Returns true if the flags of this call stop a link from being followed. Not for open flags. */
bool call_at_nofollow(const struct call *call, struct bytes arg);

enum {
    CALL_CLONE_FS = 0x200,
    CALL_CLONE_FILES = 0x400,
    CALL_CLONE_THREAD = 0x10000,
    CALL_CLONE_NEWNS = 0x20000
};
/* Returns the CLONE_* bits above from the text after the opening parenthesis of clone, clone3 or
 * unshare. fork and vfork have no flags. */
uint64_t call_clone_flags(struct bytes rest);

#endif
