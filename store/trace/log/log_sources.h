/* SPDX-License-Identifier: MIT
 *
 * Finds the log files that the operands of a load name, and how each compares with the session.
 *
 *     struct log_sources sources = {0};
 *     log_sources_read(db, load, operands, n_operands, &sources, err);
 *     sources.items[0].name is "DIR/log.12", .state is SOURCE_NEW
 *     log_sources_finish(&sources);
 */
#ifndef XSMALL_TRACE_LOG_LOG_SOURCES_H
#define XSMALL_TRACE_LOG_LOG_SOURCES_H

#include "db/db.h"
#include "util/arena.h"

enum log_source_state { SOURCE_NEW, SOURCE_SAME, SOURCE_GROWN, SOURCE_CHANGED };

struct log_source {
    const char *path;   /* path to open the file */
    const char *name;   /* as grep would print it */
    const char *source; /* absolute */
    int64_t size;       /* current size in bytes */
    enum log_source_state state;
    int64_t old_run;   /* run of the log that it replaces */
    int64_t position;  /* position of the replaced log; 0 for a new log */
    int64_t old_lines; /* lines of the replaced log, in the corpus */
    int32_t file_pid;  /* the pid at the end of the name LOG.12 if its lines have no pid; else 0 */
};

struct log_sources {
    struct log_source *items; /* owned; in the order of the operands */
    size_t n, cap;
    struct arena arena;
    /* Set before reading: names the logs of a directory operand, in place of its path. NULL: the
     * path. */
    const char *directory_name;
};

/* Lists the files and compares each with the session. Files of a directory that are not logs are
 * stored as problems of the load. */
bool log_sources_read(struct db *db, int64_t load, const char *const *operands, size_t n_operands,
                      struct log_sources *out, struct err *err);
void log_sources_finish(struct log_sources *sources);

/* Sets *is_log to true if a file looks like strace output: its first lines contain a syscall line,
 * an exit line or a signal line. An empty file also counts as a log (strace -ff creates empty
 * files). */
bool log_sources_is_log(const char *path, bool *is_log, struct err *err);
/* The same. If the file is not a log, reason is the cause and the remedy, as the end of a message;
 * it is empty if the file has nothing to recognize. */
enum { LOG_SOURCES_REASON_MAX = 320 };
bool log_sources_reason(const char *path, bool *is_log, char reason[LOG_SOURCES_REASON_MAX],
                        struct err *err);

#endif
