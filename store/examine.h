/* SPDX-License-Identifier: MIT
 *
 * The doctor's findings of an open investigation: those of the logs alone (trace/doctor.h), and
 * what only logs and subject together show.
 */
#ifndef XSMALL_EXAMINE_H
#define XSMALL_EXAMINE_H

#include "trace/doctor.h"
#include "xsmall.h"

/* Appends. x is settled (xsmall_settle); without a subject, or not settled, the logs alone. */
bool xsmall_examine(struct xsmall *x, struct findings *out, struct err *err);

#endif
