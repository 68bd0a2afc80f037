/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/command.h"
#include "cli/docs.h"
#include "cli/output.h"
#include "cli/usage.h"

static int run_help(const struct args *args, struct err *err)
{
    BUF_AUTO struct buf text = {0};
    if (args->n_operands > 1)
        return err_set(err, "help: one word at the most (see --help)"), EXIT_FAILED;
    const char *name = args->n_operands ? args->operands[0] : NULL;
    const struct command *command = name ? command_find(name) : NULL;
    if (!name || command)
        usage_print(command);
    else if (docs_write(bytes_of(name), &text))
        output_bytes(stdout, buf_bytes(&text));
    else
        return err_set(err, "help: %s is no command, and no document", name), EXIT_FAILED;
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

const struct command command_help = {
    .name = "help",
    .synopsis = "[COMMAND | man | keys | bash | zsh | fish]",
    .help =
        "Print this help, that of a command, the manual page, the keys, completions for a shell",
    .options = " ",
    .run = run_help,
};
