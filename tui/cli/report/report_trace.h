/* SPDX-License-Identifier: MIT
 *
 * The parts of `xsmall report` about the traces: the gaps that the doctor finds, and the runs with
 * the files that each one adds. Also the short warnings of `xsmall load`.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_TRACE_H
#define XSMALL_TUI_CLI_REPORT_REPORT_TRACE_H

#include "session/session.h"

/* Print the gaps in the trace and the runs to stdout, as text or as JSON members, each followed by
 * a comma and a newline. The session must be settled. */
bool report_trace_text(struct session *session, struct err *err);
bool report_trace_json(struct session *session, struct err *err);
/* Prints one line for each warning to stderr. */
bool report_trace_warn(struct session *session, struct err *err);

#endif
