/* SPDX-License-Identifier: MIT
 *
 * The options of the command line: one table of all options, one `struct args` for all commands.
 * An option is one row of the table in args.c and one field of struct args. A command lists the
 * names of the options that it accepts (command.h).
 *
 *     struct args args;
 *     if (!args_parse(command, argc, argv, &args, &err)) …
 *     if (args.load.base) …
 */
#ifndef XSMALL_TUI_CLI_ARGS_H
#define XSMALL_TUI_CLI_ARGS_H

#include "cli/option_values.h"
#include "session/session.h"

enum { ARGS_LIST_MAX = 64 };
struct args_list {
    const char *items[ARGS_LIST_MAX];
    size_t n;
};

/* Options that several commands share. */
struct load_args {
    const char *base, *run, *cwd, *platform, *spool;
    int image, image_b; /* numbers from 1; 0: not given */
    bool check, replace, verify, follow;
};
struct chain_args {
    const char *target, *use, *save;
    int on, off, remove, move; /* numbers from 1; 0: not given */
    bool sets, count;
};
struct files_args {
    bool kept, in_base, dropped, all, zero;
};
struct export_args {
    const char *form, *builder, *stage, *subject_name, *base_name, *style;
    struct args_list map;
    bool no_squash, squash_only, snippet, why;
};

struct run_args {
    const char *user, *workdir, *entrypoint, *env_file, *stdin_file, *net, *ready, *stop;
    const char *timeout, *memory, *max_write;
    struct args_list env, mount, test, ignore;
    int expect_exit, max_procs;
    bool dry_run, compare_output;
};

struct args {
    const char *session_path, *output, *message, *rules, *add, *refuse, *closure, *keep_listed;
    struct load_args load;
    struct chain_args chain;
    struct files_args files;
    struct export_args export;
    struct run_args run;
    bool keep, survivors, no_mtime, json, quiet, help, version;
    const char *const *operands;
    size_t n_operands;
    /* The operands after "--", for commands that run a command; they are among operands otherwise.
     */
    const char *const *command;
    size_t n_command;
};

struct command;

/* Parses argv[1…] for a command (NULL: the explorer). Returns false with err if the command does
 * not accept an option or a value. */
bool args_parse(const struct command *command, int argc, char **argv, struct args *out,
                struct err *err);

struct option_info {
    const char *name;      /* without the dashes */
    const char *argument;  /* NULL: the option has no argument */
    const char *help;      /* one line, without a full stop */
    option_values *values; /* NULL: any argument is accepted */
    char letter;           /* 0: the option has no short form */
};
/* The description of an option for one command, in place of the one in args.c. */
struct option_text {
    const char *name, *argument, *help;
};

/* Reads the option number i of all commands, from 0. Returns false after the last one. */
bool args_option(size_t i, struct option_info *out);
/* Reads the next option of a command (NULL: the explorer), as the command describes it; *at is 0 at
 * the start. Returns false after the last one. */
bool args_next_option(const struct command *command, size_t *at, struct option_info *out);

/* If an operand is "-": reads standard input and replaces the operand by a reference to what was
 * read. keep owns the new operands. */
struct args_stdin {
    struct buf ref;
    const char **operands; /* owned */
};
bool args_read_stdin(struct args *args, struct args_stdin *keep, struct err *err);
void args_stdin_finish(struct args_stdin *keep);
#define ARGS_STDIN_AUTO __attribute__((cleanup(args_stdin_finish)))

/* Returns the load that the arguments request. Its strings are borrowed from args. */
struct load_request args_load_request(const struct args *args, const char *session_path);

#endif
