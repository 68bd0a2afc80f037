/* SPDX-License-Identifier: MIT
 *
 * The time at the beginning of a line of strace -t, -tt or -ttt, in a log without pids (-ff).
 *
 *     int64_t ns;
 *     line_time(bytes_of("12:00:01.000002 chdir(\"/\") = 0"), &ns)    LINE_TIME_DAY
 */
#ifndef XSMALL_TRACE_STRACE_LINE_TIME_H
#define XSMALL_TRACE_STRACE_LINE_TIME_H

#include "util/bytes.h"

enum line_time {
    LINE_TIME_NONE,
    LINE_TIME_DAY,  /* of -t and -tt: since midnight */
    LINE_TIME_EPOCH /* of -ttt: since 1970 */
};

/* Reads the time of a line in nanoseconds. The relative time of -r alone is no time. */
enum line_time line_time(struct bytes text, int64_t *ns);

#endif
