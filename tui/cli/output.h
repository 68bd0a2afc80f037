/* SPDX-License-Identifier: MIT
 *
 * What batch commands print: exact bytes into a pipe or a file; on a terminal with control, C1,
 * bidi and zero-width characters escaped.
 */
#ifndef XSMALL_TUI_CLI_OUTPUT_H
#define XSMALL_TUI_CLI_OUTPUT_H

#include <stdio.h>

#include "util/bytes.h"
#include "util/err.h"

/* Writes text as it should reach this stream. Newlines and tabs pass. */
void output_bytes(FILE *stream, struct bytes text);
/* The same where a newline in text is escaped too on a terminal: names, messages. */
void output_word(FILE *stream, struct bytes text);
/* To stdout: text as a JSON string. */
void output_json(struct bytes text);
/* To stdout: "KEY": TEXT, and where that is no UTF-8, "KEY_hex": its bytes. */
void output_json_bytes(const char *key, struct bytes text);
/* Flushes stdout: false where what was written did not arrive (a full disk, a closed pipe). */
bool output_finish(struct err *err);
/* "xsmall: TEXT" on stderr, one line. */
void output_error(struct bytes text);

#endif
