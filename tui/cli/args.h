/* SPDX-License-Identifier: MIT
 *
 * The options of the command line: one table of all options, one `struct args` for all commands.
 * An option is one row of the table in args.c and one field of struct args; a command lists the
 * names of the options that it takes (command.h).
 *
 *     struct args args;
 *     if (!args_parse(command, argc, argv, &args, &err)) …
 *     if (args.base) …
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

struct command;

/* Parses argv[1…] for a command (NULL: the explorer). False with err on an option or a value that
 * the command does not take. */
bool args_parse(const struct command *command, int argc, char **argv, struct args *out,
                struct err *err);

/* The options, by number from 0; false after the last one. */
struct option_info {
    const char *name;     /* without the dashes */
    const char *argument; /* NULL: it has none */
    const char *help;
    option_values *values; /* NULL: the argument can be anything */
    char letter;           /* 0: none */
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

#endif
