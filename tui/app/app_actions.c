/* SPDX-License-Identifier: MIT
 *
 * Actions that do not depend on the view: open a view, move the focus, undo, redraw, quit.
 */
#include "app/action_handlers.h"
#include "app/app.h"

bool app_open_view(struct app *app, enum action action)
{
    const struct view *view = views_opened_by(&app->views, action);
    struct err err;
    if (!view->open)
        app_open(app, view);
    else if (!view->open(app, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    return true;
}

bool app_go_back(struct app *app, enum action action)
{
    (void)action;
    if (!app->view->tab && app->under.n)
        app_back(app);
    else if (!nav_stack_back(app))
        app_say(app, ROLE_DIM, "no previous view");
    return true;
}

bool app_switch_focus(struct app *app, enum action action)
{
    (void)action;
    app->focus = app->focus == SCOPE_BODY ? SCOPE_PANEL : SCOPE_BODY;
    return true;
}

/* Switches a dependency kind on or off. */
bool app_switch_need(struct app *app, enum action action)
{
    struct err err;
    size_t kind;
    if (!action_is_switch(action, &kind))
        return false;
    unsigned off = app->session->marks->closure_off ^ 1u << kind;
    if (!session_set_switches(app->session, off, &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        return true;
    }
    app_say(app, ROLE_KEEP, "%s: %s; u undoes it", switch_help(kind),
            off >> kind & 1 ? "not followed" : "followed");
    return app_decided(app), true;
}

enum mark mark_of_action(enum action action)
{
    return action == ACTION_KEEP   ? MARK_KEEP
           : action == ACTION_DROP ? MARK_DROP
           : action == ACTION_AUTO ? MARK_AUTO
                                   : MARK_NONE;
}

bool app_undo(struct app *app, enum action action)
{
    bool again = action == ACTION_REDO, done;
    struct err err;
    bool ok =
        again ? session_redo(app->session, &done, &err) : session_undo(app->session, &done, &err);
    if (!ok)
        app_say(app, ROLE_ERROR, "%s", err.text);
    else if (done)
        app_say(app, ROLE_DIM, again ? "redone" : "undone");
    else
        app_say(app, ROLE_DIM, again ? "nothing to redo" : "nothing to undo");
    return app_decided(app), true;
}

bool app_redraw(struct app *app, enum action action)
{
    (void)action;
    return app->terminal.redraw = true;
}

bool app_suspend(struct app *app, enum action action)
{
    (void)action;
    return app->terminal.suspend = true;
}

bool app_quit(struct app *app, enum action action)
{
    (void)action;
    return app->quit = true;
}
