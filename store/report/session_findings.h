/* SPDX-License-Identifier: MIT
 *
 * The doctor's findings of an open investigation: those of the logs alone (trace/doctor/doctor.h), and
 * what only logs and subject together show.
 */
#ifndef XSMALL_REPORT_SESSION_FINDINGS_H
#define XSMALL_REPORT_SESSION_FINDINGS_H

#include "trace/doctor/doctor.h"
#include "session/session.h"

/* Appends. x is settled (xsmall_settle); without a subject, or not settled, the logs alone. */
bool xsmall_examine(struct xsmall *x, struct findings *out, struct err *err);

#endif
