/* SPDX-License-Identifier: MIT
 *
 * The doctor's findings of an open investigation: those of the logs alone (trace/doctor/doctor.h),
 * and what only logs and subject together show.
 */
#ifndef XSMALL_REPORT_SESSION_FINDINGS_H
#define XSMALL_REPORT_SESSION_FINDINGS_H

#include "trace/doctor/doctor.h"
#include "session/session.h"

/* Appends. session is settled (session_settle); without a subject, or not settled, the logs alone.
 */
bool session_findings(struct session *session, struct findings *out, struct err *err);

#endif
