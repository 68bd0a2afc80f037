/* SPDX-License-Identifier: MIT
 *
 * Text as rows.
 */
#ifndef XSMALL_TUI_ROWS_TEXT_ROWS_H
#define XSMALL_TUI_ROWS_TEXT_ROWS_H

#include "util/bytes.h"

/* Splits text at newlines. *rows is owned by the caller, its bytes are those of text. */
void text_rows_split(struct bytes text, struct bytes **rows, size_t *n);

#endif
