/* SPDX-License-Identifier: MIT
 *
 * Whether the processes of a growing log have ended. Reads each byte of the log once.
 *
 *     struct live_end end = {.path = "log"};
 *     live_end_read(&end);            now and then
 *     if (live_end_is_over(&end)) …   as far as it was read
 *     live_end_finish(&end);
 */
#ifndef XSMALL_SESSION_LOG_WATCH_END_H
#define XSMALL_SESSION_LOG_WATCH_END_H

#include "trace/strace/line.h"
#include "util/map.h"

struct live_end {
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
void live_end_read(struct live_end *end);
bool live_end_is_over(const struct live_end *end);
void live_end_finish(struct live_end *end);

#endif
