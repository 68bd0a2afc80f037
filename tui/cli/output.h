/* SPDX-License-Identifier: MIT
 *
 * The output of batch commands: exact bytes into a pipe or a file; on a terminal, control, C1, bidi
 * and zero-width characters are escaped.
 */
#ifndef XSMALL_TUI_CLI_OUTPUT_H
#define XSMALL_TUI_CLI_OUTPUT_H

#include <stdio.h>

#include "util/bytes.h"
#include "util/err.h"

/* Writes text to the stream. On a terminal, newlines and tabs are not escaped. */
void output_bytes(FILE *stream, struct bytes text);
/* As output_bytes, but on a terminal newlines and tabs are escaped too: for names and messages. */
void output_word(FILE *stream, struct bytes text);
/* Writes text as a JSON string to stdout. */
void output_json(struct bytes text);
/* Writes "KEY": TEXT to stdout, and if text is not valid UTF-8, also "KEY_hex": its bytes. */
void output_json_bytes(const char *key, struct bytes text);
/* Flushes stdout. Returns false if a write failed (a full disk, a closed pipe). */
bool output_finish(struct err *err);
/* Writes "xsmall: TEXT" to stderr, in one line. */
void output_error(struct bytes text);

#endif
