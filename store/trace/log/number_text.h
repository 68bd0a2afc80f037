/* SPDX-License-Identifier: MIT
 *
 * Stores a column of numbers as text that plain SQL can decode: one character for each number.
 *
 * A number d below 65536 is stored as one digit: the character d + 1 if d is below 55000, else d +
 * 10537. This skips NUL, the surrogates and two code points that SQLite's unicode() does not return
 * unchanged. A greater number is stored as two digits; the upper digit is in a second column, which
 * is empty if no number of the column needs it.
 *
 *     number_text_write(numbers, n, &low, &high);
 *     number_text_read(low, high, n, numbers);        false: the text is not n numbers
 */
#ifndef XSMALL_TRACE_LOG_NUMBER_TEXT_H
#define XSMALL_TRACE_LOG_NUMBER_TEXT_H

#include "util/bytes.h"

/* Replaces the bytes of low and high. */
void number_text_write(const uint32_t *numbers, size_t n, struct buf *low, struct buf *high);
bool number_text_read(struct bytes low, struct bytes high, size_t n, uint32_t *numbers);

#endif
