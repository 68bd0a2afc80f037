/* SPDX-License-Identifier: MIT */
#include "app/nav_stack.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"

/* Returns the bytes of a view's details, rounded up so that the next view's details are aligned. */
static size_t aligned_size(const struct view *view)
{
    size_t unit = alignof(max_align_t);
    return (view->place.size + unit - 1) / unit * unit;
}

static size_t details_size(const struct views *views)
{
    size_t n = 0;
    for (size_t i = 0; i < views->n; i++)
        n += aligned_size(views->all[i]);
    return n;
}

static unsigned char *leave_all(struct app *app)
{
    const struct views *views = &app->views;
    unsigned char *details = mem_zero(details_size(views) + 1, 1), *at = details;
    for (size_t i = 0; i < views->n; at += aligned_size(views->all[i++]))
        if (views->all[i]->place.leave)
            views->all[i]->place.leave(app, at);
    return details;
}

static void come_back_all(struct app *app, const struct view *to, const unsigned char *at)
{
    const struct views *views = &app->views;
    for (size_t i = 0; i < views->n; at += aligned_size(views->all[i++]))
        if (views->all[i]->place.come_back)
            views->all[i]->place.come_back(app, to, at);
}

static const unsigned char *details_of(const struct views *views, const struct nav_place *place)
{
    const unsigned char *at = place->details;
    for (size_t i = 0; views->all[i] != place->view; i++)
        at += aligned_size(views->all[i]);
    return at;
}

void nav_stack_note(struct app *app)
{
    struct nav_stack *history = &app->history;
    if (history->goes_back || app->view->is_transient)
        return;
    if (history->n == NAV_STACK_MAX) {
        free(history->places[0].details);
        history->n--;
        memmove(history->places, history->places + 1, history->n * sizeof *history->places);
    }
    history->places[history->n++] = (struct nav_place){
        .view = app->view, .list = *app->view->list(app), .details = leave_all(app)};
}

bool nav_stack_back(struct app *app)
{
    struct nav_stack *history = &app->history;
    if (!history->n)
        return false;
    struct nav_place place = history->places[--history->n];
    history->goes_back = true;
    if (place.view->place.reopen)
        place.view->place.reopen(app, details_of(&app->views, &place));
    else
        app_open(app, place.view);
    come_back_all(app, place.view, place.details);
    *place.view->list(app) = place.list;
    history->goes_back = false;
    free(place.details);
    return true;
}

void nav_stack_renew(struct app *app, enum view_renewal renewal)
{
    const struct views *views = &app->views;
    for (size_t i = 0; i < app->history.n; i++) {
        unsigned char *at = app->history.places[i].details;
        for (size_t k = 0; k < views->n; at += aligned_size(views->all[k++]))
            if (views->all[k]->place.renew)
                views->all[k]->place.renew(at, renewal);
    }
}

void nav_stack_finish(struct nav_stack *history)
{
    for (size_t i = 0; i < history->n; i++)
        free(history->places[i].details);
    history->n = 0;
}
