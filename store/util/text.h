/* SPDX-License-Identifier: MIT
 *
 * Bytes read as UTF-8, and which of them may reach a terminal.
 */
#ifndef XSMALL_UTIL_TEXT_H
#define XSMALL_UTIL_TEXT_H

#include "util/bytes.h"

/* Decodes the first code point of text (n at least 1). Returns its length in bytes, or 0 where they
 * are no well-formed UTF-8 (RFC 3629). */
size_t text_decode(struct bytes text, uint32_t *rune);

/* Appends a code point as UTF-8. */
void text_encode(uint32_t rune, struct buf *out);

bool text_is_utf8(struct bytes text); /* all of it well-formed; NUL allowed */

/* Whether a code point may be sent to a terminal as it is: no control, C1, bidi control,
 * zero-width, tag or other format character (Unicode category Cf), no line or paragraph separator,
 * no private use or noncharacter. */
bool text_is_safe(uint32_t rune);

enum text_pass { TEXT_PASS_NONE, TEXT_PASS_LINES /* newline and tab are left as they are */ };
/* Appends text with everything unsafe escaped: \n, \t, \r, \x1b, \u202e, and each byte that is no
 * UTF-8 as \xff. */
void text_escape(struct bytes text, enum text_pass pass, struct buf *out);

/* Appends any bytes as base64 (RFC 4648, section 4), with padding, in one line. */
void text_base64(struct bytes bytes, struct buf *out);

#endif
