/* SPDX-License-Identifier: MIT */
#include "rows/text_rows.h"

void text_rows_split(struct bytes text, struct bytes **rows, size_t *n)
{
    size_t cap = 0;
    *rows = NULL;
    *n = 0;
    while (text.n) {
        struct bytes row = bytes_split(&text, '\n');
        ARRAY_ROOM(*rows, *n, cap);
        (*rows)[*n] = row;
        ++*n;
    }
}
