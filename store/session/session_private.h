/* SPDX-License-Identifier: MIT
 *
 * What the files of store/session share; no other room includes it.
 */
#ifndef XSMALL_SESSION_SESSION_PRIVATE_H
#define XSMALL_SESSION_SESSION_PRIVATE_H

#include "session/session.h"

/* Reads chain, marks and notes. A chain that cannot be bound is kept; chain_err says why. */
bool session_read_decisions(struct session *session, struct err *err);

#endif
