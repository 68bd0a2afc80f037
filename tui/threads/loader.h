/* SPDX-License-Identifier: MIT
 *
 * Loads images and logs on a separate thread with its own database connection, so that the screen
 * or the progress line stays responsive.
 */
#ifndef XSMALL_TUI_THREADS_LOADER_H
#define XSMALL_TUI_THREADS_LOADER_H

#include "session/session.h"

struct loader;
/* LOADER_FOLLOW: logs that are still being written are loaded again and again (log_watcher.h). */
enum loader_way { LOADER_ONCE, LOADER_FOLLOW };
/* Starts a load. wake is an eventfd; it is written when other connections can read the loaded data
 * and when the load has ended, and for LOADER_FOLLOW after each load. The pointers in request are
 * borrowed until loader_finish. */
bool loader_start(const struct load_request *request, enum loader_way way, int wake,
                  struct loader **out, struct err *err);
bool loader_is_following(const struct loader *loader);
/* Returns the number of finished loads of LOADER_FOLLOW. */
unsigned loader_n_done(struct loader *loader);
struct progress *loader_progress(struct loader *loader);
bool loader_is_over(struct loader *loader);
/* Returns the result, or NULL if other connections cannot read the loaded data yet or the load
 * failed. */
const struct load_result *loader_shown(struct loader *loader);
/* Waits for the end and frees the loader. Returns false with err if the load failed. */
bool loader_finish(struct loader *loader, struct load_result *result, struct err *err);

#endif
