/* SPDX-License-Identifier: MIT
 *
 * The logs of one trace, in the order in which they can be followed: of strace -ff, where each
 * process has a file of its own, a parent's before its children's. Any other log is alone.
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
    int32_t pid;                  /* 0 in a log of all processes */
    bool first_place, unsure_cwd; /* as in struct track_log */
};

struct log_family {
    struct log_family_member *members; /* owned; in the order to follow */
    size_t n, cap;
};

struct log_families {
    struct log_family *items; /* owned; in the order of their first logs */
    size_t n, cap;
};

/* Families of which no log is new or other than before are left out. */
bool log_families_read(const struct log_sources *sources, struct progress *progress,
                       struct log_families *out, struct err *err);
void log_families_finish(struct log_families *families);

#endif
