/* SPDX-License-Identifier: MIT
 *
 * Names of hostile images inside a Dockerfile: as JSON, as a word, as a COPY source, as shell text,
 * as a comment. No byte of a name can end the quoted text.
 *
 * What builders do with names was measured, not read: BuildKit 0.11.6 and buildah 1.28 expand
 * variables and globs in the JSON form of COPY too.
 *
 *     quote_json(bytes_of("a\"b"), &out);        // "a\"b"
 *     quote_shell(bytes_of("it's"), &out);       // 'it'\''s'
 */
#ifndef XSMALL_EXPORT_QUOTE_H
#define XSMALL_EXPORT_QUOTE_H

#include "export/export.h"

/* A JSON string, quotes included. '<' is escaped too: no heredoc begins in it. The text is UTF-8.
 */
void quote_json(struct bytes text, struct buf *out);
/* As above for an instruction that expands variables in JSON strings (VOLUME, a COPY's target). */
void quote_json_word(struct bytes text, struct buf *out);
/* One word of an instruction's line, in double quotes where need be. False where a line cannot
 * express it: a newline, or no UTF-8. */
bool quote_word(struct bytes text, struct buf *out);
/* A COPY source as JSON. False where the builder cannot express it. */
bool quote_source(struct bytes path, enum export_builder builder, struct buf *out);

/* Whether quote_shell can express it: UTF-8 without a newline. */
bool quote_is_plain(struct bytes name);
void quote_shell(struct bytes name, struct buf *out);
/* Text for the format of printf(1) in single quotes, all but plain letters in octal, with a NUL
 * after each. */
void quote_octal(struct bytes name, struct buf *out);

/* For a comment or a warning: one line, printable. */
void quote_comment(struct bytes text, struct buf *out);

#endif
