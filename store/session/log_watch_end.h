/* SPDX-License-Identifier: MIT
 *
 * Detects whether the processes of a growing log have ended. Reads each byte of the log once.
 *
 *     struct log_watch_end end = {.path = "log"};
 *     log_watch_end_read(&end);            now and then
 *     if (log_watch_end_is_over(&end)) …   as far as it was read
 *     log_watch_end_finish(&end);
 */
#ifndef XSMALL_SESSION_LOG_WATCH_END_H
#define XSMALL_SESSION_LOG_WATCH_END_H

#include "trace/strace/line.h"
#include "util/map.h"

struct log_watch_end {
    const char *path; /* borrowed */

    /* Private fields. */
    uint64_t n_bytes; /* bytes read so far */
    struct buf rest;  /* the last line, if its newline is not written yet */
    struct map
        living; /* by pid (0 for lines without a pid): 1 if the process runs, 0 if it has ended */
    size_t n_living;
    bool any; /* the log has at least one line of strace */
};

/* Reads the new bytes of the log. A file that became shorter is read again from the beginning. A
 * file that cannot be read counts as unchanged. */
void log_watch_end_read(struct log_watch_end *end);
bool log_watch_end_is_over(const struct log_watch_end *end);
void log_watch_end_finish(struct log_watch_end *end);

#endif
