/* SPDX-License-Identifier: MIT
 *
 * Handles keys: passes them to the open prompt, or does the action that the key is bound to.
 */
#include "app/action_handlers.h"
#include "app/app.h"

enum { CTRL_C = 3 };

bool app_handle(struct app *app, enum action action)
{
    bool is_end = action == ACTION_CLOSE || action == ACTION_QUIT;
    if (!app->view->tab && (is_end || (action == ACTION_HELP && app->view->opens == action)))
        return app_back(app), true;
    return app->handlers->alone(action)(app, action);
}

static void paste_edge(struct app *app, bool begins)
{
    app->prompt.is_pasting = begins;
    if (begins && !app->prompt.type) /* text pasted without a prompt is a pipeline */
        prompt_open(app, &pipeline_prompt, bytes_of(""));
    if (!begins)
        prompt_changed(app);
}

/* Stores a key that was typed before the session was read. Only quit works at once. */
static void early_key(struct app *app, uint32_t key)
{
    if (key == CTRL_C || bindings_action(&app->config.bindings, key, app->focus) == ACTION_QUIT)
        app->quit = true;
    else if (app->loading.n_early_keys <
             sizeof app->loading.early_keys / sizeof *app->loading.early_keys)
        app->loading.early_keys[app->loading.n_early_keys++] = key;
}

void input_key(struct app *app, uint32_t key)
{
    app->dirty = true;
    mouse_forget(&app->mouse);
    if (!app->session) {
        early_key(app, key);
        return;
    }
    if (key == KEY_PASTE_BEGIN_ || key == KEY_PASTE_END_) {
        paste_edge(app, key == KEY_PASTE_BEGIN_);
        return;
    }
    if (app->prompt.is_pasting) {
        prompt_paste(app, key);
        return;
    }
    if (app->prompt.type) {
        prompt_key(app, key);
        return;
    }
    buf_clear(&app->message.text);
    search_stop(app);
    if (writing_is_going(app) && (key == KEY_ESCAPE_ || key == CTRL_C)) {
        writing_cancel(app);
        return;
    }
    if (app->loading.loader && (key == KEY_ESCAPE_ || key == CTRL_C)) {
        atomic_store(&loader_progress(app->loading.loader)->cancel, true);
        return;
    }
    if (motion_count_key(app, key))
        return;
    bool counted = app->count.is_typed;
    enum action action =
        key == CTRL_C ? ACTION_QUIT : bindings_action(&app->config.bindings, key, app->focus);
    if (action)
        app_handle(app, action);
    else if (key == KEY_ESCAPE_ && app->range.is_active)
        app->range.is_active = false;
    else if (key == KEY_ESCAPE_ && !app->view->tab)
        app_back(app);
    else if (key == KEY_ESCAPE_)
        buf_clear(&app->search.text); /* ends the highlighting of matches */
    if (counted)
        app->count.is_typed = false;
}
