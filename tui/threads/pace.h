/* SPDX-License-Identifier: MIT
 *
 * Measures the speed of long work, from the first call of pace_look, and estimates the time left.
 *
 *     struct pace pace = {0};
 *     pace_look(&pace, progress, now_ms);
 *     pace_say(&pace, &text);               // "118 MB/s, 4 s left"
 */
#ifndef XSMALL_TUI_THREADS_PACE_H
#define XSMALL_TUI_THREADS_PACE_H

#include "util/bytes.h"
#include "util/progress.h"

struct pace {
    const struct progress *of; /* not dereferenced, only compared */
    enum progress_phase phase;
    int64_t since_ms;    /* time of the first look in this phase */
    uint64_t since_done; /* bytes done at that time */
    uint64_t rate;       /* bytes per second; 0: not known yet */
    uint64_t left;       /* bytes; 0: not known */
};

int64_t pace_now_ms(void); /* monotonic clock */
void pace_look(struct pace *pace, const struct progress *progress, int64_t now_ms);
/* Appends the speed and the time left. Appends nothing in the first 250 ms of a phase. */
void pace_say(const struct pace *pace, struct buf *out);

#endif
