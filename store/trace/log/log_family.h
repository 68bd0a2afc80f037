/* SPDX-License-Identifier: MIT
 *
 * The logs of one trace, in the order in which they can be followed. strace -ff writes one file per
 * process: a parent's file comes before its children's files. Any other log is a family of its own.
 *
 * Threads that share a directory, of which one changes it, have their files one after the other as
 * a group, if the lines have times: their lines are merged by time.
 *
 *     struct log_families families = {0};
 *     log_families_read(&sources, progress, &families, err);
 *     for each family: for each member: sources.items[member->source]
 *     log_families_finish(&families);
 */
#ifndef XSMALL_TRACE_LOG_LOG_FAMILY_H
#define XSMALL_TRACE_LOG_LOG_FAMILY_H

#include "trace/log/log_sources.h"
#include "util/progress.h"

struct log_family_member {
    size_t source;                /* index in sources */
    int32_t pid;                  /* 0 if the log has all processes */
    bool first_place, unsure_cwd; /* as in struct track_log */
    size_t group;                 /* members with the same number are merged by time; 0: none */
    int64_t *moves;               /* owned; sorted; the times at which it changes its directory */
    size_t n_moves;
};

/* The greatest number of files that are merged: each is open with a chunk of text in memory. */
enum { LOG_FAMILY_MERGED_MAX = 64 };

struct log_family {
    struct log_family_member *members; /* owned; in the order in which to follow them */
    size_t n, cap;
};

struct log_families {
    struct log_family *items; /* owned; in the order of their first logs */
    size_t n, cap;
};

/* Groups the logs into families. A family without a new or changed log is left out. */
bool log_families_read(const struct log_sources *sources, struct progress *progress,
                       struct log_families *out, struct err *err);
void log_families_finish(struct log_families *families);

#endif
