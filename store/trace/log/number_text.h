/* SPDX-License-Identifier: MIT
 *
 * Columns of numbers as text that plain SQL can take apart again: one character a number.
 *
 * A number below 65536 is the character d + 1 below 55000, d + 10537 from there on: neither NUL nor
 * a surrogate nor one of the two that SQLite's unicode() does not give back. A greater number is
 * two such digits, the upper one in a column next to it, which is empty where no number of the
 * column needs it.
 *
 *     number_text_write(numbers, n, &low, &high);
 *     number_text_read(low, high, n, numbers);        false: the text is not n numbers
 */
#ifndef XSMALL_TRACE_LOG_NUMBER_TEXT_H
#define XSMALL_TRACE_LOG_NUMBER_TEXT_H

#include "util/bytes.h"

/* Overwrites both. */
void number_text_write(const uint32_t *numbers, size_t n, struct buf *low, struct buf *high);
bool number_text_read(struct bytes low, struct bytes high, size_t n, uint32_t *numbers);

#endif
