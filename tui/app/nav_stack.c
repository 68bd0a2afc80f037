/* SPDX-License-Identifier: MIT */
#include "app/nav_stack.h"

#include <string.h>

#include "app/app.h"

void nav_stack_note(struct app *app)
{
    struct nav_stack *history = &app->history;
    struct list *list = app->view->list(app);
    if (history->goes_back || app->view == &view_text || app->view == &view_sets)
        return;
    if (history->n == HISTORY_MAX) {
        history->n--;
        memmove(history->places, history->places + 1, history->n * sizeof *history->places);
    }
    bool tree = app->view == &view_image && list->cursor < app->tree.n;
    history->places[history->n++] =
        (struct nav_place){.view = app->view,
                           .list = *list,
                           .node = app->view == &view_why ? view_why_node(app)
                                   : tree                 ? app->tree.rows[list->cursor]
                                                          : NODE_NONE,
                           .scope = app->layers.scope,
                           .filter = app->pivots.filter,
                           .all_lines = app->all_lines};
}

bool nav_stack_back(struct app *app)
{
    struct nav_stack *history = &app->history;
    if (!history->n)
        return false;
    struct nav_place place = history->places[--history->n];
    history->goes_back = true;
    if (!strcmp(place.view->tab, view_trace.tab))
        pivots_return(app, place.view, &place.filter, place.all_lines);
    else if (place.view == &view_why && place.node != NODE_NONE)
        view_why_open(app, place.node);
    else if (place.view != &view_why)
        app_open(app, place.view);
    if (place.node != NODE_NONE && place.view != &view_why)
        view_image_reveal(app, place.node);
    app->layers.scope = place.scope;
    view_layer_rebuild(app);
    *place.view->list(app) = place.list;
    app->pivots.anchor = UINT64_MAX;
    history->goes_back = false;
    return true;
}

void nav_stack_renew(struct nav_stack *history, bool same_image)
{
    for (size_t i = 0; i < history->n; i++) {
        struct nav_place *place = &history->places[i];
        place->filter.process = PIVOT_ALL;
        place->filter.node = NODE_NONE;
        if (!same_image)
            place->node = NODE_NONE;
    }
}
