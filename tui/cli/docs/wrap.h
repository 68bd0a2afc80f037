/* SPDX-License-Identifier: MIT
 *
 * Breaks text into lines for a terminal of a known width.
 */
#ifndef XSMALL_TUI_CLI_DOCS_WRAP_H
#define XSMALL_TUI_CLI_DOCS_WRAP_H

#include "util/bytes.h"

enum { WRAP_WIDTH = 80 }; /* columns of every help text */

enum wrap_mode {
    WRAP_WORDS,  /* breaks at every blank */
    WRAP_GROUPS, /* breaks only outside of brackets and quotes: a synopsis */
};

/* Appends text, broken at blanks into lines of at most `width` columns. The first line continues a
 * line that already has `column` columns; later lines begin with `indent` blanks. A newline in text
 * is kept, and the next line is indented too. A word wider than a line is not broken. Ends without
 * a newline. */
void wrap_text(struct bytes text, enum wrap_mode mode, size_t column, size_t indent, size_t width,
               struct buf *out);

#endif
