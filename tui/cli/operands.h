/* SPDX-License-Identifier: MIT
 *
 * Operands that are paths of the subject image, or globs: shared by keep, drop, auto and extract.
 */
#ifndef XSMALL_TUI_CLI_OPERANDS_H
#define XSMALL_TUI_CLI_OPERANDS_H

#include "cli/command.h"

/* Finds the nodes of the subject image that the operands match, in the order of the operands.
 * Errors name the command. Returns an exit code. The caller owns *nodes. */
int operands_match(const struct args *args, const struct session *session, const char *command,
                   uint32_t **nodes, size_t *n, struct err *err);

/* Sets a mark on the matched paths, or with --survivors on the files that matching lines use.
 * Returns an exit code. */
int operands_mark(const struct args *args, enum mark mark, struct err *err);

#endif
