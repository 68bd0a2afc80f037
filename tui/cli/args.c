/* SPDX-License-Identifier: MIT */
#include "cli/args.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

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
    ROW(session_path, "session", 's', TEXT, "SESSION", "the session file"),
    ROW(load.base, "base", 0, TEXT, "REF", "the base image, or none"),
    ROW(load.run, "run", 0, TEXT, "NAME", "add the logs to this run"),
    ROW(load.check, "check", 0, FLAG, NULL, "the logs were traced in the slim image"),
    ROW(load.cwd, "cwd", 0, TEXT, "DIR", "where the traced program started"),
    ROW(load.replace, "replace", 0, FLAG, NULL, "another image takes the place of the subject"),
    ROW(load.follow, "follow", 0, FLAG, NULL,
        "go on loading as the logs grow, until the program ends"),
    ROW(load.image, "image", 0, NUMBER, "N", "which image of an archive that holds several"),
    ROW(load.image_b, "image-b", 0, NUMBER, "N", "the same of B"),
    ROW(load.platform, "platform", 0, TEXT, "P", "which platform of an image: OS/ARCH[/VARIANT]"),
    ROW(load.verify, "verify", 0, FLAG, NULL,
        "load: hash what has a digest, refuse what differs; export: write verify.sh too"),
    ROW(load.spool, "spool", 0, TEXT, "FILE", "keep the image read from standard input (-) there"),
    ROW(add, "add", 0, TEXT, "WHAT", "a stage ('grep -v X'), or the family of that name"),
    CHOICE(closure, "closure", 0, TEXT, "KINDS",
           "needs to follow, several with commas, with a - in front not", values_closure),
    ROW(refuse, "refuse", 0, TEXT, "NAME", "leave out what the family would add; remembered"),
    CHOICE(chain.target, "target", 0, TEXT, "T", "what the new stages, or stage N, are on",
           values_targets),
    ROW(chain.on, "on", 0, NUMBER, "N", "switch stage N on"),
    ROW(chain.off, "off", 0, NUMBER, "N", "switch stage N off"),
    ROW(chain.remove, "delete", 0, NUMBER, "N", "delete stage N"),
    ROW(chain.move, "move", 0, NUMBER, "N M", "move stage N to place M"),
    ROW(chain.use, "use", 0, TEXT, "NAME", "add the stages of a set behind the others"),
    ROW(chain.save, "save", 0, TEXT, "NAME", "make the stages a set of your own"),
    ROW(chain.sets, "sets", 0, FLAG, NULL, "list the sets, or print the one that is named"),
    ROW(chain.count, "count", 'c', FLAG, NULL, "print the number of lines only"),
    ROW(files.kept, "kept", 0, FLAG, NULL, "the files to copy (default)"),
    ROW(files.in_base, "in-base", 0, FLAG, NULL, "needed, and given by the base"),
    ROW(files.dropped, "dropped", 0, FLAG, NULL, "in the subject, not needed"),
    ROW(files.all, "all", 0, FLAG, NULL, "every entry of the subject"),
    ROW(files.zero, "null", '0', FLAG, NULL, "end each path with NUL instead of newline"),
    ROW(keep, "keep", 0, FLAG, NULL, "mark keep what would break"),
    ROW(message, "message", 'm', TEXT, "TEXT", "a note on the marked paths"),
    ROW(survivors, "survivors", 0, FLAG, NULL, "the files that the surviving lines use"),
    CHOICE(export.form, "form", 0, TEXT, "FORM", "how the small image is said", values_forms),
    CHOICE(export.style, "style", 0, TEXT, "STYLE",
           "of an image: a docker-archive or an OCI archive; of a list: for tar -T or rsync",
           values_styles),
    ROW(output, "output", 'o', TEXT, "DIR",
        "write into this directory; trace: begin the logs' names so"),
    CHOICE(export.builder, "builder", 0, TEXT, "NAME",
           "which builder the Dockerfile is for; buildah-1.28: any below 1.38", values_builders),
    ROW(export.map, "map", 0, LIST, "FROM=TO",
        "FROM and all below it stand at TO in the small image; again for more; FROM= takes it "
        "back; "
        "remembered"),
    ROW(export.no_squash, "no-squash", 0, FLAG, NULL, "leave the layers of the base"),
    ROW(export.squash_only, "squash-only", 0, FLAG, NULL, "the subject as it is, in one layer"),
    ROW(export.why, "why", 0, FLAG, NULL,
        "a comment for each path that is copied: why it is there"),
    ROW(export.snippet, "snippet", 0, FLAG, NULL, "only the lines for one's own Dockerfile"),
    ROW(export.stage, "stage", 0, TEXT, "NAME", "the snippet's source stage"),
    ROW(export.subject_name, "subject-name", 0, TEXT, "NAME",
        "the subject's name for FROM; remembered"),
    ROW(export.base_name, "base-name", 0, TEXT, "NAME", "the base's name for FROM; remembered"),
    ROW(json, "json", 0, FLAG, NULL, "print JSON"),
    ROW(rules, "rules", 0, TEXT, "FILE", "check these rules; exit with 1 if one fails"),
    ROW(no_mtime, "no-mtime", 0, FLAG, NULL, "leave out what differs in its time alone"),
    ROW(quiet, "quiet", 'q', FLAG, NULL, "no progress, no summary"),
    ROW(help, "help", 0, FLAG, NULL, "this text"),
    ROW(version, "version", 0, FLAG, NULL, "the version"),
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

bool args_takes(const struct command *command, size_t i)
{
    return takes(command, &rows[i]);
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
            return err_set(err, "--%s: at most %d at once", row->info.name, ARGS_LIST_MAX);
        list->items[list->n++] = text;
        return true;
    }
    case NUMBER:
        *(int *)at = (int)strtol(text, &end, 10);
        if (*end || end == text || *(int *)at < 1)
            return err_set(err, "--%s: '%s' is not a number from 1", row->info.name, text);
        return true;
    }
    return false;
}

/* What getopt_long gets: the options of this command, val = index of the row + 256. */
static void make_tables(const struct command *command, struct option *longs, char *letters)
{
    *letters++ =
        ':'; /* report a missing argument apart from an unknown option; print no messages */
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

/* code: one that make_tables gave to getopt_long. */
static const struct option_row *row_of(int code)
{
    int i = code - 256;
    if (code < 256)
        for (i = 0; rows[i].info.letter != code; i++)
            continue;
    return &rows[i];
}

bool args_parse(const struct command *command, int argc, char **argv, struct args *out,
                struct err *err)
{
    struct option longs[N_ROWS + 1];
    char letters[2 * N_ROWS + 2];
    make_tables(command, longs, letters);
    *out = (struct args){0};
    opterr = 0;
    optind = 0; /* glibc: scan from the start */
    int code;
    while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const char *word = argv[optind - 1];
        if (code == '?')
            return err_set(err, "%s: unknown option%s%s (see --help)", word,
                           command ? " of xsmall " : "", command ? command->name : "");
        if (code == ':')
            return err_set(err, "%s: an argument is missing", word);
        if (!store_value(row_of(code), optarg, out, err))
            return false;
    }
    out->operands = (const char *const *)argv + optind;
    out->n_operands = (size_t)(argc - optind);
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
        return err_set(err, "-: standard input is one image, the subject");
    if (!n)
        return !args->load.spool || err_set(err, "--spool: no image comes from standard input (-)");
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
