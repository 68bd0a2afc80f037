/* SPDX-License-Identifier: MIT
 *
 * Traits of a log that show how it was recorded. They are collected while the log is read; the
 * trace doctor uses only traits, problem counts and accesses.
 *
 *     log_traits_begin(&traits, first_256_kib, &wrap);
 *     log_traits_pid(&traits, 12, 7);           line 7 is of process 12
 *     log_traits_put(&traits, TRAIT_COMMAND, 1, text_of_execve);
 *     log_traits_write(db, log_id, &traits, err);
 *     log_traits_finish(&traits);
 */
#ifndef XSMALL_TRACE_LOG_LOG_TRAITS_H
#define XSMALL_TRACE_LOG_LOG_TRAITS_H

#include "db/db.h"
#include "trace/strace/line.h"
#include "trace/strace/line_wrap.h"
#include "util/map.h"

enum log_trait_kind {
    TRAIT_STYLE, /* text: the first line that is a call; it shows which strace options were used */
    TRAIT_COMMAND,    /* text: the part after "execve(" of the first program started */
    TRAIT_INSIDE,     /* text: the same part of the first program started in another root */
    TRAIT_EVERYTHING, /* a call without files or processes: strace ran without an -e filter */
    TRAIT_SEVERAL,    /* the log has lines of a second process */
    TRAIT_CHILD, /* number of child processes created; text: their pids, each followed by a space */
    TRAIT_WAITING, /* the log ends inside its last line, in a call whose paths are complete: strace
                      ended while the process waited in that call */
    TRAIT_END,     /* number of processes that ended */
    N_LOG_TRAITS
};
/* Returns the name stored in table clue: "command", … */
const char *log_trait_name(enum log_trait_kind kind);

enum { TRAIT_TEXT_MAX = 64 * 1024 }; /* longer texts are truncated to this size, in bytes */

struct log_trait {
    uint32_t n;    /* number of occurrences */
    uint32_t line; /* line of the first occurrence */
    struct buf text;
};

struct log_traits {
    struct log_trait items[N_LOG_TRAITS];
    struct map children; /* pids of the children counted so far */
    int32_t pid;         /* pid of the first line that has one */
};

/* Resets the traits for a new log. start has the first lines of the log, wrapped as wrap describes.
 */
void log_traits_begin(struct log_traits *traits, struct bytes start, const struct line_wrap *wrap);
void log_traits_count(struct log_traits *traits, enum log_trait_kind kind, uint32_t line);
/* Counts a trait; the text of its first occurrence is stored. */
void log_traits_put(struct log_traits *traits, enum log_trait_kind kind, uint32_t line,
                    struct bytes text);
/* Notes that a line begins with this pid. */
void log_traits_pid(struct log_traits *traits, int32_t pid, uint32_t line);
/* Notes that a process created the child pid; each child counts once. */
void log_traits_child(struct log_traits *traits, int32_t pid, uint32_t line);
/* Reads a signal line such as `--- SIGCHLD {si_signo=…} ---`: the pid of a child that ended is
 * counted as a child. */
void log_traits_signal(struct log_traits *traits, struct bytes text, uint32_t line);
/* Notes a call whose name is not in the table of calls. */
void log_traits_other_call(struct log_traits *traits, struct bytes name, uint32_t line);

/* Writes one row of table clue. Call inside a transaction. */
bool log_trait_write(struct db *db, int64_t log, const char *name, const struct log_trait *trait,
                     struct err *err);
/* Writes the rows of all traits that occurred. Call inside a transaction. */
bool log_traits_write(struct db *db, int64_t log, const struct log_traits *traits, struct err *err);
void log_traits_finish(struct log_traits *traits);

#endif
