/* SPDX-License-Identifier: MIT
 *
 * A load on a thread of its own, with a database connection of its own; the screen, or the progress
 * line, goes on.
 */
#ifndef XSMALL_TUI_THREADS_LOADER_H
#define XSMALL_TUI_THREADS_LOADER_H

#include "session/session.h"

struct loader;
/* LOADER_FOLLOW: logs that are still being written are loaded again and again (log_watcher.h). */
enum loader_way { LOADER_ONCE, LOADER_FOLLOW };
/* wake is an eventfd that is written when the load is shown and when it is over, or when following
 * one of them is. What request points at is borrowed until loader_finish. */
bool loader_start(const struct load_request *request, enum loader_way way, int wake,
                  struct loader **out, struct err *err);
bool loader_is_following(const struct loader *loader);
/* Following: how many loads are done so far. */
unsigned loader_n_done(struct loader *loader);
struct progress *loader_progress(struct loader *loader);
bool loader_is_over(struct loader *loader);
/* What the load has brought, from when it is shown on; NULL: it is not yet, or has failed. */
const struct load_result *loader_shown(struct loader *loader);
/* Waits; false with err if the load failed. Frees it. */
bool loader_finish(struct loader *loader, struct load_result *result, struct err *err);

#endif
