/* SPDX-License-Identifier: MIT */
#include "app/view.h"

bool view_takes(const struct view *view, enum action action)
{
    if (action == ACTION_PROPOSE || action == ACTION_PROPOSE_IN)
        return view->propose;
    if (action == ACTION_RANGE || action == ACTION_COPY)
        return true;
    if (action == ACTION_DEAD) /* from everywhere but the patterns, which have another use for d */
        return true;
    for (const enum action *taken = view->takes; taken && *taken; taken++)
        if (*taken == action)
            return true;
    return false;
}
