/* SPDX-License-Identifier: MIT
 *
 * A range of rows: from the row where V was pressed to the cursor. A mark is set on the paths of
 * all rows in one undoable step; y copies all rows. Without a range, y copies the row under the
 * cursor.
 */
#ifndef XSMALL_TUI_APP_ROW_RANGE_H
#define XSMALL_TUI_APP_ROW_RANGE_H

#include <stdint.h>

enum { RANGE_MAX_ROWS = 20000, COPY_MAX_BYTES = 75000 /* 100 kB as base64 */ };

struct app;
/* Returns the rows of the range, or the row under the cursor: *first is the first row, *end the
 * last row + 1. They are equal if the view has no rows. */
void range_rows(struct app *app, uint64_t *first, uint64_t *end);

#endif
