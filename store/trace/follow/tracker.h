/* SPDX-License-Identifier: MIT
 *
 * Turns lines into accesses: follows the processes of a trace through its logs and resolves the
 * paths of each call.
 *
 * A trace is one log of all processes, or the logs of strace -ff: one for each process, read
 * parents first.
 *
 *     struct tracker t = {.settle = settle, .with = blocks};
 *     track_init(&t);
 *     track_begin_trace(&t, cwd_or_empty);
 *     track_begin_log(&t, &(struct track_log){.number = 0, .start = first_256_kib});
 *     for each line: seq = track_line(&t, text, line_number);
 *     track_end_log(&t);              then t.rows has the log's accesses
 *     track_finish(&t);
 */
#ifndef XSMALL_TRACE_FOLLOW_TRACKER_H
#define XSMALL_TRACE_FOLLOW_TRACKER_H

#include "trace/log/log_problems.h"
#include "trace/log/log_traits.h"
#include "trace/log/path_table.h"
#include "trace/follow/process.h"
#include "trace/strace/line_wrap.h"
#include "trace/log/access_rows.h"

/* The maximum length of a path (PATH_MAX of Linux); longer strings are not paths. With the working
 * directory before it, a path can have twice that length. */
enum { TRACK_PATH_MAX = 4096, TRACK_ALL_MAX = 2 * TRACK_PATH_MAX };

/* The return value of track_line for a first half; settle reports its number later. */
#define TRACK_PENDING UINT32_MAX

/* What is known of one log while it is followed. Logs whose lines are merged have one each. */
struct track_here {
    struct access_rows rows;
    struct track_met {
        uint32_t process;    /* number of the process */
        uint32_t first_line; /* its first line in the log */
    } * met;                 /* the processes with lines in the log; owned */
    size_t n_met, cap_met;
    uint64_t problems[N_LOG_PROBLEMS];
    uint32_t problem_lines[N_LOG_PROBLEMS]; /* line of the first occurrence */
    struct log_traits traits;

    /* Private. */
    uint32_t log;
    uint32_t line;         /* current line, from 1 */
    bool unsure_cwd;       /* as in struct track_log */
    bool tied;             /* as in track_switch */
    bool last_cut;         /* as in track_last_cut */
    struct line_wrap wrap; /* of its lines */
    int32_t file_pid; /* pid of the process whose file this is; 0: the log has several processes */
    bool is_cut;      /* true if a message of strace split a call whose rest was not read yet */
    struct process *cut;  /* process of the split call; NULL: not followed; owned by all */
    struct process *last; /* process of the previous line, or NULL; owned by all */
};

struct tracker {
    /* Set by the caller. Called when the line of a first half turned out to be access seq (0: no
     * access). */
    void (*settle)(void *with, uint32_t line, uint32_t seq);
    void *with;

    struct track_here *here; /* the current log; own, or borrowed from track_begin_log */
    struct path_table paths; /* of all logs */

    /* Private. */
    struct call_index calls;
    struct processes all;
    uint32_t given_cwd; /* directory in which the traced program starts; 0: not known */
    uint32_t first_cwd; /* directory of the first process of the trace; 0: not known */
    struct track_here own;
    struct map merged; /* pids of the -ff files that are merged by time with the current one */
    struct buf string, path, route, dir, text, plain, bare;
};

void track_init(struct tracker *t);
void track_finish(struct tracker *t);

/* Removes all processes. cwd is the directory in which the first process starts, if the log does
 * not show it; n 0: not known. */
void track_begin_trace(struct tracker *t, struct bytes cwd);

struct track_log {
    uint32_t number;  /* number of the log among all logs */
    int32_t file_pid; /* pid of an -ff file; else 0 */
    bool first_place; /* an -ff file without a known parent: its process starts in the directory of
                         the first process */
    bool unsure_cwd;  /* an -ff file: a thread with a file of its own also changes its directory */
    struct track_here *here; /* zeroed, or of an ended log; NULL: the tracker's own */
    struct bytes start; /* its first lines, which may show the directory; borrowed for the call */
};
void track_begin_log(struct tracker *t, const struct track_log *log);
/* Merges -ff files: the following logs of these processes share directories and descriptors as the
 * processes do, and their lines come in the order of time, each after track_switch. n 0: ends
 * that. */
void track_merge(struct tracker *t, const int32_t *pids, size_t n);
/* Makes another log that has begun the current one. tied: at the time of its next line, a process
 * of another log changed the directory, so that the directory is not known. */
void track_switch(struct tracker *t, struct track_here *here, bool tied);
void track_here_finish(struct track_here *here);
/* Announces that the next line is the last one of its log and has no newline. */
void track_last_cut(struct tracker *t);
/* Reads a line. Returns the number of its access in rows, 0 if it has no access, or TRACK_PENDING.
 * line counts from 1. */
uint32_t track_line(struct tracker *t, struct bytes text, uint32_t line);
/* Settles the calls that never returned. At the end of an -ff file its process ends. */
void track_end_log(struct tracker *t);

/* A call with both halves joined. Private. */
struct track_call {
    const struct call *call;
    struct process *process;
    struct bytes rest;
    uint32_t line;
    struct line_call parts;
};
uint32_t track_call(struct tracker *t, struct track_call *c);
/* How a string of a call is made an absolute path (call_routes.c). */
struct track_way {
    uint32_t dir;          /* number of the directory it is relative to; 0: not known */
    bool nofollow, rooted; /* as in struct access_rows_path */
    bool by_cwd;           /* dir is the tracked working directory */
    bool unknown_fd;       /* dir is 0 because its descriptor is not known */
};
/* Returns the path number of a string, with the route that the kernel walks; 0 if it is too long.
 */
uint32_t track_number_string(struct tracker *t, const struct track_call *c, struct bytes string,
                             const struct track_way *way);
/* Resolves the paths of a call into paths; returns their number. */
size_t track_resolve(struct tracker *t, const struct track_call *c,
                     struct access_rows_path paths[2]);
/* Returns the number of the path that a descriptor argument refers to; 0: not known. */
uint32_t track_fd_path(struct tracker *t, struct process *process, struct bytes arg);
/* Returns the path number of an annotation; 0 if it is not a path. */
uint32_t track_note_path(struct tracker *t, struct bytes note);

/* Counts a problem in the current line. */
void track_count(struct tracker *t, enum log_problem problem);
/* Removes a process and settles its pending half. */
void track_forget(struct tracker *t, struct process *process);

#endif
