/* SPDX-License-Identifier: MIT
 *
 * What a log shows of how it was taken, noted while it is read: the trace doctor's only material
 * next to the accesses.
 *
 *     log_traits_begin(&traits, first_256_kib);
 *     log_traits_pid(&traits, 12, 7);           line 7 is of process 12
 *     log_traits_put(&traits, TRAIT_COMMAND, 1, text_of_execve);
 *     log_traits_write(db, log_id, &traits, err);
 *     log_traits_finish(&traits);
 */
#ifndef XSMALL_TRACE_LOG_LOG_TRAITS_H
#define XSMALL_TRACE_LOG_LOG_TRAITS_H

#include "db/db.h"
#include "trace/strace/line.h"
#include "util/map.h"

enum log_trait_kind {
    TRAIT_STYLE,      /* text: the first line that is a call: it has the options' marks */
    TRAIT_COMMAND,    /* text: what follows "execve(" of the first program started */
    TRAIT_INSIDE,     /* text: the same of the first one started in another root */
    TRAIT_EVERYTHING, /* a call neither of files nor of processes: the trace was not narrowed */
    TRAIT_SEVERAL,    /* lines of a second process */
    TRAIT_CHILD,      /* children that were made; text: their pids, a space after each */
    TRAIT_END,        /* processes that ended */
    N_LOG_TRAITS
};
/* As in table clue: "command", … */
const char *log_trait_name(enum log_trait_kind kind);

enum { TRAIT_TEXT_MAX = 64 * 1024 }; /* longer texts are cut there */

struct log_trait {
    uint32_t n;    /* how often; 0: never */
    uint32_t line; /* the first one's */
    struct buf text;
};

struct log_traits {
    struct log_trait items[N_LOG_TRAITS];
    struct map children; /* by pid */
    int32_t pid;         /* of the first line that has one */
};

/* start: the log's first lines. Forgets what was noted. */
void log_traits_begin(struct log_traits *traits, struct bytes start);
void log_traits_count(struct log_traits *traits, enum log_trait_kind kind, uint32_t line);
/* The text is that of the first time. */
void log_traits_put(struct log_traits *traits, enum log_trait_kind kind, uint32_t line,
                    struct bytes text);
/* A line has this pid in front. */
void log_traits_pid(struct log_traits *traits, int32_t pid, uint32_t line);
/* A process made this one; each counts once. */
void log_traits_child(struct log_traits *traits, int32_t pid, uint32_t line);
/* Of `--- SIGCHLD {si_signo=…} ---` and the like: a child that ended was one. */
void log_traits_signal(struct log_traits *traits, struct bytes text, uint32_t line);
/* A call whose name the table of calls does not have. */
void log_traits_other_call(struct log_traits *traits, struct bytes name, uint32_t line);

/* A row of table clue. Inside a transaction. */
bool log_trait_write(struct db *db, int64_t log, const char *name, const struct log_trait *trait,
                     struct err *err);
/* The rows of all kinds that were noted. Likewise. */
bool log_traits_write(struct db *db, int64_t log, const struct log_traits *traits, struct err *err);
void log_traits_finish(struct log_traits *traits);

#endif
