/* SPDX-License-Identifier: MIT
 *
 * Functions that the files of store/session share; no other room includes this header.
 */
#ifndef XSMALL_SESSION_SESSION_PRIVATE_H
#define XSMALL_SESSION_SESSION_PRIVATE_H

#include "session/session.h"

/* Reads chain, marks and notes. If the chain cannot be bound, it is kept, and chain_err has the
 * reason. */
bool session_read_decisions(struct session *session, struct err *err);

#endif
