/* SPDX-License-Identifier: MIT
 *
 * The explorer without a terminal: start, the work between two keys, and end.
 *
 *     app_init(&app, &options, &err);
 *     while (app_turn(&app, &err))       // handles the results of the threads
 *         input_key(&app, key), paint(&app);
 *     app_finish(&app);
 */
#ifndef XSMALL_TUI_EXPLORER_APP_TURN_H
#define XSMALL_TUI_EXPLORER_APP_TURN_H

#include "app/app.h"
#include "explorer/explorer.h"

bool app_init(struct app *app, const struct explorer_options *options, struct err *err);
void app_finish(struct app *app);
/* Handles the results of the threads and starts the next work. Returns false if the explorer must
 * end: after quit, or after an error if err->kind is not ERR_NONE. */
bool app_turn(struct app *app, struct err *err);
/* Returns true if no thread works and no search runs: only a key can change the screen. */
bool app_is_idle(const struct app *app);
/* Returns the milliseconds until the next turn if no thread has a result; -1: no limit. */
int app_timeout(const struct app *app);

#endif
