/* SPDX-License-Identifier: MIT
 *
 * The text of --help: of the program or of one command.
 */
#ifndef XSMALL_TUI_CLI_USAGE_H
#define XSMALL_TUI_CLI_USAGE_H

#include "cli/command.h"

/* To stdout. NULL: the program's. */
void usage_print(const struct command *command);

#endif
