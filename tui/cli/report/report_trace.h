/* SPDX-License-Identifier: MIT
 *
 * The parts of `xsmall report` that are about the traces: the doctor's findings, and the runs with
 * what each of them adds. And the short warnings of `xsmall load`.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_TRACE_H
#define XSMALL_TUI_CLI_REPORT_REPORT_TRACE_H

#include "session/session.h"

/* Each gathers and prints to stdout; session is settled. JSON: members of an object, each with a
 * comma and a newline after it. */
bool report_trace_text(struct session *session, struct err *err);
bool report_trace_json(struct session *session, struct err *err);
/* A line for each warning on stderr, nothing where there is none. */
bool report_trace_warn(struct session *session, struct err *err);

#endif
