/* SPDX-License-Identifier: MIT
 *
 * Several rows at once: from where V was pressed to the cursor. A mark goes on all of their paths
 * in one undoable step; y copies them, or without a range the row under the cursor.
 */
#ifndef XSMALL_TUI_APP_ROW_RANGE_H
#define XSMALL_TUI_APP_ROW_RANGE_H

#include <stdint.h>

enum { RANGE_MAX_ROWS = 20000, COPY_MAX_BYTES = 75000 /* 100 kB as base64 */ };

struct app;
/* The rows of the range, or the one under the cursor: from *first to below *end, which are the same
 * without a row. */
void range_rows(struct app *app, uint64_t *first, uint64_t *end);

#endif
