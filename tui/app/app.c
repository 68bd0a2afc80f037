/* SPDX-License-Identifier: MIT */
#include "app/app.h"

#include <stdarg.h>
#include <stdio.h>

void app_say(struct app *app, enum role role, const char *fmt, ...)
{
    va_list args;
    char text[1024];
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_clear(&app->message.text);
    buf_add(&app->message.text, bytes_of(text));
    app->message.role = role;
    app->dirty = true;
}

void app_open(struct app *app, const struct view *view)
{
    if (app->view != view && view->tab)
        nav_stack_note(app);
    if (view->tab)
        app->under.n = 0;
    else if (app->view != view && app->under.n < sizeof app->under.views / sizeof *app->under.views)
        app->under.views[app->under.n++] = app->view;
    if (app->view != view)
        search_stop(app);
    app->range.is_active = false;
    app->view = view;
    app->focus = SCOPE_BODY;
    if (view->opened)
        view->opened(app);
}

uint32_t app_n_lines(const struct app *app)
{
    return app->session->corpus->n_logs ? app->session->corpus->n_lines
                                        : line_paths_n_lines(app->session->line_paths);
}

void app_back(struct app *app)
{
    if (!app->under.n)
        return;
    search_stop(app);
    app->range.is_active = false;
    app->view = app->under.views[--app->under.n];
    app->focus = SCOPE_BODY;
}

void app_decided(struct app *app)
{
    app->decisions.now++;
    app->decisions.evaluated = false;
    app->dirty = true;
    app_noted(app);
}

void app_noted(struct app *app)
{
    for (size_t i = 0; i < app->views.n; i++)
        if (app->views.all[i]->state.decided)
            app->views.all[i]->state.decided(app);
}

void app_refreshed(struct app *app)
{
    for (size_t i = 0; i < app->views.n; i++)
        if (app->views.all[i]->state.refresh)
            app->views.all[i]->state.refresh(app);
    app->dirty = true;
}
