/* SPDX-License-Identifier: MIT
 *
 * Decodes bytes as UTF-8, and decides which code points may be sent to a terminal.
 */
#ifndef XSMALL_UTIL_TEXT_H
#define XSMALL_UTIL_TEXT_H

#include "util/bytes.h"

/* Decodes the first code point of text (n at least 1). Returns its length in bytes, or 0 if the
 * text does not begin with well-formed UTF-8 (RFC 3629). */
size_t text_decode(struct bytes text, uint32_t *rune);

/* Appends a code point as UTF-8. */
void text_encode(uint32_t rune, struct buf *out);

bool text_is_utf8(struct bytes text); /* true if the whole text is well-formed; NUL is allowed */

/* Returns true if a code point may be sent to a terminal unescaped. Returns false for control
 * characters, C1, bidi controls, zero-width, tag and other format characters (Unicode category Cf),
 * line and paragraph separators, private-use code points and noncharacters. */
bool text_is_safe(uint32_t rune);

enum text_pass { TEXT_PASS_NONE, TEXT_PASS_LINES /* newline and tab are not escaped */ };
/* Appends text and escapes every unsafe character: \n, \t, \r, \x1b, \u202e. Each byte that is not
 * valid UTF-8 is escaped as \xff. */
void text_escape(struct bytes text, enum text_pass pass, struct buf *out);

/* Appends any bytes as base64 (RFC 4648, section 4), with padding, in one line. */
void text_base64(struct bytes bytes, struct buf *out);

#endif
