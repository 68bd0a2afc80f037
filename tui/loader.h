/* SPDX-License-Identifier: MIT
 *
 * A load on a thread of its own, with a database connection of its own; the screen, or the progress
 * line, goes on.
 */
#ifndef XSMALL_TUI_LOADER_H
#define XSMALL_TUI_LOADER_H

#include "xsmall.h"

struct loader;
/* wake is an eventfd that is written when the load is over. What request points at is borrowed
 * until loader_finish. */
bool loader_start(const struct load_request *request, int wake, struct loader **out,
                  struct err *err);
struct progress *loader_progress(struct loader *loader);
bool loader_is_over(struct loader *loader);
/* Waits; false with err if the load failed. Frees it. */
bool loader_finish(struct loader *loader, struct load_result *result, struct err *err);

#endif
