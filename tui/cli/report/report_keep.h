/* SPDX-License-Identifier: MIT
 *
 * The parts of `xsmall report` that are about the kept tree: what the base has of it, by class;
 * how much of it the runs saw; the libraries that only the files or only the trace know of; the
 * kinds of needs that are off.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_KEEP_H
#define XSMALL_TUI_CLI_REPORT_REPORT_KEEP_H

#include "session/session.h"

/* session is settled. Without a subject: nothing. */
bool report_keep_text(struct session *session, struct err *err);
/* Members of the report's object, a comma after each. */
bool report_keep_json(struct session *session, struct err *err);

#endif
