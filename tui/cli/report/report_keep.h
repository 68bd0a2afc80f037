/* SPDX-License-Identifier: MIT
 *
 * The parts of `xsmall report` about the kept tree: the comparison with the base image, by class;
 * how many kept files the runs used; the libraries that are linked but never opened, or opened
 * without being linked; the dependency kinds that are off.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_KEEP_H
#define XSMALL_TUI_CLI_REPORT_REPORT_KEEP_H

#include "session/session.h"

/* session must be settled. If there is no subject image, prints nothing. */
bool report_keep_text(struct session *session, struct err *err);
/* Prints members of the JSON object of the report, with a comma after each. */
bool report_keep_json(struct session *session, struct err *err);

#endif
