/* SPDX-License-Identifier: MIT
 *
 * Shell patterns over the bytes of one path component: *, ?, [...] with ranges and ! or ^, and a
 * backslash before a byte that is literal. A leading dot is matched like any other byte.
 *
 *     glob_match(bytes_of("lib*.so"), bytes_of("libz.so")) // true
 */
#ifndef XSMALL_KEEP_GLOB_H
#define XSMALL_KEEP_GLOB_H

#include "util/bytes.h"

bool glob_match(struct bytes pattern, struct bytes name);
bool glob_is_pattern(struct bytes text); /* contains *, ? or [ */

#endif
