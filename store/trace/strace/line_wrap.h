/* SPDX-License-Identifier: MIT
 *
 * What other programs put around the lines of strace: a prefix (docker logs -t, docker compose,
 * kubectl and CRI logs, journald and syslog, grep -n and -H, mail quotes), or HTML. A log has the
 * same wrapping on nearly all lines.
 *
 *     struct line_wrap wrap;
 *     line_wrap_find(first_256_kib, &wrap);
 *     if (wrap.n)
 *         text = line_unwrap(&wrap, text, &scratch, &pid);
 */
#ifndef XSMALL_TRACE_STRACE_LINE_WRAP_H
#define XSMALL_TRACE_STRACE_LINE_WRAP_H

#include "util/bytes.h"

enum { LINE_WRAP_MAX = 4 };

struct line_wrap {
    uint8_t kinds[LINE_WRAP_MAX]; /* from the outside to the inside; private */
    size_t n;                     /* 0: the lines are strace's own */
};

/* Finds the wrapping from the first lines of a log. */
void line_wrap_find(struct bytes start, struct line_wrap *out);
/* Returns a line without its wrapping, borrowed from text or scratch; the line itself if it has
 * another one. Sets *pid to the pid at the end of the file name that grep -H printed, else to 0. */
struct bytes line_unwrap(const struct line_wrap *wrap, struct bytes text, struct buf *scratch,
                         int32_t *pid);

/* Returns true if a line certainly comes from strace: a call with its result, a first or second
 * half, an end or a signal. */
bool line_is_strace(struct bytes text);

#endif
