/* SPDX-License-Identifier: MIT
 *
 * Whether the processes of a growing log have ended. Reads each byte of the log once.
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

    /* Inside. */
    uint64_t n_bytes;  /* read so far */
    struct buf rest;   /* the line that is not whole yet */
    struct map living; /* by pid, 0 for lines without one: 1 lives, 0 has ended */
    size_t n_living;
    bool any; /* a line of strace was there */
};

/* Reads what is new; a file that got shorter is read anew. One that cannot be read has nothing new.
 */
void log_watch_end_read(struct log_watch_end *end);
bool log_watch_end_is_over(const struct log_watch_end *end);
void log_watch_end_finish(struct log_watch_end *end);

#endif
