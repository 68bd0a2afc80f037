/* SPDX-License-Identifier: MIT
 *
 * Quotes names of untrusted images for a Dockerfile: as JSON, as a word, as a COPY source, as shell
 * text, as a comment. No byte of a name can end the quoted text.
 *
 * The behavior of the builders was measured: BuildKit 0.11.6 and buildah 1.28 expand
 * variables and globs in the JSON form of COPY too.
 *
 *     quote_json(bytes_of("a\"b"), &out);        // "a\"b"
 *     quote_shell(bytes_of("it's"), &out);       // 'it'\''s'
 */
#ifndef XSMALL_EXPORT_QUOTE_H
#define XSMALL_EXPORT_QUOTE_H

#include "export/export.h"

/* Appends a JSON string, quotes included. Also escapes '<', so that no heredoc can begin. The text
 * must be UTF-8. */
void quote_json(struct bytes text, struct buf *out);
/* Appends a JSON string like quote_json, for instructions that expand variables in JSON strings
 * (VOLUME, the target of COPY). */
void quote_json_word(struct bytes text, struct buf *out);
/* Appends one word of an instruction, in double quotes if necessary. Returns false if a line cannot
 * express it: a newline, or invalid UTF-8. */
bool quote_word(struct bytes text, struct buf *out);
/* Appends a COPY source as JSON. Returns false if the builder cannot express it. */
bool quote_source(struct bytes path, enum export_builder builder, struct buf *out);

/* Returns whether quote_shell can express the text: UTF-8 without a newline. */
bool quote_is_plain(struct bytes name);
void quote_shell(struct bytes name, struct buf *out);
/* Appends names for the format of printf(1) in single quotes: a NUL after each name, and all but
 * plain characters in octal. */
void quote_octal(struct bytes name, struct buf *out);

/* Appends text for a comment or a warning: one line, printable. */
void quote_comment(struct bytes text, struct buf *out);

#endif
