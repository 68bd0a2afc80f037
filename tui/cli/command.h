/* SPDX-License-Identifier: MIT
 *
 * The commands. A command is one file, command_NAME.c, with its row, and its name in the list of
 * command.c; the parser, the help, the manual and the completions read the row.
 *
 * Not here: the options (args.h); the explorer (explorer.h).
 */
#ifndef XSMALL_TUI_CLI_COMMAND_H
#define XSMALL_TUI_CLI_COMMAND_H

#include "cli/args.h"

/* Exit codes (share/doc/semantics.md, Exit codes); trace has the command's own. */
enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_FAILED = 2 };

struct command {
    const char *name;
    const char *synopsis;             /* after "xsmall NAME"; one line */
    void (*explain)(struct buf *out); /* appends a line about the operands; NULL: no such line */
    const char *help;                 /* one line, without a full stop */
    const char *options; /* names of the options that it takes, with a space around each */
    bool no_operands;    /* an operand is an error */
    /* Returns an exit code; with EXIT_FAILED and EXIT_NO, err may say why. */
    int (*run)(const struct args *args, struct err *err);
    void (*print_more)(void); /* to stdout, at the end of the command's help; NULL: nothing */
};
extern const struct command *const commands[];        /* ends with NULL */
const struct command *command_find(const char *name); /* NULL: no command has that name */

/* Opens the session that the arguments mean. */
bool command_open(const struct args *args, enum db_mode mode, struct session **out,
                  struct err *err);
#define SESSION_AUTO __attribute__((cleanup(command_close)))
void command_close(struct session **session);
/* False with err where the session has no subject. */
bool command_need_subject(const struct session *session, struct err *err);
/* The exit code of a failure: EXIT_NO for ERR_NO, else EXIT_FAILED. */
int command_failed(const struct err *err);

#endif
