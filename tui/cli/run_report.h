/* SPDX-License-Identifier: MIT
 *
 * What a run did, for people.
 */
#ifndef XSMALL_TUI_CLI_RUN_REPORT_H
#define XSMALL_TUI_CLI_RUN_REPORT_H

#include "run/run.h"

/* Prints the program's output to standard output and standard error, and, unless quiet, how the
 * program and the tests ended, to standard error. */
void run_report_print(const struct run_spec *spec, const struct run_result *result,
                      const char *name, bool quiet);
/* Prints the command lines of bubblewrap and strace. */
void run_report_commands(const struct run_spec *spec);

#endif
