/* SPDX-License-Identifier: MIT */
#include "threads/pace.h"

#include <inttypes.h>

#include "screen/format.h"
#include "util/clock.h"

enum { FIRST_MS = 250 };

int64_t pace_now_ms(void)
{
    return (int64_t)(clock_ns() / 1000000);
}

void pace_look(struct pace *pace, const struct progress *progress, int64_t now_ms)
{
    enum progress_phase phase = atomic_load(&progress->phase);
    uint64_t done = progress->done_bytes, total = progress->total_bytes;
    if (pace->of != progress || pace->phase != phase || done < pace->since_done)
        *pace =
            (struct pace){.of = progress, .phase = phase, .since_ms = now_ms, .since_done = done};
    int64_t ms = now_ms - pace->since_ms;
    pace->rate = ms >= FIRST_MS ? (done - pace->since_done) * 1000 / (uint64_t)ms : 0;
    pace->left = total > done ? total - done : 0;
}

void pace_say(const struct pace *pace, struct buf *out)
{
    if (!pace->rate)
        return;
    format_bytes((int64_t)pace->rate, out);
    buf_add(out, bytes_of("/s"));
    uint64_t seconds = (pace->left + pace->rate - 1) / pace->rate;
    if (!pace->left)
        return;
    if (seconds >= 60)
        buf_printf(out, ", %" PRIu64 " min %02" PRIu64 " s left", seconds / 60, seconds % 60);
    else
        buf_printf(out, ", %" PRIu64 " s left", seconds);
}
