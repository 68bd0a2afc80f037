/* SPDX-License-Identifier: MIT
 *
 * The processes of a trace: which lived when, the working directory and descriptors of each, and
 * how they pass from parent to child.
 *
 * Not here: lines (line.h) and the reading of calls (tracker.h). Nothing is guessed: what the log
 * does not show is unknown, path number 0.
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

/* What threads made with CLONE_FS share (the kernel's fs_struct). */
struct place {
    size_t refs;
    uint32_t cwd; /* in paths; 0: not known */
    bool other_root;
    bool across_logs; /* shared with a thread whose lines are in another file: order unknown */
};

/* A call whose second half is to come. */
struct pending {
    const struct call *call; /* NULL: none */
    struct buf text;         /* owned; after the opening parenthesis, without the marker */
    uint32_t line;           /* of the first half, in its log, from 1 */
    int32_t child;           /* of a fork: the child that was seen already; 0: none */
};

/* What stays known of a process when it is gone. */
struct past {
    uint32_t parent;  /* its number + 1; 0: not known */
    uint32_t program; /* of its last execve, in paths; 0: none was seen */
    size_t argv;      /* of that, in processes.argvs */
    uint32_t n_argv;
};

struct process {
    int32_t pid;     /* 0: not known */
    uint32_t number; /* of this process among all, from 0: a pid can come again */
    uint32_t met;    /* the last log that has a line of it, its number + 1; 0: none */
    size_t at;       /* in processes.live */
    struct place *place;
    struct descriptors *fds;
    struct pending pending;
    bool orphan; /* where it came from is not known (yet) */
    bool seen;   /* a line of its own was met, or it needs none to be believed */
};

/* More at a time than this are not tracked apart; a newcomer's parent is looked for among at most
 * PROCESSES_LOOK. */
enum { PROCESSES_MAX = 65536, PROCESSES_LOOK = 1024, PROCESSES_ARGV_MAX = 256 };

struct processes {
    struct process **live; /* owned */
    size_t n, cap;
    struct map by_pid; /* int32_t → struct process *, 0: gone */
    int32_t *pids;     /* by number; owned */
    struct past *past; /* by number; owned */
    size_t n_pids, cap_pids, cap_past;
    struct buf argvs;
    struct process **forking; /* with a fork pending; owned */
    size_t n_forking, cap_forking;
    struct process *nameless; /* the newest with pid 0, or NULL */
    struct descriptors_sum descriptors;
    bool launched; /* strace started the first one: all others descend from it */
    bool forked;   /* a fork was seen: the log shows parents */
};

enum fork_log { FORK_SAME_LOG, FORK_OTHER_LOG };

struct process *processes_find(const struct processes *all,
                               int32_t pid); /* NULL: none of it lives */
/* pid 0: not known yet. A living one of that pid is removed first. NULL: too many. */
struct process *processes_add_first(struct processes *all, int32_t pid, uint32_t cwd);
/* flags: call_clone_flags. With FORK_OTHER_LOG the child gets a copy of what it would share. */
struct process *processes_add_child(struct processes *all, struct process *parent, int32_t pid,
                                    uint64_t flags, enum fork_log log);
void processes_remove(struct processes *all, struct process *process);
/* Gives the process a (new) pid. */
void processes_rename(struct processes *all, struct process *process, int32_t pid);
/* The one that is left alone, or NULL. */
struct process *processes_sole(const struct processes *all);
/* The one child, made by a fork's result, that no line was met of; NULL: none, or several. In a
 * pid namespace the result is not the pid in front of its lines. */
struct process *processes_unseen(const struct processes *all);
/* The one process with a fork pending whose child was not seen yet. NULL: none or several, *n
 * tells. */
struct process *processes_forking(const struct processes *all, size_t *n);
void processes_fork_begins(struct processes *all, struct process *process);
void processes_fork_ends(struct processes *all, struct process *process);
/* The directory that all living processes are in, or 0 where they differ. */
uint32_t processes_common_cwd(const struct processes *all);
void processes_finish(struct processes *all);

void process_set_cwd(struct process *process, uint32_t cwd);
/* The execve of a program that worked; n_argv 0 if the log does not show it. */
void processes_note_program(struct processes *all, const struct process *process, uint32_t program,
                            struct bytes argv);
/* unshare(2), and what execve does to descriptors shared with threads. */
void process_unshare(struct process *process, uint64_t flags);
void process_exec(struct process *process);
/* Sets the parent of a process that was read before its parent was known: the process gets what it
 * did not set itself. */
void process_set_parent(struct processes *all, struct process *child, struct process *parent,
                        uint64_t flags);

#endif
