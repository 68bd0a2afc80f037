/* SPDX-License-Identifier: MIT
 *
 * The logs of a load read and followed, family by family, on a thread of its own: blocks and parts
 * of logs go to the packer, nothing here touches the session.
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

enum { FOLLOW_RAW_MAX = 16 /* blocks that wait for a call's second half and are kept unpacked */ };

struct follower {
    /* Set by the caller; borrowed. */
    const struct log_sources *sources;
    const struct log_families *families;
    struct packer *packer;
    struct progress *progress;
    const char *cwd;         /* where the first processes start; NULL: not known */
    uint64_t n_lines;        /* of the corpus that stays */
    struct path_table paths; /* those that the session has; taken over */
    atomic_bool stop;        /* set by the writer when it cannot go on */

    /* Inside. */
    pthread_t thread;
    struct tracker tracker;
    size_t n_paths_sent;
    size_t log;         /* index in sources of the log that is read */
    uint32_t log_lines; /* of it, so far */
    bool stored, cut;
    struct block *current;  /* whose lines are being read; owned, as those that wait */
    struct block **waiting; /* for second halves; by first line */
    size_t n_waiting, cap_waiting;
    bool ok;
    struct err err;
};

bool follower_start(struct follower *f, struct err *err);
/* Waits for its end. False where it failed or was cancelled. */
bool follower_join(struct follower *f, struct err *err);

#endif
