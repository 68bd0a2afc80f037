/* SPDX-License-Identifier: MIT
 *
 * Splits a text into rows.
 */
#ifndef XSMALL_TUI_ROWS_TEXT_ROWS_H
#define XSMALL_TUI_ROWS_TEXT_ROWS_H

#include "util/bytes.h"

/* Splits text at newlines. The caller owns *rows; the bytes of the rows are borrowed from text. */
void text_rows_split(struct bytes text, struct bytes **rows, size_t *n);

#endif
