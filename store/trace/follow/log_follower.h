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

struct follower {
    /* Set by the caller; borrowed. */
    const struct log_sources *sources;
    const struct log_families *families;
    struct packer *packer;
    struct progress *progress;
    const char *cwd;         /* directory in which the first processes start; NULL: not known */
    uint64_t n_lines;        /* lines of the corpus that this load does not replace */
    struct path_table paths; /* paths that the session already has; the follower takes ownership */
    atomic_bool stop;        /* set by the writer when it cannot continue */

    /* Private. */
    pthread_t thread;
    struct tracker tracker;
    size_t n_paths_sent;
    size_t log;         /* index in sources of the current log */
    uint32_t log_lines; /* lines of the current log read so far */
    bool stored, cut;
    struct block *current;  /* block of the current line; owned, as the waiting blocks are */
    struct block **waiting; /* blocks that wait for second halves of calls, sorted by first line */
    size_t n_waiting, cap_waiting;
    bool ok;
    struct err err;
};

bool follower_start(struct follower *f, struct err *err);
/* Waits until the thread ends. Returns false if it failed or was cancelled. */
bool follower_join(struct follower *f, struct err *err);

#endif
