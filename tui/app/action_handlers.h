/* SPDX-License-Identifier: MIT
 *
 * What each action does: the functions that ACTIONS and ACTION_ARGUMENTS (actions.h) name. Each is
 * in the file of what it acts on.
 */
#ifndef XSMALL_TUI_APP_ACTION_HANDLERS_H
#define XSMALL_TUI_APP_ACTION_HANDLERS_H

#include "app/actions.h"

struct app;

/* False: the action means nothing where the focus is, and nothing was done. */
typedef bool action_act(struct app *app, enum action action);
/* The same with an argument, which is not empty. */
typedef bool action_act_with(struct app *app, enum action action, struct bytes argument);

#define X(id, scope, name, keys, handler, help) action_act handler;
ACTIONS(X)
#undef X

#define X(id, argument, handler) action_act_with handler;
ACTION_ARGUMENTS(X)
#undef X

action_act app_switch_need; /* of the actions that switch a dependency kind */

/* The functions live in rooms that know app, and app calls them through this. */
struct action_handlers {
    action_act *(*alone)(enum action action);
    action_act_with *(*with_argument)(enum action action);
};
extern const struct action_handlers action_handlers;
action_act *action_handler(enum action action);           /* NULL for ACTION_NONE */
action_act_with *action_handler_with(enum action action); /* NULL: it takes no argument */

#endif
