/* SPDX-License-Identifier: MIT
 *
 * The explorer without a terminal: set-up, what is done between two keys, and the end.
 *
 *     app_init(&app, &options, &err);
 *     while (app_turn(&app, &err))       // the threads' results; a load; a session read again
 *         input_key(&app, key), paint(&app);
 *     app_finish(&app);
 */
#ifndef XSMALL_TUI_EXPLORER_APP_TURN_H
#define XSMALL_TUI_EXPLORER_APP_TURN_H

#include "app/app.h"
#include "explorer/explorer.h"

bool app_init(struct app *app, const struct explorer_options *options, struct err *err);
void app_finish(struct app *app);
/* Takes what has come from the threads and gives them more to do. False: leave, err says why if
 * its kind is not ERR_NONE. */
bool app_turn(struct app *app, struct err *err);
/* Whether no thread works and no search runs: without a key, the screen stays as it is. */
bool app_is_idle(const struct app *app);
/* Milliseconds until the next turn if nothing comes from the threads; -1: none is needed. */
int app_timeout(const struct app *app);

#endif
