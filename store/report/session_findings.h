/* SPDX-License-Identifier: MIT
 *
 * The findings about the traces of an open session: the findings from the logs alone
 * (trace/doctor/doctor.h), and the findings that need both logs and subject image.
 */
#ifndef XSMALL_REPORT_SESSION_FINDINGS_H
#define XSMALL_REPORT_SESSION_FINDINGS_H

#include "trace/doctor/doctor.h"
#include "session/session.h"

/* Appends the findings. Call session_settle first. If there is no subject image, or session is not
 * settled, appends only the findings from the logs. */
bool session_findings(struct session *session, struct findings *out, struct err *err);

#endif
