/* SPDX-License-Identifier: MIT
 *
 * Time that only moves forward, for durations and deadlines; it is not the time of day.
 *
 *     uint64_t began = clock_ns();
 *     …
 *     uint64_t took_ns = clock_ns() - began;
 */
#ifndef XSMALL_UTIL_CLOCK_H
#define XSMALL_UTIL_CLOCK_H

#include <stdint.h>

uint64_t clock_ns(void); /* CLOCK_MONOTONIC, in nanoseconds */

#endif
