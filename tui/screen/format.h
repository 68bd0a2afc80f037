/* SPDX-License-Identifier: MIT
 *
 * Formats numbers for display.
 */
#ifndef XSMALL_TUI_SCREEN_FORMAT_H
#define XSMALL_TUI_SCREEN_FORMAT_H

#include "util/bytes.h"

void format_bytes(int64_t n, struct buf *out);  /* appends "182.4 MB"; SI units */
void format_count(uint64_t n, struct buf *out); /* appends "1 315 705" */

#endif
