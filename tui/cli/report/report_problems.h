/* SPDX-License-Identifier: MIT
 *
 * Warnings of `xsmall load` about entries of an image that could not be loaded as they are:
 * rejected names, hard links without a file, entries below a file. `xsmall report` prints all
 * problems.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_PROBLEMS_H
#define XSMALL_TUI_CLI_REPORT_REPORT_PROBLEMS_H

#include "session/session.h"

/* Prints the problems of the images that result has as new to stderr, one per line; after some
 * lines only their number. */
bool report_problems_warn(struct session *session, const struct load_result *result,
                          struct err *err);

#endif
