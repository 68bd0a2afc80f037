/* SPDX-License-Identifier: MIT */
#include "app/view.h"

#include <assert.h>
#include <stdlib.h>

#include "app/action_handlers.h"
#include "app/app.h"

bool view_takes(const struct view *view, enum action action)
{
    if (action == ACTION_PROPOSE || action == ACTION_PROPOSE_IN)
        return view->propose;
    if (action == ACTION_RANGE || action == ACTION_COPY)
        return true;
    for (const enum action *taken = view->takes; taken && *taken; taken++)
        if (*taken == action)
            return true;
    return false;
}

bool view_act(struct app *app, enum action action)
{
    if (app->focus != SCOPE_BODY || !view_takes(app->view, action) || !app->view->act)
        return false;
    app->range.is_active = false; /* the action may change the rows */
    return app->view->act(app, action);
}

void views_init(struct views *views, const struct view *const *all, size_t n)
{
    *views = (struct views){.all = all, .n = n, .states = mem_zero(n, sizeof *views->states)};
    for (size_t i = 0; i < n; i++) {
        assert(all[i]->id == i);
        if (all[i]->state.size)
            views->states[i] = mem_zero(1, all[i]->state.size);
    }
}

void views_finish(struct views *views)
{
    for (size_t i = 0; i < views->n; i++)
        free(views->states[i]);
    free(views->states);
    *views = (struct views){0};
}

const struct view *views_opened_by(const struct views *views, enum action action)
{
    for (size_t i = 0; i < views->n; i++)
        if (action != ACTION_NONE && views->all[i]->opens == action)
            return views->all[i];
    return NULL;
}

const struct view *views_tab(const struct views *views, size_t tab)
{
    for (size_t i = 0; i < views->n; i++)
        if (views->all[i]->tab == views->all[i] && !tab--)
            return views->all[i];
    return NULL;
}

void *view_state(const struct app *app, const struct view *view)
{
    return app->views.states[view->id];
}
