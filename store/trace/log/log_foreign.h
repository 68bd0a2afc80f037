/* SPDX-License-Identifier: MIT
 *
 * Recognizes files that are not strace logs but look like one or contain one: compressed logs,
 * UTF-16, the output of ltrace, perf trace and gVisor, docker's log files.
 *
 *     char reason[320];
 *     if (log_foreign_find(first_64_kib, reason, sizeof reason))
 *         reason is "compressed with gzip; decompress it first: gzip -dc FILE >FILE.log"
 */
#ifndef XSMALL_TRACE_LOG_LOG_FOREIGN_H
#define XSMALL_TRACE_LOG_LOG_FOREIGN_H

#include "util/bytes.h"

/* Returns true if the text is certainly something else; reason is then what it is and what to do.
 * If it returns false, reason is what to print if the text proves to be no log: its first line. */
bool log_foreign_find(struct bytes text, char *reason, size_t size);

#endif
