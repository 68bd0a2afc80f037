/* SPDX-License-Identifier: MIT
 *
 * The scroll position of a list of rows.
 */
#ifndef XSMALL_TUI_ROWS_LIST_H
#define XSMALL_TUI_ROWS_LIST_H

#include <stdint.h>

struct list {
    uint64_t cursor, top; /* row of the cursor and topmost row on the screen; from 0 */
    int left;             /* screen columns by which the last column is scrolled to the left */
};

#endif
