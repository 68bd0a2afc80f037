/* SPDX-License-Identifier: MIT
 *
 * Where a list of rows is scrolled to.
 */
#ifndef XSMALL_TUI_ROWS_LIST_H
#define XSMALL_TUI_ROWS_LIST_H

#include <stdint.h>

struct list {
    uint64_t cursor, top; /* rows, from 0 */
    int left;             /* columns of the last column that are scrolled off */
};

#endif
