/* SPDX-License-Identifier: MIT
 *
 * Reads and follows the logs of a load, family by family, on a thread of its own. Blocks and parts
 * of logs go to the packer; this thread never uses the session.
 *
 *     struct follower follower = {.sources = &sources, .families = &families, …};
 *     follower_start(&follower, err);
 *     while ((block = packer_take(packer))) …
 *     follower_join(&follower, err);      in any case, once started
 */
#ifndef XSMALL_TRACE_FOLLOW_LOG_FOLLOWER_H
#define XSMALL_TRACE_FOLLOW_LOG_FOLLOWER_H

#include <pthread.h>
#include <stdatomic.h>

#include "trace/log/log_family.h"
#include "trace/log/packer.h"
#include "trace/follow/tracker.h"

enum {
    FOLLOW_RAW_MAX =
        16 /* number of blocks kept uncompressed while they wait for the second half of a call */
};

/* A log while it is followed. */
struct followed {
    const struct log_family_member *member; /* borrowed */
    struct log_file file;
    struct bytes rest; /* of the current chunk; borrowed from file */
    size_t log;        /* index in sources */
    uint32_t n_lines;  /* lines read so far */
    bool stored, cut, coloured, ended;
    struct block *current;  /* block of the current line; owned, as the waiting blocks are */
    struct block **waiting; /* blocks that wait for second halves of calls, sorted by first line */
    size_t n_waiting, cap_waiting;
    uint64_t n_bytes; /* of file, already in progress */
    /* Of a log that is merged by time with others. */
    struct track_here *here; /* owned */
    int64_t ns;              /* time of the next line, or of the line before it */
    uint32_t n_back;         /* number of times that its clock was set back, or passed midnight */
};

struct follower {
    /* Set by the caller; borrowed. */
    const struct log_sources *sources;
    const struct log_families *families;
    struct packer *packer;
    struct progress *progress;
    const char *cwd;         /* directory in which the first processes start; NULL: not known */
    uint64_t n_lines;        /* lines of the corpus: those that this load does not replace, then
                                also those read so far */
    struct path_table paths; /* paths that the session already has; the follower takes ownership */
    atomic_bool stop;        /* set by the writer when it cannot continue */

    /* Private. */
    pthread_t thread;
    struct tracker tracker;
    size_t n_paths_sent;
    struct followed *at; /* the current log; borrowed */
    uint32_t number;     /* number of the next log */
    bool ok;
    struct err err;
};

/* Begin a log: its file is open and its first chunk is read; here is as in struct track_log. */
bool follower_begin_log(struct follower *f, const struct log_family_member *member,
                        struct followed *log, struct track_here *here);
/* Follows the next line of the current log, f->at; sets ended after the last one. */
bool follower_line(struct follower *f);
/* Writes the end of a log, unless the load failed (ok false), and frees what it owns. */
void follower_end_log(struct follower *f, struct followed *log, bool ok);
/* Follows the logs of a group by time (merged_logs.c). */
bool follower_merge(struct follower *f, const struct log_family_member *members, size_t n);

bool follower_start(struct follower *f, struct err *err);
/* Waits until the thread ends. Returns false if it failed or was cancelled. */
bool follower_join(struct follower *f, struct err *err);

#endif
