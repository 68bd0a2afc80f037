/* SPDX-License-Identifier: MIT
 *
 * Follows logs that are still being written: loads them, and loads them again when they have grown,
 * until the traced processes have ended. Readers of the session see each load completely or not at
 * all, so that the session is consistent even if xsmall is killed.
 *
 *     struct log_watcher_request live = {.load = request, .loaded = on_load, .with = &screen};
 *     log_watcher_run(&live, &progress, err);      on a thread; progress.cancel ends it
 *
 * The pause before a load is at least as long as the last load, so that following a long log uses
 * at most half of a core.
 */
#ifndef XSMALL_SESSION_LOG_WATCHER_H
#define XSMALL_SESSION_LOG_WATCHER_H

#include "session/session.h"

enum {
    LIVE_POLL_MS = 200,  /* pause between two checks of the logs */
    LIVE_QUIET_LOOKS = 5 /* checks in a row without a change before the logs count as complete */
};

struct log_watcher_request {
    /* As for session_load. Directories are searched for new logs. If an operand is a log of strace
     * -ff (PREFIX.PID), the logs with the same prefix that were written after it began are also
     * loaded. */
    struct load_request load;
    /* Called after each load, on the thread of log_watcher_run; may be NULL. If it returns false
     * with err filled, log_watcher_run returns. */
    bool (*loaded)(void *with, const struct load_result *result, struct err *err);
    void *with;
};

/* Follows the logs. Returns true when all processes have ended, or when progress->cancel was set
 * (possibly before the first load). Returns false when a load fails. */
bool log_watcher_run(const struct log_watcher_request *request, struct progress *progress,
                     struct err *err);

#endif
