/* SPDX-License-Identifier: MIT */
#include "cli/args.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/suggestion.h"

enum value { FLAG, TEXT, NUMBER, LIST };

static const struct option_row {
    struct option_info info;
    enum value value;
    size_t offset;
} rows[] = {
#define CHOICE(field, name, letter, value, argument, help, values)                                 \
    {                                                                                              \
        {name, argument, help, values, letter}, value, offsetof(struct args, field)                \
    }
#define ROW(field, name, letter, value, argument, help)                                            \
    CHOICE(field, name, letter, value, argument, help, NULL)
    ROW(session_path, "session", 's', TEXT, "SESSION",
        "session file (default: IMAGE's name with .xsmall, or the only *.xsmall file here)"),
    ROW(load.base, "base", 0, TEXT, "REF",
        "base image: its files are not copied; a file, a directory or docker:NAME, as for IMAGE, "
        "or "
        "none for FROM scratch"),
    ROW(load.run, "run", 0, TEXT, "NAME",
        "run to which the logs are added (default: a new run, run1, run2, ...)"),
    ROW(load.check, "check", 0, FLAG, NULL,
        "the logs were traced in the slim image: check them, do not use them as evidence"),
    ROW(load.cwd, "cwd", 0, TEXT, "DIR",
        "directory in which the traced program started (default: from the log, else WORKDIR)"),
    ROW(load.replace, "replace", 0, FLAG, NULL, "replace the session's subject image with IMAGE"),
    ROW(load.follow, "follow", 0, FLAG, NULL,
        "keep loading new lines of the logs until the traced program ends"),
    ROW(load.image, "image", 0, NUMBER, "N",
        "number of the image, from 1, in an archive that holds several"),
    ROW(load.image_b, "image-b", 0, NUMBER, "N",
        "number of the image B, from 1, in an archive that holds several"),
    ROW(load.platform, "platform", 0, TEXT, "P",
        "platform of an image for several platforms: OS/ARCH[/VARIANT]"),
    ROW(load.verify, "verify", 0, FLAG, NULL,
        "compute all digests; reject an image whose contents differ from them"),
    ROW(load.spool, "spool", 0, TEXT, "FILE",
        "store the image that comes from standard input (-) in FILE, so that it can be read again"),
    ROW(add, "add", 0, TEXT, "STAGE", "append a stage, such as \"grep -v X\""),
    CHOICE(closure, "closure", 0, TEXT, "KINDS",
           "dependency kinds to follow, comma-separated; prefix a kind with - to disable it; saved "
           "in the session",
           values_closure),
    ROW(refuse, "refuse", 0, TEXT, "NAME",
        "refuse the file group: its unused members are not added; saved in the session"),
    CHOICE(chain.target, "target", 0, TEXT, "T",
           "text that the new stages, or the stage N, are matched against", values_targets),
    ROW(chain.on, "on", 0, NUMBER, "N", "enable stage N"),
    ROW(chain.off, "off", 0, NUMBER, "N", "disable stage N"),
    ROW(chain.remove, "delete", 0, NUMBER, "N", "delete stage N"),
    ROW(chain.move, "move", 0, NUMBER, "N M", "move stage N to position M"),
    ROW(chain.use, "use", 0, TEXT, "NAME", "append the stages of the set NAME"),
    ROW(chain.save, "save", 0, TEXT, "NAME", "save the stages as your own set NAME"),
    ROW(chain.sets, "sets", 0, FLAG, NULL, "list the sets of stages, or print the set NAME"),
    ROW(chain.count, "count", 'c', FLAG, NULL, "print only the number of matching lines"),
    ROW(files.kept, "kept", 0, FLAG, NULL, "files that are copied to the slim image (default)"),
    ROW(files.in_base, "in-base", 0, FLAG, NULL, "needed files that the base image provides"),
    ROW(files.dropped, "dropped", 0, FLAG, NULL, "files of the subject image that are not needed"),
    ROW(files.all, "all", 0, FLAG, NULL, "all paths of the subject image"),
    ROW(files.zero, "null", '0', FLAG, NULL, "end each path with NUL instead of a newline"),
    ROW(keep, "keep", 0, FLAG, NULL, "mark the files that would break as keep"),
    CHOICE(keep_listed, "keep-listed", 0, TEXT, "WHICH",
           "mark missing entries of listed directories as keep", values_listed),
    ROW(message, "message", 'm', TEXT, "TEXT", "note that is stored with the marks"),
    ROW(survivors, "survivors", 0, FLAG, NULL, "mark all files that the matching lines use"),
    CHOICE(export.form, "form", 0, TEXT, "FORM",
           "output format (default: stage, tar or copy, the first one that the image allows)",
           values_forms),
    CHOICE(export.style, "style", 0, TEXT, "STYLE",
           "variant of the forms image (docker, oci) and list, removed (tar, rsync)",
           values_styles),
    ROW(output, "output", 'o', TEXT, "DIR", "output directory"),
    CHOICE(export.builder, "builder", 0, TEXT, "NAME",
           "builder that the Dockerfile is written for (default: any)", values_builders),
    ROW(export.map, "map", 0, LIST, "FROM=TO",
        "move FROM and everything below it to TO in the slim image; repeatable; FROM= removes the "
        "rule; saved in the session"),
    ROW(export.no_squash, "no-squash", 0, FLAG, NULL,
        "keep the layers of the base image (default: one layer)"),
    ROW(export.squash_only, "squash-only", 0, FLAG, NULL,
        "write the whole subject image in one layer; remove no file"),
    ROW(export.why, "why", 0, FLAG, NULL,
        "add a comment to each copied path: the reason why it is kept"),
    ROW(export.snippet, "snippet", 0, FLAG, NULL,
        "print only the lines to paste into a Dockerfile of your own"),
    ROW(export.stage, "stage", 0, TEXT, "NAME",
        "name of the build stage from which the snippet copies"),
    ROW(export.subject_name, "subject-name", 0, TEXT, "NAME",
        "name of the subject image in FROM; saved in the session"),
    ROW(export.base_name, "base-name", 0, TEXT, "NAME",
        "name of the base image in FROM; saved in the session"),
    ROW(run.user, "user", 0, TEXT, "USER[:GROUP]",
        "user of the program, name or number (default: the image's USER)"),
    ROW(run.workdir, "workdir", 0, TEXT, "DIR",
        "directory in which the program starts (default: the image's WORKDIR)"),
    ROW(run.entrypoint, "entrypoint", 0, TEXT, "PROGRAM",
        "program in place of the image's ENTRYPOINT and CMD"),
    ROW(run.env, "env", 'e', LIST, "NAME[=VALUE]",
        "set a variable of the program; without VALUE, to the caller's value; repeatable"),
    ROW(run.env_file, "env-file", 0, TEXT, "FILE",
        "set the variables in the lines NAME[=VALUE] of FILE"),
    ROW(run.stdin_file, "stdin", 0, TEXT, "FILE",
        "standard input of the program (default: /dev/null)"),
    ROW(run.mount, "mount", 0, LIST, "SRC:DST[:rw]",
        "show SRC of this machine at DST, read-only unless :rw; repeatable"),
    ROW(run.net, "net", 0, TEXT, "NET",
        "network of the program: none (default: only its own localhost) or host"),
    ROW(run.ready, "ready", 0, TEXT, "WHEN",
        "when the tests start: tcp:PORT, http://HOST:PORT/PATH, file:PATH, text:REGEX (a line of "
        "the output) or a number of seconds (default: the first port that the image exposes, "
        "else 1)"),
    ROW(run.test, "test", 0, LIST, "COMMAND",
        "shell command that uses the program while it runs, in the program's network; repeatable"),
    ROW(run.expect_exit, "expect-exit", 0, NUMBER, "N",
        "exit status of the program that counts as success (default: 0)"),
    ROW(run.stop, "stop", 0, TEXT, "SIGNAL",
        "signal that stops the program (default: the image's STOPSIGNAL, else TERM)"),
    ROW(run.timeout, "timeout", 0, TEXT, "SECONDS",
        "kill the program after SECONDS (default: 300)"),
    ROW(run.memory, "memory", 0, TEXT, "BYTES",
        "kill the program when it uses more than BYTES of memory (default: half of this "
        "machine's); "
        "suffixes K, M, G, KiB, MiB, GiB"),
    ROW(run.max_procs, "max-procs", 0, NUMBER, "N",
        "maximum number of processes of each user (default: 4096)"),
    ROW(run.max_write, "max-write", 0, TEXT, "BYTES",
        "kill the program when it has written more than BYTES to the disk (default: 10G)"),
    ROW(run.ignore, "ignore", 0, LIST, "REGEX",
        "do not compare lines of output that match the extended regular expression; repeatable"),
    ROW(run.compare_output, "compare-output", 0, FLAG, NULL,
        "compare the program's output also if the program was stopped"),
    ROW(run.dry_run, "dry-run", 0, FLAG, NULL,
        "print the command lines of bubblewrap and strace; run nothing"),
    ROW(json, "json", 0, FLAG, NULL, "print JSON"),
    ROW(rules, "rules", 0, TEXT, "FILE", "check the rules in FILE; exit with 1 if a rule fails"),
    ROW(no_mtime, "no-mtime", 0, FLAG, NULL,
        "ignore paths that differ only in their modification time"),
    ROW(quiet, "quiet", 'q', FLAG, NULL, "print no progress and no summary"),
    ROW(help, "help", 0, FLAG, NULL, "print this help"),
    ROW(version, "version", 0, FLAG, NULL, "print the versions of xsmall and of its libraries"),
#undef ROW
#undef CHOICE
};
enum { N_ROWS = sizeof rows / sizeof *rows };

static const char explorer_options[] =
    " base run check cwd replace follow image platform verify spool ";
static const char common_options[] = " session quiet help version ";

static bool takes(const struct command *command, const struct option_row *row)
{
    char word[64];
    snprintf(word, sizeof word, " %s ", row->info.name);
    return strstr(common_options, word) ||
           strstr(command ? command->options : explorer_options, word);
}

bool args_option(size_t i, struct option_info *out)
{
    if (i >= N_ROWS)
        return false;
    *out = rows[i].info;
    return true;
}

bool args_next_option(const struct command *command, size_t *at, struct option_info *out)
{
    while (*at < N_ROWS && (!takes(command, &rows[*at]) ||
                            (command && command->no_session && rows[*at].info.letter == 's')))
        ++*at;
    if (!args_option(*at, out))
        return false;
    for (const struct option_text *text = command ? command->texts : NULL; text && text->name;
         text++) {
        if (strcmp(text->name, out->name))
            continue;
        out->argument = text->argument;
        out->help = text->help;
    }
    ++*at;
    return true;
}

static bool store_value(const struct option_row *row, const char *text, struct args *out,
                        struct err *err)
{
    void *at = (char *)out + row->offset;
    char *end;
    switch (row->value) {
    case FLAG:
        *(bool *)at = true;
        return true;
    case TEXT:
        *(const char **)at = text;
        return true;
    case LIST: {
        struct args_list *list = at;
        if (list->n == ARGS_LIST_MAX)
            return err_set(err, "--%s: given more than %d times", row->info.name, ARGS_LIST_MAX);
        list->items[list->n++] = text;
        return true;
    }
    case NUMBER:
        *(int *)at = (int)strtol(text, &end, 10);
        if (*end || end == text || *(int *)at < 1)
            return err_set(err, "--%s %s: expected a number from 1", row->info.name, text);
        return true;
    }
    return false;
}

/* Makes the tables of getopt_long(3) for the options of a command; val is the index of the row
 * + 256. */
static void make_tables(const struct command *command, struct option *longs, char *letters)
{
    *letters++ = ':'; /* getopt_long returns ':' if an argument is missing, and prints nothing */
    for (int i = 0; i < N_ROWS; i++) {
        if (!takes(command, &rows[i]))
            continue;
        bool argument = rows[i].value != FLAG;
        *longs++ = (struct option){rows[i].info.name, argument, NULL, i + 256};
        if (rows[i].info.letter)
            *letters++ = rows[i].info.letter;
        if (rows[i].info.letter && argument)
            *letters++ = ':';
    }
    *longs = (struct option){0};
    *letters = 0;
}

/* Returns the row of a code that make_tables put into the tables. */
static const struct option_row *row_of(int code)
{
    int i = code - 256;
    if (code < 256)
        for (i = 0; rows[i].info.letter != code; i++)
            continue;
    return &rows[i];
}

/* Always returns false. */
static bool refuse_unknown(const struct command *command, const char *word, struct err *err)
{
    struct suggestion similar = {0};
    struct option_info option;
    for (size_t at = 0;
         word[0] == '-' && word[1] == '-' && args_next_option(command, &at, &option);)
        suggestion_try(&similar, word + 2, option.name);
    BUF_AUTO struct buf of = {0};
    if (command)
        buf_printf(&of, " of xsmall %s", command->name);
    if (similar.best)
        return err_set(err, "%s: unknown option%s; did you mean --%s?", word, buf_str(&of),
                       similar.best);
    return err_set(err, "%s: unknown option%s; see xsmall %s%s--help", word, buf_str(&of),
                   command ? command->name : "", command ? " " : "");
}

/* Returns the number of words after "--". */
static size_t count_after_dashes(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--"))
            return (size_t)(argc - i - 1);
    return 0;
}

bool args_parse(const struct command *command, int argc, char **argv, struct args *out,
                struct err *err)
{
    struct option longs[N_ROWS + 1];
    char letters[2 * N_ROWS + 2];
    size_t n_after = count_after_dashes(argc, argv); /* getopt_long moves the operands */
    make_tables(command, longs, letters);
    *out = (struct args){0};
    opterr = 0;
    optind = 0; /* glibc: scan from the start */
    int code;
    while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const char *word = argv[optind - 1];
        if (code == '?')
            return refuse_unknown(command, word, err);
        if (code == ':')
            return err_set(err, "%s: argument missing; see xsmall %s%s--help", word,
                           command ? command->name : "", command ? " " : "");
        if (!store_value(row_of(code), optarg, out, err))
            return false;
    }
    out->operands = (const char *const *)argv + optind;
    out->n_operands = (size_t)(argc - optind);
    if (command && command->has_command) {
        out->n_command = n_after < out->n_operands ? n_after : out->n_operands;
        out->n_operands -= out->n_command;
        out->command = out->operands + out->n_operands;
    }
    return true;
}

struct load_request args_load_request(const struct args *args, const char *session_path)
{
    return (struct load_request){.session_path = session_path,
                                 .operands = args->operands,
                                 .n_operands = args->n_operands,
                                 .base = args->load.base,
                                 .run = args->load.run,
                                 .cwd = args->load.cwd,
                                 .check = args->load.check,
                                 .replace = args->load.replace,
                                 .choice = {args->load.image, args->load.platform},
                                 .verify = args->load.verify};
}

bool args_read_stdin(struct args *args, struct args_stdin *keep, struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < args->n_operands; i++)
        n += !strcmp(args->operands[i], "-");
    if (n > 1 || (args->load.base && !strcmp(args->load.base, "-")))
        return err_set(err, "-: standard input can only be the subject image; give it once");
    if (!n)
        return !args->load.spool ||
               err_set(err,
                       "--spool: no image is read from standard input; use it with the operand -");
    if (!args->quiet)
        fputs("xsmall: reading standard input\n", stderr);
    if (!image_read_stdin(args->load.spool, &keep->ref, err))
        return false;
    keep->operands = mem_array(NULL, args->n_operands, sizeof *keep->operands);
    for (size_t i = 0; i < args->n_operands; i++)
        keep->operands[i] = strcmp(args->operands[i], "-") ? args->operands[i] : keep->ref.p;
    args->operands = keep->operands;
    return true;
}

void args_stdin_finish(struct args_stdin *keep)
{
    buf_finish(&keep->ref);
    free(keep->operands);
}
