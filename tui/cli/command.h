/* SPDX-License-Identifier: MIT
 *
 * The command line: its options, one `struct args` for all commands, and the commands as a table.
 * A new command is one function and one row of the table in command.c.
 *
 * Not here: the explorer (explorer.h).
 */
#ifndef XSMALL_TUI_CLI_COMMAND_H
#define XSMALL_TUI_CLI_COMMAND_H

#include "session/session.h"

/* Exit codes (share/doc/semantics.md, Exit codes); trace has the command's own. */
enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_FAILED = 2 };

enum files_which { FILES_KEPT, FILES_IN_BASE, FILES_DROPPED, FILES_ALL };

/* An option that may be given again. */
enum { ARGS_LIST_MAX = 64 };
struct args_list {
    const char *items[ARGS_LIST_MAX];
    size_t n;
};

struct args {
    const char *session_path, *base, *run, *cwd, *form, *builder, *output, *stage;
    const char *message, *rules, *subject_name, *base_name, *add, *target, *use, *save;
    const char *platform, *spool, *style, *refuse, *closure;
    int image, image_b, on, off, remove, move; /* numbers from 1; 0: not given */
    bool check, replace, verify, follow, count, keep, zero, json, no_squash, snippet, why, quiet,
        help;
    bool version, no_mtime, kept, in_base, dropped, all, sets, survivors, squash_only;
    struct args_list map;
    const char *const *operands;
    size_t n_operands;
};

struct command {
    const char *name;
    const char *synopsis; /* behind "xsmall NAME" */
    const char *help;     /* one line */
    const char *options;  /* names of the options that it takes, with a space around each */
    int (*run)(const struct args *args, struct err *err); /* an exit code; FAILED and NO with err */
};
extern const struct command commands[]; /* ends with a NULL name */

/* Parses argv[1…] for a command (NULL: the explorer). False with err on anything unknown. */
bool args_parse(const struct command *command, int argc, char **argv, struct args *out,
                struct err *err);
void args_help(const struct command *command); /* to stdout; NULL: the program's */

/* The options, by number from 0; false behind the last one. */
struct option_info {
    const char *name;     /* without the dashes */
    const char *argument; /* NULL: it has none */
    const char *help;
    const char *values; /* what the argument can be, a blank between; NULL: anything */
    char letter;        /* 0: none */
};
bool args_option(size_t i, struct option_info *out);
bool args_takes(const struct command *command, size_t i); /* NULL: the explorer */

/* Where an operand is "-": reads standard input and puts what stands for it in its place; keep owns
 * what the operands then point at. */
struct args_stdin {
    struct buf ref;
    const char **operands; /* owned */
};
bool args_read_stdin(struct args *args, struct args_stdin *keep, struct err *err);
void args_stdin_finish(struct args_stdin *keep);
#define ARGS_STDIN_AUTO __attribute__((cleanup(args_stdin_finish)))

/* The load that the arguments mean; what it points at is theirs. */
struct load_request args_load_request(const struct args *args, const char *session_path);

/* Opens the session that the arguments mean. */
bool command_open(const struct args *args, enum db_mode mode, struct session **out,
                  struct err *err);
#define XSMALL_AUTO __attribute__((cleanup(command_close)))
void command_close(struct session **session);
bool command_need_subject(const struct session *session, struct err *err);
/* The nodes of the subject that the operands mean, one behind the other. An exit code; *nodes is
 * yours. */
int command_match(const struct args *args, const struct session *session, const char *command,
                  uint32_t **nodes, size_t *n, struct err *err);
/* An exit code from what failed. */
int command_failed(const struct err *err);

/* xsmall load --follow: loads until the traced processes have ended, or a signal came. */
int command_follow(const struct args *args, const struct load_request *request, struct err *err);
int command_load(const struct args *args, struct err *err);
int command_chain(const struct args *args, struct err *err);
/* The parts of it that are about sets: --sets, which needs no session, --use and --save. */
bool command_sets(const struct args *args, struct err *err);
bool command_use_set(const struct args *args, struct session *session, struct buf *warning,
                     struct err *err);
bool command_save_set(const struct args *args, const struct session *session, struct err *err);
int command_lines(const struct args *args, struct err *err);
int command_files(const struct args *args, struct err *err);
int command_keep(const struct args *args, struct err *err);
int command_drop(const struct args *args, struct err *err);
int command_auto(const struct args *args, struct err *err);
int command_why(const struct args *args, struct err *err);
int command_breaks(const struct args *args, struct err *err);
int command_families(const struct args *args, struct err *err);
int command_export(const struct args *args, struct err *err);
int command_report(const struct args *args, struct err *err);
int command_extract(const struct args *args, struct err *err);
int command_trace(const struct args *args, struct err *err);
int command_diff(const struct args *args, struct err *err);
int command_sql(const struct args *args, struct err *err);
int command_help(const struct args *args, struct err *err);

#endif
