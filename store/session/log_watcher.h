/* SPDX-License-Identifier: MIT
 *
 * Logs that are still being written, followed: loaded as they are, then again whenever they have
 * grown, until the traced processes have ended. Each load is all or nothing to every reader, so
 * that the session is consistent whenever this ends or is killed.
 *
 *     struct log_watcher_request live = {.load = request, .loaded = tell, .with = &screen};
 *     log_watcher_run(&live, &progress, err);      on a thread; progress.cancel ends it
 *
 * The next load waits at least as long as the last one took: a long log costs at most half of a
 * core.
 */
#ifndef XSMALL_SESSION_LOG_WATCHER_H
#define XSMALL_SESSION_LOG_WATCHER_H

#include "session/session.h"

enum {
    LIVE_POLL_MS = 200,  /* pause between two looks at the logs */
    LIVE_QUIET_LOOKS = 5 /* looks in a row without a change, after which an end is believed */
};

struct log_watcher_request {
    /* As for session_load. Directories are looked through for new logs; beside a log of strace -ff
     * (PREFIX.PID) those of the same prefix that were written since it began belong to it. */
    struct load_request load;
    /* Behind each load that is done, on the thread of log_watcher_run; may be NULL. False with err
     * ends it. */
    bool (*loaded)(void *with, const struct load_result *result, struct err *err);
    void *with;
};

/* True: all processes ended, or progress->cancel was set (maybe before anything was loaded). A load
 * that fails ends it. */
bool log_watcher_run(const struct log_watcher_request *request, struct progress *progress,
                     struct err *err);

#endif
