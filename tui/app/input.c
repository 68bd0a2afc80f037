/* SPDX-License-Identifier: MIT
 *
 * Keys: to the prompt while one is open, else to the action that they are bound to.
 */
#include "app/app.h"

#include "app/completion.h"

enum { CTRL_C = 3, CTRL_G = 7, CTRL_T = 20 };

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

/* False: it is none yet, and the prompt stays. */
static bool apply_filter(struct app *app)
{
    struct err err;
    if (view_image_filter(app, buf_bytes(&app->prompt.text), &err))
        return true;
    app_say(app, ROLE_ERROR, "%s", err.text);
    return false;
}

static void accept_note(struct app *app)
{
    struct err err;
    if (!session_set_note(app->session, app->at_node, buf_bytes(&app->prompt.text), &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    view_marks_rebuild(app);
}

static void accept_map(struct app *app, struct bytes rule)
{
    struct err err;
    if (!session_set_map_rule(app->session, rule, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else
        app_say(app, ROLE_KEEP, "the export has it; u undoes it");
    app_decided(app);
}

/* What a command is given behind its name; false: it takes nothing. */
static bool act_with(struct app *app, enum action action, struct bytes argument)
{
    switch (action) {
    case ACTION_KEEP:
    case ACTION_DROP:
    case ACTION_AUTO:
    case ACTION_UNMARK:
        app_mark_paths(app, argument,
                       action == ACTION_KEEP   ? MARK_KEEP
                       : action == ACTION_DROP ? MARK_DROP
                       : action == ACTION_AUTO ? MARK_AUTO
                                               : MARK_NONE);
        return true;
    case ACTION_EXTRACT: /* the path is known behind it */
        if (!app_handle(app, action) || app->prompt_kind != PROMPT_EXTRACT)
            return false;
        app->prompt_kind = PROMPT_NONE;
        return writing_extract(app, app->at_node, argument), true;
    case ACTION_MAP:
        return accept_map(app, argument), true;
    case ACTION_FILTER:
        prompt_set(&app->prompt, argument);
        return apply_filter(app), true;
    default:
        return false;
    }
}

/* `NAME`, or `NAME ARGUMENT`. */
static void accept_command(struct app *app)
{
    struct bytes text = buf_bytes(&app->prompt.text);
    size_t n = bytes_index(text, ' ');
    struct bytes name = bytes_from(text.p, n);
    BUF_AUTO struct buf list = {0},
                        argument = {0}; /* a copy: the prompt may be given another text */
    while (n < text.n && text.p[n] == ' ')
        n++;
    buf_add(&argument, bytes_skip(text, n));
    enum action action = action_of_name(name);
    if (motion_go(app, text))
        return;
    size_t n_names = action ? 1 : complete_names(name, &list);
    if (n_names > 1)
        app_say(app, ROLE_ERROR, "%.*s can be: %s", (int)name.n, name.p, list.p);
    else if (!action)
        app_say(app, ROLE_ERROR, "no command of that name: %s", text.p);
    else if (argument.n ? !act_with(app, action, buf_bytes(&argument)) : !app_handle(app, action))
        app_say(app, ROLE_ERROR,
                argument.n ? "it takes nothing behind its name: %s"
                           : "no command of that name here: %s",
                text.p);
}

/* The texts among which those of this prompt are remembered; N_RECALL_KINDS: they are not. */
static enum input_history_kind input_history_kind(const struct app *app)
{
    switch (app->prompt_kind) {
    case PROMPT_COMMAND:
        return RECALL_COMMAND;
    case PROMPT_SEARCH:
        return RECALL_SEARCH;
    case PROMPT_FILTER:
        return RECALL_FILTER;
    case PROMPT_STAGE: /* else it is a whole command */
        return app->prompt_begin ? RECALL_PATTERN : N_RECALL_KINDS;
    default:
        return N_RECALL_KINDS;
    }
}

static void accept(struct app *app)
{
    enum prompt_kind kind = app->prompt_kind;
    bool of_chain = kind == PROMPT_STAGE || kind == PROMPT_PIPELINE;
    enum input_history_kind among = input_history_kind(app);
    BUF_AUTO struct buf typed = {0};
    buf_add(&typed, buf_bytes(&app->prompt.text));
    if ((of_chain && !chain_edit_accept(app)) || (kind == PROMPT_FILTER && !apply_filter(app)))
        return;
    if (among < N_RECALL_KINDS)
        input_history_add(&app->recall, among, buf_bytes(&typed));
    close_prompt(app);
    if (kind == PROMPT_SET && app->prompt.text.n)
        view_sets_save(app, buf_bytes(&app->prompt.text));
    if (kind == PROMPT_FILE)
        accept_file(app);
    if (kind == PROMPT_SEARCH && app->search.failed)
        app_say(app, ROLE_ERROR, "not found: %s", app->search.text.p);
    if (kind == PROMPT_EXTRACT && app->prompt.text.n)
        writing_extract(app, app->at_node, buf_bytes(&app->prompt.text));
    if (kind == PROMPT_EXPORT && app->prompt.text.n)
        writing_export(app, buf_bytes(&typed));
    if (kind == PROMPT_MAP)
        accept_map(app, buf_bytes(&typed));
    if (kind == PROMPT_NOTE)
        accept_note(app);
    if (kind == PROMPT_COMMAND && app->prompt.text.n)
        accept_command(app);
}

static void changed(struct app *app)
{
    if (app->prompt_kind == PROMPT_STAGE)
        chain_edit_changed(app);
    if (app->prompt_kind == PROMPT_SEARCH)
        search_typed(app);
    if (app->prompt_kind == PROMPT_FILTER)
        apply_filter(app);
}

/* A key of a paste is text, whatever it is: an escape or an Enter in it commands nothing. */
static void paste_input(struct app *app, uint32_t key)
{
    bool is_changed;
    if (key == KEY_ENTER_ || key == KEY_TAB_)
        key = ' ';
    if (app->prompt_kind != PROMPT_NONE && key >= ' ' && key < KEY_UP_)
        prompt_key(&app->prompt, key, &is_changed);
}

/* Up and Down: what was typed before; typing it again is what it would be to the preview. */
static void input_history_input(struct app *app, int by)
{
    struct bytes text;
    enum input_history_kind kind = input_history_kind(app);
    if (kind < N_RECALL_KINDS &&
        input_history_move(&app->recall, kind, by, buf_bytes(&app->prompt.text), &text)) {
        prompt_set(&app->prompt, text);
        changed(app);
    }
}

static void complete_input(struct app *app)
{
    BUF_AUTO struct buf text = {0}, list = {0};
    struct bytes typed = buf_bytes(&app->prompt.text);
    size_t n;
    if (app->prompt_kind == PROMPT_COMMAND)
        n = complete_command(typed, app->session->subject, &text, &list);
    else if (app->prompt_kind == PROMPT_EXTRACT)
        n = complete_directory(typed, &text, &list);
    else
        return;
    prompt_set(&app->prompt, buf_bytes(&text));
    if (n > 1)
        app_say(app, ROLE_DIM, "%zu: %s", n, list.p);
    else if (!n)
        app_say(app, ROLE_DIM, "nothing goes on like that");
}

static void prompt_input(struct app *app, uint32_t key)
{
    bool is_changed;
    buf_clear(&app->message);
    if (key == KEY_ENTER_) {
        accept(app);
    } else if (key == KEY_ESCAPE_ || key == CTRL_C || key == CTRL_G) {
        if (app->prompt_kind == PROMPT_SEARCH)
            search_leave(app);
        if (app->prompt_kind == PROMPT_FILTER)
            view_image_filter(app, buf_bytes(&app->filter_before), &(struct err){0});
        close_prompt(app);
    } else if (app->prompt_kind == PROMPT_STAGE && key == CTRL_T) {
        chain_edit_next_target(app);
    } else if (app->proposals.n && (key == KEY_UP_ || key == KEY_DOWN_)) {
        chain_edit_choose(app, key == KEY_UP_ ? -1 : 1);
    } else if (key == KEY_UP_ || key == KEY_DOWN_) {
        input_history_input(app, key == KEY_UP_ ? -1 : 1);
    } else if (key == KEY_TAB_) {
        complete_input(app);
    } else if (prompt_key(&app->prompt, key, &is_changed) && is_changed) {
        changed(app);
    }
}

static bool search_action(struct app *app, enum action action)
{
    if (action == ACTION_SEARCH) {
        search_begin(app);
        app_ask(app, PROMPT_SEARCH, bytes_of(""));
        return true;
    }
    if (action != ACTION_NEXT && action != ACTION_PREVIOUS)
        return false;
    search_start(app, SEARCH_NEXT, action == ACTION_PREVIOUS);
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
    case ACTION_PROPOSE:
    case ACTION_PROPOSE_IN:
        if (!chain_edit_propose(app, action == ACTION_PROPOSE ? "grep -v" : "grep"))
            app_say(app, ROLE_DIM, "nothing here to make a pattern of");
        return true;
    case ACTION_PIPELINE:
        chain_print(app->session->chain, &text);
        return app_ask(app, PROMPT_PIPELINE, buf_bytes(&text)), true;
    default:
        return app->focus == SCOPE_PANEL && chain_edit_act(app, action);
    }
}

bool app_handle(struct app *app, enum action action)
{
    bool is_end = action == ACTION_CLOSE || action == ACTION_QUIT;
    if (app->view->is_overlay && (is_end || (app->view == &view_text && action == ACTION_HELP)))
        return app_back(app), true;
    if (motion_act(app, action) || search_action(app, action) || chain_action(app, action))
        return true;
    if (app_handle_global(app, action))
        return true;
    if (app->focus == SCOPE_BODY && range_act(app, action))
        return true;
    if (app->focus != SCOPE_BODY || !view_takes(app->view, action) || !app->view->act)
        return false;
    app->ranging = false; /* its rows may be others now */
    return app->view->act(app, action);
}

static void paste_edge(struct app *app, bool begins)
{
    app->pasting = begins;
    if (begins && app->prompt_kind == PROMPT_NONE) /* a pipeline: it is the chain */
        app_ask(app, PROMPT_PIPELINE, bytes_of(""));
    if (!begins)
        changed(app);
}

/* Keys that come while the session is still being read wait; only leaving does not. */
static void early_key(struct app *app, uint32_t key)
{
    if (key == CTRL_C || bindings_action(&app->config.bindings, key, app->focus) == ACTION_QUIT)
        app->quit = true;
    else if (app->n_early < sizeof app->early / sizeof *app->early)
        app->early[app->n_early++] = key;
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
    if (app->pasting) {
        paste_input(app, key);
        return;
    }
    if (app->prompt_kind != PROMPT_NONE) {
        prompt_input(app, key);
        return;
    }
    buf_clear(&app->message);
    search_stop(app);
    if (writing_is_going(app) && (key == KEY_ESCAPE_ || key == CTRL_C)) {
        writing_cancel(app);
        return;
    }
    if (app->loader && (key == KEY_ESCAPE_ || key == CTRL_C)) {
        atomic_store(&loader_progress(app->loader)->cancel, true);
        return;
    }
    if (motion_count_key(app, key))
        return;
    bool counted = app->counting;
    enum action action =
        key == CTRL_C ? ACTION_QUIT : bindings_action(&app->config.bindings, key, app->focus);
    if (action)
        app_handle(app, action);
    else if (key == KEY_ESCAPE_ && app->ranging)
        app->ranging = false;
    else if (key == KEY_ESCAPE_ && app->view->is_overlay)
        app_back(app);
    else if (key == KEY_ESCAPE_)
        buf_clear(&app->search.text); /* its matches are plain again */
    if (counted)
        app->counting = false;
}
