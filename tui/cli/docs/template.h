/* SPDX-License-Identifier: MIT
 *
 * Documents made of a text with marks: a line that is a mark is replaced by what the program
 * writes.
 *
 *     static const struct template_part parts[] = {{"@KEYS@", write_keys}, {NULL, NULL}};
 *     template_fill(bytes_of(text), parts, out);
 */
#ifndef XSMALL_TUI_CLI_DOCS_TEMPLATE_H
#define XSMALL_TUI_CLI_DOCS_TEMPLATE_H

#include "util/bytes.h"

struct template_part {
    const char *mark; /* a whole line; NULL ends a list */
    void (*write)(struct buf *out);
};

/* Appends the lines of the text; in place of a mark, what its part appends. */
void template_fill(struct bytes text, const struct template_part *parts, struct buf *out);

#endif
