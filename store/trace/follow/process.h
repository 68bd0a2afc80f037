/* SPDX-License-Identifier: MIT
 *
 * The processes of a trace: their lifetime, working directory and descriptors, and how children
 * inherit these from their parents.
 *
 * Not here: lines (line.h) and the interpretation of calls (tracker.h). The code does not guess: a
 * directory that the log does not show is unknown, path number 0.
 *
 *     struct process *sh = processes_add_first(&all, 12, cwd);
 *     struct process *child = processes_add_child(&all, sh, 13, flags, FORK_SAME_LOG);
 *     process_set_cwd(child, etc);      of child alone, or with CLONE_FS of both
 *     processes_remove(&all, child);
 */
#ifndef XSMALL_TRACE_FOLLOW_PROCESS_H
#define XSMALL_TRACE_FOLLOW_PROCESS_H

#include "trace/strace/syscalls.h"
#include "trace/follow/descriptors.h"

/* The state that threads created with CLONE_FS share (fs_struct in the kernel). */
struct place {
    size_t refs;
    uint32_t cwd; /* number of the path; 0: not known */
    bool other_root;
    bool across_logs; /* shared with a thread whose lines are in another file, so the order of
                         changes is unknown */
};

/* A call whose second half was not read yet. */
struct pending {
    const struct call *call; /* NULL: no call is pending */
    struct buf text;         /* owned; after the opening parenthesis, without the marker */
    uint32_t line;           /* line of the first half in its log, from 1 */
    int32_t child; /* for a fork: pid of the child, if a line of it was already read; else 0 */
};

/* Facts about a process that are kept after it ends. */
struct past {
    uint32_t parent;  /* number of the parent + 1; 0: not known */
    uint32_t program; /* program of its last execve, number of the path; 0: not known */
    size_t argv;      /* arguments of that execve, offset in processes.argvs */
    uint32_t n_argv;
};

struct process {
    int32_t pid;     /* 0: not known */
    int32_t leader;  /* a thread: pid of its thread group's leader; else 0 */
    uint32_t number; /* number among all processes, from 0; pids can be reused */
    uint32_t met;    /* number of the last log with a line of it, plus 1; 0: no log */
    size_t at;       /* index in processes.live */
    struct place *place;
    struct descriptors *fds;
    struct pending pending;
    bool orphan; /* its parent is not known (yet) */
    bool seen;   /* true if a line of it was read, or if it is certain without one */
};

/* Limits: the number of processes that are tracked at the same time, the number of processes among
 * which the parent of a new process is searched, and the number of arguments kept. */
enum { PROCESSES_MAX = 65536, PROCESSES_LOOK = 1024, PROCESSES_ARGV_MAX = 256 };

struct processes {
    struct process **live; /* owned */
    size_t n, cap;
    struct map by_pid; /* pid (int32_t) → struct process *; 0: ended */
    int32_t *pids;     /* by number; owned */
    struct past *past; /* by number; owned */
    size_t n_pids, cap_pids, cap_past;
    struct buf argvs;
    struct process **forking; /* processes with a pending fork; owned */
    size_t n_forking, cap_forking;
    struct process *nameless; /* the newest process with pid 0, or NULL */
    struct descriptors_sum descriptors;
    bool launched; /* strace started the first process, so all others descend from it */
    bool forked;   /* a fork was read, so the log shows parents */
};

enum fork_log { FORK_SAME_LOG, FORK_OTHER_LOG };

/* Returns the running process with this pid, or NULL. */
struct process *processes_find(const struct processes *all, int32_t pid);
/* Adds a process without a parent. pid 0 means "not known yet". A running process with the same pid
 * is removed first. Returns NULL if there are too many processes. */
struct process *processes_add_first(struct processes *all, int32_t pid, uint32_t cwd);
/* Adds a child. flags are from call_clone_flags. With FORK_OTHER_LOG the child gets copies instead
 * of shared state. */
struct process *processes_add_child(struct processes *all, struct process *parent, int32_t pid,
                                    uint64_t flags, enum fork_log log);
void processes_remove(struct processes *all, struct process *process);
/* Sets the pid of a process. */
void processes_rename(struct processes *all, struct process *process, int32_t pid);
/* Returns the only running process; NULL if there are none or several. */
struct process *processes_sole(const struct processes *all);
/* Returns the only child that a fork result showed and that has no line yet; NULL if there are none
 * or several. In a pid namespace, the fork result differs from the pid before the child's lines. */
struct process *processes_unseen(const struct processes *all);
/* Returns the only process with a pending fork whose child has no line yet; NULL if there are none
 * or several. Sets *n to their number. */
struct process *processes_forking(const struct processes *all, size_t *n);
void processes_fork_begins(struct processes *all, struct process *process);
void processes_fork_ends(struct processes *all, struct process *process);
/* Returns the common directory of all running processes; 0 if they differ. */
uint32_t processes_common_cwd(const struct processes *all);
void processes_finish(struct processes *all);

void process_set_cwd(struct process *process, uint32_t cwd);
/* Stores the program of a successful execve; n of argv is 0 if the log does not show the arguments.
 */
void processes_note_program(struct processes *all, const struct process *process, uint32_t program,
                            struct bytes argv);
/* Apply unshare(2), and the effect of execve on descriptors shared with threads. */
void process_unshare(struct process *process, uint64_t flags);
void process_exec(struct process *process);
/* Sets the parent of a process that was read before its parent was known. The process inherits the
 * state that it did not set itself. */
void process_set_parent(struct processes *all, struct process *child, struct process *parent,
                        uint64_t flags);

#endif
