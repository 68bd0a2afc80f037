/* SPDX-License-Identifier: MIT
 *
 * From the options of run to what is run (run/run_spec.h).
 */
#ifndef XSMALL_TUI_CLI_RUN_OPTIONS_H
#define XSMALL_TUI_CLI_RUN_OPTIONS_H

#include "cli/args.h"
#include "run/run_spec.h"

/* Fills a spec that run_spec_init made. The session has a subject image. */
bool run_options_read(const struct args *args, struct session *session, struct run_spec *spec,
                      struct err *err);

#endif
