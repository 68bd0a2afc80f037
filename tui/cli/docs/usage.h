/* SPDX-License-Identifier: MIT
 *
 * The help of a command, and of the program.
 */
#ifndef XSMALL_TUI_CLI_DOCS_USAGE_H
#define XSMALL_TUI_CLI_DOCS_USAGE_H

#include "cli/command.h"

/* Appends the help of a command (NULL: of the program) in lines of at most WRAP_WIDTH columns. */
void usage_write(const struct command *command, struct buf *out);

/* Appends the list of documents. */
void usage_documents(struct buf *out);

/* Appends what a new user can do next, in lines of at most `width` columns. */
void usage_first_steps(size_t width, struct buf *out);

extern const struct command_example explorer_examples[]; /* ends with line NULL */
extern const char explorer_synopsis[];                   /* after "xsmall " */

/* Appends the sentences that describe a command, after its one line of help: paragraphs separated
 * by "\n\n"; nothing if the command has no description. */
void usage_about(const struct command *command, struct buf *out);
/* Appends the help of an option, with the list of its values. */
void usage_option_help(const struct option_info *option, struct buf *out);
/* Appends a sentence on the exit codes of a command (NULL: of the explorer). */
void usage_exit_status(const struct command *command, struct buf *out);

#endif
