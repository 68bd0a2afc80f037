/* SPDX-License-Identifier: MIT
 *
 * The program's documents: the manual pages, the reference, the key table and the shell completions
 * are made from the tables of commands, options and keys; the guides are embedded files of
 * share/doc.
 */
#ifndef XSMALL_TUI_CLI_DOCS_DOCS_H
#define XSMALL_TUI_CLI_DOCS_DOCS_H

#include "cli/command.h"

struct document {
    const char *name, *help;
    void (*write)(struct buf *out); /* NULL: text is the document */
    const unsigned char *text;      /* NUL-terminated; NULL: write makes the document */
    bool is_page;                   /* people read it: a terminal gets it through the pager */
};
extern const struct document documents[]; /* ends with a NULL name */

const struct document *docs_find(const char *name); /* NULL: no document has that name */
void docs_text(const struct document *document, struct buf *out);

/* Appends the manual page of a command, in roff. */
void manual_page_of(const struct command *command, struct buf *out);
/* Append one document each: xsmall(1) in roff; reference.md; its key table; completions. */
void manual_page(struct buf *out);
void reference_write(struct buf *out);
void reference_keys(struct buf *out);
void completions_bash(struct buf *out);
void completions_zsh(struct buf *out);
void completions_fish(struct buf *out);

/* Appends the version of the program, then the version of each library, one a line. */
void docs_versions(struct buf *out);

#endif
