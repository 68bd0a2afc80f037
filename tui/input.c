/* SPDX-License-Identifier: MIT
 *
 * Keys: to the prompt while one is open, else to the action that they are bound to.
 */
#include "app.h"

#include <string.h>

static uint64_t last_row(struct app *app)
{
    uint64_t n = app->view->count(app);
    return n ? n - 1 : 0;
}

/* A substring search that ignores case where the needle has no upper-case letter. */
static bool is_match(struct bytes text, struct bytes needle)
{
    bool exact = false;
    for (size_t i = 0; i < needle.n; i++)
        exact = exact || (needle.p[i] >= 'A' && needle.p[i] <= 'Z');
    if (exact)
        return memmem(text.p ? text.p : "", text.n, needle.p, needle.n);
    for (size_t at = 0; at + needle.n <= text.n; at++)
        if (!strncasecmp(text.p + at, needle.p, needle.n))
            return true;
    return false;
}

bool search_step(struct app *app, bool backwards, bool from_here)
{
    enum { MOST_ROWS = 200000 }; /* of one key: it must not wait */
    uint64_t n = app->view->count(app);
    struct list *list = app->view->list(app);
    if (!app->search.n || !n)
        return false;
    uint64_t row = list->cursor < n ? list->cursor : 0;
    BUF_AUTO struct buf text = {0};
    for (uint64_t tried = 0; tried < n && tried < MOST_ROWS; tried++) {
        if (tried || !from_here)
            row = backwards ? (row ? row - 1 : n - 1) : (row + 1 < n ? row + 1 : 0);
        buf_clear(&text);
        app->view->text(app, row, &text);
        if (is_match(buf_bytes(&text), buf_bytes(&app->search))) {
            list->cursor = row;
            return true;
        }
    }
    return false;
}

static void accept_file(struct app *app)
{
    struct err err;
    BUF_AUTO struct buf path = {0};
    buf_add(&path, buf_bytes(&app->prompt.text));
    if (view_export_write(app, path.p ? path.p : "", &err))
        app_say(app, ROLE_KEEP, "%s written", path.p);
    else
        app_say(app, ROLE_ERROR, "%s", err.text);
}

static void close_prompt(struct app *app)
{
    if (app->prompt_kind == PROMPT_STAGE)
        chain_edit_end(app);
    app->prompt_kind = PROMPT_NONE;
}

static void accept(struct app *app)
{
    enum prompt_kind kind = app->prompt_kind;
    if (kind == PROMPT_STAGE || kind == PROMPT_PIPELINE) {
        if (chain_edit_accept(app))
            close_prompt(app);
        return;
    }
    close_prompt(app);
    if (kind == PROMPT_FILE)
        accept_file(app);
    if (kind == PROMPT_SEARCH && app->search.n && !search_step(app, false, true))
        app_say(app, ROLE_ERROR, "not found: %s", app->search.p);
    if (kind == PROMPT_COMMAND && app->prompt.text.n) {
        enum action action = action_of_name(buf_bytes(&app->prompt.text));
        if (!action || !app_handle(app, action))
            app_say(app, ROLE_ERROR, "no command of that name here: %s", app->prompt.text.p);
    }
}

static void changed(struct app *app)
{
    if (app->prompt_kind == PROMPT_STAGE)
        chain_edit_changed(app);
    if (app->prompt_kind != PROMPT_SEARCH)
        return;
    buf_clear(&app->search);
    buf_add(&app->search, buf_bytes(&app->prompt.text));
    search_step(app, false, true);
}

static void prompt_input(struct app *app, uint32_t key)
{
    bool is_changed;
    buf_clear(&app->message);
    if (app->pasting && (key == KEY_ENTER_ || key == KEY_TAB_))
        key = ' ';
    if (key == KEY_ENTER_)
        accept(app);
    else if (key == KEY_ESCAPE_ || key == 3 || key == 7)
        close_prompt(app);
    else if (prompt_key(&app->prompt, key, &is_changed) && is_changed)
        changed(app);
}

static void move_list(struct app *app, int64_t by)
{
    if (app->focus == SCOPE_PANEL) {
        size_t n = chain_n_stages(app->x->chain);
        if (by < 0)
            app->stage = app->stage > (size_t)-by ? app->stage - (size_t)-by : 0;
        else
            app->stage = app->stage + (size_t)by < n ? app->stage + (size_t)by : n ? n - 1 : 0;
        return;
    }
    struct list *list = app->view->list(app);
    uint64_t last = last_row(app);
    if (by < 0)
        list->cursor = list->cursor > (uint64_t)-by ? list->cursor - (uint64_t)-by : 0;
    else
        list->cursor = last - (list->cursor < last ? list->cursor : last) > (uint64_t)by
                           ? list->cursor + (uint64_t)by
                           : last;
}

/* Rows of a page: what the body shows, less one for orientation. */
static int64_t page(const struct app *app)
{
    return app->screen.height > 14 ? app->screen.height - 12 : 3;
}

static bool move_action(struct app *app, enum action action)
{
    switch (action) {
    case ACTION_UP:
        return move_list(app, -1), true;
    case ACTION_DOWN:
        return move_list(app, 1), true;
    case ACTION_PAGE_UP:
        return move_list(app, -page(app)), true;
    case ACTION_PAGE_DOWN:
        return move_list(app, page(app)), true;
    case ACTION_FIRST:
        return move_list(app, INT32_MIN), true;
    case ACTION_LAST:
        return move_list(app, INT64_MAX), true;
    default:
        return false;
    }
}

static bool search_action(struct app *app, enum action action)
{
    if (action == ACTION_SEARCH)
        return app_ask(app, PROMPT_SEARCH, bytes_of("")), true;
    if (action != ACTION_NEXT && action != ACTION_PREVIOUS)
        return false;
    if (!search_step(app, action == ACTION_PREVIOUS, false))
        app_say(app, ROLE_ERROR, "not found: %s", app->search.n ? app->search.p : "");
    return true;
}

static bool chain_action(struct app *app, enum action action)
{
    BUF_AUTO struct buf text = {0};
    switch (action) {
    case ACTION_EXCLUDE:
        return chain_edit_begin(app, true, "grep -v"), true;
    case ACTION_INCLUDE:
        return chain_edit_begin(app, true, "grep"), true;
    case ACTION_PIPELINE:
        chain_print(app->x->chain, &text);
        return app_ask(app, PROMPT_PIPELINE, buf_bytes(&text)), true;
    default:
        return app->focus == SCOPE_PANEL && chain_edit_act(app, action);
    }
}

bool app_handle(struct app *app, enum action action)
{
    if (app->view == &view_text && view_text.act(app, action))
        return true;
    if (move_action(app, action) || search_action(app, action) || chain_action(app, action))
        return true;
    if (app_handle_global(app, action))
        return true;
    return app->focus == SCOPE_BODY && app->view->act(app, action);
}

void input_key(struct app *app, uint32_t key)
{
    app->dirty = true;
    if (key == KEY_PASTE_BEGIN_ || key == KEY_PASTE_END_) {
        app->pasting = key == KEY_PASTE_BEGIN_;
        /* a pipeline pasted with no prompt open is the chain */
        if (app->pasting && app->prompt_kind == PROMPT_NONE)
            app_ask(app, PROMPT_PIPELINE, bytes_of(""));
        return;
    }
    if (app->prompt_kind != PROMPT_NONE) {
        prompt_input(app, key);
        return;
    }
    buf_clear(&app->message);
    if (app->loader && (key == KEY_ESCAPE_ || key == 3)) {
        atomic_store(&loader_progress(app->loader)->cancel, true);
        return;
    }
    enum action action = action_of_key(key == 3 ? 'q' : key, app->focus);
    if (action)
        app_handle(app, action);
    else if (key == KEY_ESCAPE_ && app->view == &view_text)
        app_open(app, app->back);
}
