/* SPDX-License-Identifier: MIT */
#include "cli/docs/usage.h"

#include <stdio.h>

#include "cli/docs/docs.h"
#include "cli/docs/wrap.h"

const char explorer_synopsis[] = "[-s SESSION] [--base REF] [IMAGE] [LOG|DIR ...]";

const struct command_example explorer_examples[] = {
    {"xsmall --base base.tar image.tar logs", "Explore an image with the logs of a directory"},
    {"xsmall --base docker:debian:12-slim docker:app:latest logs",
     "Take the images from the docker engine"},
    {"xsmall", "Open the session, or choose among the images and logs of this directory"},
    {NULL, NULL},
};

static const char ABOUT[] =
    "Makes container images small. xsmall loads an image and the strace logs of its program, shows "
    "which files the program used, what would break without the others, and writes the Dockerfile "
    "of the slim image. Without a command it opens the explorer; ? lists its keys.";

static void add_wrapped(const char *text, size_t column, size_t indent, struct buf *out)
{
    wrap_text(bytes_of(text), WRAP_WORDS, column, indent, WRAP_WIDTH, out);
    buf_byte(out, '\n');
}

static void add_synopsis(const char *before, const char *synopsis, struct buf *out)
{
    size_t column = strlen("usage: xsmall ") + strlen(before);
    buf_printf(out, "usage: xsmall %s", before);
    wrap_text(bytes_of(synopsis), WRAP_GROUPS, column, column, WRAP_WIDTH, out);
    buf_byte(out, '\n');
}

static void add_program_head(struct buf *out)
{
    enum { INDENT = 11 };
    add_synopsis("", explorer_synopsis, out);
    buf_add(out, bytes_of("       xsmall COMMAND ...\n\n"));
    add_wrapped(ABOUT, 0, 0, out);
    buf_add(out, bytes_of("\ncommands (xsmall help COMMAND):\n"));
    for (const struct command *const *c = commands; *c; c++) {
        buf_printf(out, "  %-8s ", (*c)->name);
        add_wrapped((*c)->help, INDENT, INDENT, out);
    }
    buf_add(out, bytes_of("\noptions of the explorer:\n"));
}

static void add_command_head(const struct command *command, struct buf *out)
{
    BUF_AUTO struct buf about = {0}, before = {0};
    buf_printf(&before, "%s%s%s", command->no_session ? "" : "[-s SESSION] ", command->name,
               *command->synopsis ? " " : "");
    add_synopsis(before.p, command->synopsis, out);
    buf_printf(out, "\n%s.\n", command->help);
    usage_about(command, &about);
    if (about.n) {
        buf_byte(out, '\n');
        add_wrapped(about.p, 0, 0, out);
    }
    buf_add(out, bytes_of("\noptions:\n"));
}

void usage_about(const struct command *command, struct buf *out)
{
    if (command->about)
        buf_add(out, bytes_of(command->about));
    if (command->about && command->explain)
        buf_add(out, bytes_of("\n\n"));
    if (command->explain)
        command->explain(out);
}

void usage_option_help(const struct option_info *option, struct buf *out)
{
    buf_add(out, bytes_of(option->help));
    if (option->values) {
        buf_add(out, bytes_of("; one of "));
        option_values_join(option->values, ", ", out);
    }
}

void usage_exit_status(const struct command *command, struct buf *out)
{
    if (command && command->exit_status) {
        buf_add(out, bytes_of(command->exit_status));
        return;
    }
    buf_add(out, bytes_of("0 on success"));
    if (command && command->exit_no)
        buf_printf(out, "; 1 %s", command->exit_no);
    buf_add(out, bytes_of("; 2 if the arguments are rejected or the command fails."));
}

static void add_option(const struct option_info *option, struct buf *out)
{
    enum { INDENT = 31 };
    char left[64];
    BUF_AUTO struct buf help = {0};
    snprintf(left, sizeof left, "%s%c%s--%s %s", option->letter ? "-" : " ",
             option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
             option->argument ? option->argument : "");
    usage_option_help(option, &help);
    buf_printf(out, "  %-28s ", left);
    add_wrapped(help.p, INDENT, INDENT, out);
}

/* Appends the meaning of each value of an option. */
static void add_values(const struct option_info *option, struct buf *out)
{
    enum { INDENT = 17 };
    struct option_value value;
    if (!option->values || !option->values(0, &value) || !value.help)
        return;
    buf_printf(out, "\n--%s:\n", option->name);
    for (size_t i = 0; option->values(i, &value); i++) {
        if (!value.help)
            continue;
        buf_printf(out, "  %-14s ", value.name);
        add_wrapped(value.help, INDENT, INDENT, out);
    }
}

static void add_examples(const struct command_example *examples, struct buf *out)
{
    enum { INDENT = 6 };
    buf_add(out, bytes_of("\nexamples:\n"));
    for (; examples->line; examples++) {
        buf_printf(out, "  %s\n      ", examples->line);
        add_wrapped(examples->effect, INDENT, INDENT, out);
    }
}

void usage_documents(struct buf *out)
{
    enum { INDENT = 18 };
    buf_add(out, bytes_of("documents (xsmall help NAME):\n"));
    for (const struct document *document = documents; document->name; document++) {
        buf_printf(out, "  %-15s ", document->name);
        add_wrapped(document->help, INDENT, INDENT, out);
    }
}

void usage_first_steps(size_t width, struct buf *out)
{
    static const char text[] =
        "To make an image small, run it once in a sandbox, traced; the base image is the one that "
        "the slim image starts from:\n"
        "  xsmall run --base docker:debian:12-slim docker:app:latest\n"
        "Or open the image with logs of strace, which was run in a container of the image:\n"
        "  xsmall --base docker:debian:12-slim docker:app:latest log.*\n"
        "xsmall help guide and xsmall help recipes describe each step.\n";
    wrap_text(bytes_of(text), WRAP_WORDS, 0, 0, width, out);
    buf_byte(out, '\n');
}

void usage_write(const struct command *command, struct buf *out)
{
    struct option_info option;
    BUF_AUTO struct buf exits = {0};
    if (command)
        add_command_head(command, out);
    else
        add_program_head(out);
    for (size_t at = 0; args_next_option(command, &at, &option);)
        add_option(&option, out);
    for (size_t at = 0; args_next_option(command, &at, &option);)
        add_values(&option, out);
    if (command && command->more) {
        buf_byte(out, '\n');
        command->more(out);
    }
    add_examples(command ? command->examples : explorer_examples, out);
    buf_byte(out, '\n');
    usage_exit_status(command, &exits);
    buf_add(out, bytes_of("exit status: "));
    add_wrapped(exits.p, strlen("exit status: "), 0, out);
    if (!command) {
        buf_byte(out, '\n');
        usage_documents(out);
    }
}
