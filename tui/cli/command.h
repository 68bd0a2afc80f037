/* SPDX-License-Identifier: MIT
 *
 * The commands. A command is one file, command_NAME.c, with its row, and its name in the list of
 * command.c. The parser, the help, the manual pages, the reference and the completions read the
 * row.
 *
 * Not here: the options (args.h); the explorer (explorer.h).
 */
#ifndef XSMALL_TUI_CLI_COMMAND_H
#define XSMALL_TUI_CLI_COMMAND_H

#include "cli/args.h"

/* Exit codes (share/doc/semantics.md, Exit codes). `trace` exits with the code of its command. */
enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_FAILED = 2 };

struct command_example {
    const char *line;   /* what is typed, after the prompt */
    const char *effect; /* what it does, as a command: "Load …" without a full stop */
};

struct command {
    const char *name;
    const char *synopsis; /* after "xsmall NAME"; one line */
    const char *help;     /* one line, without a full stop: for lists of commands */
    const char *about;    /* sentences after help; "\n\n" between paragraphs; NULL: none */
    void (*explain)(
        struct buf *out); /* appends a last paragraph to about; NULL: no such paragraph */
    const char *options;  /* names of the accepted options, with a space around each */
    const struct option_text *texts; /* options described for this command; ends with name NULL;
                                        NULL: all as in args.c */
    const struct command_example *examples; /* ends with line NULL */
    const char *exit_no;     /* when the command exits with 1, as "if …"; NULL: never */
    const char *exit_status; /* all exit codes, if they are not those of semantics.md; else NULL */
    bool has_command;        /* what follows "--" is a command (args.h) */
    bool no_operands;        /* an operand is an error */
    bool no_session;         /* opens no session: -s is accepted, but not listed */
    /* Returns an exit code. With EXIT_FAILED and EXIT_NO, err can have the reason. */
    int (*run)(const struct args *args, struct err *err);
    /* Appends a section at the end of the help, in lines of at most WRAP_WIDTH columns; NULL: no
     * such section. */
    void (*more)(struct buf *out);
    const char *more_title; /* of that section in the manual page */
};
extern const struct command *const commands[];        /* ends with NULL */
const struct command *command_find(const char *name); /* NULL: no command has that name */

/* Returns false with err if the first operand of the explorer looks like a command's name, but no
 * command and no file has it. */
bool command_check_operand(const char *operand, struct err *err);

/* Opens the session that the arguments name. */
bool command_open(const struct args *args, enum db_mode mode, struct session **out,
                  struct err *err);
#define SESSION_AUTO __attribute__((cleanup(command_close)))
void command_close(struct session **session);
/* Returns false with err if the session has no subject image. */
bool command_need_subject(const struct session *session, struct err *err);
/* Updates the derived tables after a change was stored. If that fails, prints a warning and returns
 * true, because the change is stored and a later command updates the tables. Returns false with err
 * if the filter chain does not fit the logs. */
bool command_settle(struct session *session, struct err *err);
/* Prints the warning of command_settle. */
void command_warn_unsettled(const struct err *why);
/* Returns the exit code of a failure: EXIT_NO for ERR_NO, else EXIT_FAILED. */
int command_failed(const struct err *err);

#endif
