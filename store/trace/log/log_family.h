/* SPDX-License-Identifier: MIT
 *
 * The logs of one trace, in the order in which they can be followed: of strace -ff, where each
 * process has a file of its own, a parent's before its children's. Any other log is alone.
 *
 *     struct families families = {0};
 *     families_read(&sources, progress, &families, err);
 *     for each family: for each member: sources.items[member->source]
 *     families_finish(&families);
 */
#ifndef XSMALL_TRACE_LOG_LOG_FAMILY_H
#define XSMALL_TRACE_LOG_LOG_FAMILY_H

#include "trace/log/log_sources.h"

struct member {
    size_t source;                /* index in sources */
    int32_t pid;                  /* 0 in a log of all processes */
    bool first_place, unsure_cwd; /* as in struct track_log */
};

struct family {
    struct member *members; /* owned; in the order to follow */
    size_t n, cap;
};

struct families {
    struct family *items; /* owned; in the order of their first logs */
    size_t n, cap;
};

/* Families of which no log is new or other than before are left out. */
bool families_read(const struct sources *sources, struct progress *progress, struct families *out,
                   struct err *err);
void families_finish(struct families *families);

#endif
