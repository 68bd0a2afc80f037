/* SPDX-License-Identifier: MIT
 *
 * Which files the operands of a load mean, and what the session knows of each.
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
    const char *path;   /* to open it */
    const char *name;   /* as grep would print it */
    const char *source; /* absolute */
    int64_t size;       /* now, bytes */
    enum log_source_state state;
    int64_t old_run;   /* of the log that it replaces */
    int64_t position;  /* of that log; 0 for a new one */
    int64_t old_lines; /* of that log, in the corpus */
    int32_t file_pid;  /* of its name's end, LOG.12, where its lines have no pid; else 0 */
};

struct log_sources {
    struct log_source *items; /* owned; in the order given */
    size_t n, cap;
    struct arena arena;
};

/* Lists and compares; files of a directory that are no logs become problems of the load. */
bool log_sources_read(struct db *db, int64_t load, const char *const *operands, size_t n_operands,
                      struct log_sources *out, struct err *err);
void log_sources_finish(struct log_sources *sources);

/* Whether a file looks like strace output: a syscall line, an exit line or a signal line among its
 * first lines; an empty file does (strace -ff leaves them). */
bool log_sources_is_log(const char *path, bool *is_log, struct err *err);

#endif
