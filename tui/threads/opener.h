/* SPDX-License-Identifier: MIT
 *
 * Reads a session into memory on a separate thread, so that keys work while a large session is
 * read.
 */
#ifndef XSMALL_TUI_THREADS_OPENER_H
#define XSMALL_TUI_THREADS_OPENER_H

#include "db/writer_lock.h"
#include "session/session.h"

struct opener;
/* OPENER_SETTLE: also computes the matching lines and the kept tree, so that the screen never shows
 * a session without its results. */
enum opener_way { OPENER_READ, OPENER_SETTLE };
/* Opens the session and creates it if it does not exist; read-only if another program has its
 * writer lock. session_path and seat are borrowed until opener_finish; wake is an eventfd that is
 * written when the session has been read. */
bool opener_start(const char *session_path, struct writer_lock *seat, enum opener_way way, int wake,
                  struct opener **out, struct err *err);
bool opener_is_over(struct opener *opener);
/* Waits for the end and frees the opener. Returns the session, which the caller owns, or NULL with
 * err. */
struct session *opener_finish(struct opener *opener, struct err *err);

#endif
