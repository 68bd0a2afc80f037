/* SPDX-License-Identifier: MIT
 *
 * xsmall load --follow.
 */
#ifndef XSMALL_TUI_CLI_LOAD_FOLLOW_H
#define XSMALL_TUI_CLI_LOAD_FOLLOW_H

#include "cli/command.h"

/* Loads until the traced processes have ended, or until a signal arrives. Returns an exit code. */
int load_follow(const struct args *args, const struct load_request *request, struct err *err);

#endif
