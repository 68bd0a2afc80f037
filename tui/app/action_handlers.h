/* SPDX-License-Identifier: MIT
 *
 * The handlers of the actions: the functions that ACTIONS and ACTION_ARGUMENTS (actions.h) name.
 * Each handler is in the file of the thing that it changes.
 */
#ifndef XSMALL_TUI_APP_ACTION_HANDLERS_H
#define XSMALL_TUI_APP_ACTION_HANDLERS_H

#include "app/actions.h"

struct app;

/* Does the action. Returns false, and does nothing, if the action has no meaning for the current
 * view and focus. */
typedef bool action_act(struct app *app, enum action action);
/* Does the action with an argument, which is not empty. Returns false as action_act does. */
typedef bool action_act_with(struct app *app, enum action action, struct bytes argument);

#define X(id, scope, name, keys, handler, help) action_act handler;
ACTIONS(X)
#undef X

#define X(id, argument, handler) action_act_with handler;
ACTION_ARGUMENTS(X)
#undef X

action_act app_switch_need; /* handler of the actions that switch a dependency kind */

/* app calls the handlers through this table, because they are in rooms that app may not use. */
struct action_handlers {
    action_act *(*alone)(enum action action);
    action_act_with *(*with_argument)(enum action action);
};
extern const struct action_handlers action_handlers;
action_act *action_handler(enum action action);           /* NULL for ACTION_NONE */
action_act_with *action_handler_with(enum action action); /* NULL: no argument is accepted */

#endif
