/* SPDX-License-Identifier: MIT
 *
 * Reads a session into memory on a thread of its own; the screen goes on with what it has, and no
 * key waits for a session of a million lines.
 */
#ifndef XSMALL_TUI_THREADS_OPENER_H
#define XSMALL_TUI_THREADS_OPENER_H

#include "db/writer_lock.h"
#include "session/session.h"

struct opener;
/* OPENER_SETTLE: its survivors and its kept tree are found too, so that the screen goes from one
 * whole state to the next. */
enum opener_way { OPENER_READ, OPENER_SETTLE };
/* Opens the session and creates it if it does not exist; read-only if another program has its
 * writer lock. session_path and seat are borrowed until opener_finish; wake is an eventfd that is
 * written when the session has been read. */
bool opener_start(const char *session_path, struct writer_lock *seat, enum opener_way way, int wake,
                  struct opener **out, struct err *err);
bool opener_is_over(struct opener *opener);
/* Waits, and frees it. The session is yours; NULL with err if it cannot be read. */
struct session *opener_finish(struct opener *opener, struct err *err);

#endif
