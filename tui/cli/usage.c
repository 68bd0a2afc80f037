/* SPDX-License-Identifier: MIT */
#include "cli/usage.h"

#include <stdio.h>

static void print_head(const struct command *command)
{
    if (command) {
        BUF_AUTO struct buf more = {0};
        if (command->explain) {
            buf_byte(&more, '\n');
            command->explain(&more);
        }
        printf("usage: xsmall [-s SESSION] %s %s%s\n%s.\n\n", command->name, command->synopsis,
               buf_str(&more), command->help);
        return;
    }
    printf("usage: xsmall [-s SESSION] [--base REF] [IMAGE] [LOG|DIR ...]\n"
           "       xsmall COMMAND ...\n"
           "Explores a container image with the strace logs of its program, and writes the\n"
           "Dockerfile of a small one.\n\ncommands:\n");
    for (const struct command *const *c = commands; *c; c++)
        printf("  %-8s %s\n", (*c)->name, (*c)->help);
    printf("\noptions of the explorer:\n");
}

static void print_option(const struct option_info *option)
{
    char left[64];
    BUF_AUTO struct buf names = {0};
    snprintf(left, sizeof left, "%s%c%s--%s %s", option->letter ? "-" : " ",
             option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
             option->argument ? option->argument : "");
    printf("  %-28s %s", left, option->help);
    if (option->values) {
        option_values_join(option->values, ", ", &names);
        printf(": %s", names.p);
    }
    putchar('\n');
}

/* What each of an option's values means. */
static void print_values(const struct option_info *option)
{
    BUF_AUTO struct buf lines = {0};
    if (option->values)
        option_values_describe(option->values, &lines);
    if (lines.n)
        printf("\n--%s:\n%s", option->name, lines.p);
}

void usage_print(const struct command *command)
{
    struct option_info option;
    print_head(command);
    for (size_t i = 0; args_option(i, &option); i++)
        if (args_takes(command, i))
            print_option(&option);
    for (size_t i = 0; args_option(i, &option); i++)
        if (args_takes(command, i))
            print_values(&option);
    if (!command)
        printf("\nkeys, mouse and looks: $XDG_CONFIG_HOME/xsmall/config, or that in ~/.config\n");
    if (command && command->print_more)
        command->print_more();
}
