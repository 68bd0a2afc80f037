/* SPDX-License-Identifier: MIT */
#include "app/action_handlers.h"

action_act *action_handler(enum action action)
{
    static action_act *const handlers[N_ACTIONS] = {
#define X(id, scope, name, keys, handler, help) [ACTION_##id] = handler,
        ACTIONS(X)
#undef X
    };
    return action < N_ACTIONS ? handlers[action] : app_switch_need;
}

action_act_with *action_handler_with(enum action action)
{
    static action_act_with *const handlers[N_ACTIONS] = {
#define X(id, argument, handler) [ACTION_##id] = handler,
        ACTION_ARGUMENTS(X)
#undef X
    };
    return action < N_ACTIONS ? handlers[action] : NULL;
}

const struct action_handlers action_handlers = {action_handler, action_handler_with};
