/* SPDX-License-Identifier: MIT
 *
 * How fast a piece of long work goes, from when it was looked at first, and what is left.
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
    const struct progress *of; /* compared only */
    enum progress_phase phase;
    int64_t since_ms;    /* of this phase */
    uint64_t since_done; /* bytes, then */
    uint64_t rate;       /* bytes a second; 0: not known yet */
    uint64_t left;       /* bytes; 0: not known */
};

int64_t pace_now_ms(void); /* of a clock that only goes on */
void pace_look(struct pace *pace, const struct progress *progress, int64_t now_ms);
/* Nothing before a quarter of a second has gone by; appended. */
void pace_say(const struct pace *pace, struct buf *out);

#endif
