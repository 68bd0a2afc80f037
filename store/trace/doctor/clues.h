/* SPDX-License-Identifier: MIT
 *
 * What a log shows of how it was taken, noted while it is read: the trace doctor's only material
 * beside the accesses.
 *
 *     clues_begin(&clues, first_256_kib);
 *     clues_pid(&clues, 12, 7);           line 7 is of process 12
 *     clues_put(&clues, CLUE_COMMAND, 1, text_of_execve);
 *     clues_write(db, log_id, &clues, err);
 *     clues_finish(&clues);
 */
#ifndef XSMALL_TRACE_DOCTOR_CLUES_H
#define XSMALL_TRACE_DOCTOR_CLUES_H

#include "db/db.h"
#include "trace/strace/line.h"
#include "util/map.h"

enum clue_kind {
    CLUE_STYLE,      /* text: the first line that is a call: it has the options' marks */
    CLUE_COMMAND,    /* text: what stands behind "execve(" of the first program started */
    CLUE_INSIDE,     /* text: the same of the first one started in another root */
    CLUE_EVERYTHING, /* a call neither of files nor of processes: the trace was not narrowed */
    CLUE_SEVERAL,    /* lines of a second process */
    CLUE_CHILD,      /* children that were made; text: their pids, a space behind each */
    CLUE_END,        /* processes that ended */
    CLUE_KINDS
};
/* As in table clue: "command", … */
const char *clue_name(enum clue_kind kind);

enum { CLUE_TEXT_MAX = 64 * 1024 }; /* longer texts are cut there */

struct clue {
    uint32_t n;    /* how often; 0: never */
    uint32_t line; /* the first one's */
    struct buf text;
};

struct clues {
    struct clue items[CLUE_KINDS];
    struct map children; /* by pid */
    int32_t pid;         /* of the first line that has one */
};

/* start: the log's first lines. Forgets what was noted. */
void clues_begin(struct clues *clues, struct bytes start);
void clues_count(struct clues *clues, enum clue_kind kind, uint32_t line);
/* The text is that of the first time. */
void clues_put(struct clues *clues, enum clue_kind kind, uint32_t line, struct bytes text);
/* A line has this pid in front. */
void clues_pid(struct clues *clues, int32_t pid, uint32_t line);
/* A process made this one; each counts once. */
void clues_child(struct clues *clues, int32_t pid, uint32_t line);
/* Of `--- SIGCHLD {si_signo=…} ---` and the like: a child that ended was one. */
void clues_signal(struct clues *clues, struct bytes text, uint32_t line);
/* A call whose name the table of calls does not have. */
void clues_other_call(struct clues *clues, struct bytes name, uint32_t line);

/* A row of table clue. Inside a transaction. */
bool clue_write(struct db *db, int64_t log, const char *name, const struct clue *clue,
                struct err *err);
/* The rows of all kinds that were noted. Likewise. */
bool clues_write(struct db *db, int64_t log, const struct clues *clues, struct err *err);
void clues_finish(struct clues *clues);

#endif
