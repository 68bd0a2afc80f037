/* SPDX-License-Identifier: MIT
 *
 * Lines in, accesses out: follows the processes of a trace through its log or logs and resolves
 * what each call asks for.
 *
 * A trace is one log of all processes, or the logs of strace -ff, one a process, read parents
 * first.
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
#include "trace/log/access_rows.h"

/* Longer strings are no paths (PATH_MAX of Linux); with a working directory before them, longer
 * than twice that. */
enum { TRACK_PATH_MAX = 4096, TRACK_ALL_MAX = 2 * TRACK_PATH_MAX };

/* What track_line returns for a first half: settle gets its number later. */
#define TRACK_PENDING UINT32_MAX

struct tracker {
    /* Set by the caller: a first half's line turned out to be access seq (0: none). */
    void (*settle)(void *with, uint32_t line, uint32_t seq);
    void *with;

    struct access_rows rows; /* of the log that is read */
    struct track_met {
        uint32_t process;    /* its number */
        uint32_t first_line; /* of it */
    } * met;                 /* the processes that the log has lines of; owned */
    size_t n_met, cap_met;
    struct path_table paths;                /* of all logs */
    uint64_t problems[N_LOG_PROBLEMS];      /* of the log that is read */
    uint32_t problem_lines[N_LOG_PROBLEMS]; /* where each was met first */
    struct log_traits traits;               /* of the log that is read */

    /* Inside. */
    struct call_index calls;
    struct processes all;
    uint32_t given_cwd; /* where the traced program starts; 0: not known */
    uint32_t first_cwd; /* of the trace's first process; 0: not known */
    uint32_t log;
    uint32_t line;        /* that is read, from 1 */
    bool unsure_cwd;      /* of the log that is read, as in struct track_log */
    int32_t file_pid;     /* the process whose file this is; 0: lines of many */
    bool is_cut;          /* a message of strace cut a call in two, its rest is to come */
    struct process *cut;  /* whose; NULL: of a call that is not followed; owned by all */
    struct process *last; /* of the line before, or NULL; owned by all */
    struct buf string, path, dir, text, plain;
};

void track_init(struct tracker *t);
void track_finish(struct tracker *t);

/* Forgets all processes. cwd: where the first process starts, if the log shows no better one;
 * n 0: not known. */
void track_begin_trace(struct tracker *t, struct bytes cwd);

struct track_log {
    uint32_t number;    /* of the log among all */
    int32_t file_pid;   /* of an -ff file; else 0 */
    bool first_place;   /* an -ff file: without a known parent, it is where the first process was */
    bool unsure_cwd;    /* an -ff file: a thread with a file of its own changes its directory too */
    struct bytes start; /* its first lines, to look for the directory in; borrowed for the call */
};
void track_begin_log(struct tracker *t, const struct track_log *log);
/* The number in rows of the line's access, 0 for none, or TRACK_PENDING. line counts from 1. */
uint32_t track_line(struct tracker *t, struct bytes text, uint32_t line);
/* Settles what never returned. With an -ff file its process ends. */
void track_end_log(struct tracker *t);

/* A call, both halves joined: its access and what it changes. Inside. */
struct track_call {
    const struct call *call;
    struct process *process;
    struct bytes rest;
    uint32_t line;
    struct line_call parts;
};
uint32_t track_call(struct tracker *t, struct track_call *c);
/* The paths of a call into what; returns how many. */
size_t track_resolve(struct tracker *t, const struct track_call *c,
                     struct access_rows_path paths[2]);
/* The directory or file that a descriptor argument names; 0: not known. */
uint32_t track_fd_path(struct tracker *t, struct process *process, struct bytes arg);
/* The path number of an annotation, 0 if it names no path. */
uint32_t track_note_path(struct tracker *t, struct bytes note);

/* An odd thing, in the line that is read. */
void track_count(struct tracker *t, enum log_problem problem);
/* A process is gone; its pending half is settled. */
void track_forget(struct tracker *t, struct process *process);

#endif
