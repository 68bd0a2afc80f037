/* SPDX-License-Identifier: MIT
 *
 * The actions on a path of the subject image that all views share: mark, note, explain, list lines,
 * show, extract and map.
 */
#include "app/action_handlers.h"
#include "app/app.h"

#include "app/completion.h"
#include "export/map_rules.h"
#include "rows/tree_rows.h"
#include "views/registry.h"
#include "views/view_file.h"
#include "views/view_pivots.h"
#include "views/view_why.h"

bool app_mark_argument(struct app *app, enum action action, struct bytes path)
{
    enum mark mark = mark_of_action(action);
    struct err err;
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n = 0;
    if (!app->session->subject)
        app_say(app, ROLE_ERROR, NO_IMAGE);
    else if (!marks_match(app->session->subject, path, &nodes, &n))
        app_say(app, ROLE_ERROR, "%.*s: too many paths match; use a narrower pattern", (int)path.n,
                path.p);
    else if (!n)
        app_say(app, ROLE_ERROR, "%.*s: no path in the image matches", (int)path.n, path.p);
    else if (!session_set_marks(app->session, nodes, n, mark, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else
        app_say(app, ROLE_KEEP, "%zu path%s %s; u undoes it", n, n == 1 ? "" : "s",
                mark == MARK_NONE ? "unmarked" : "marked");
    return app_decided(app), true;
}

bool app_keep_survivors(struct app *app, enum action action)
{
    (void)action;
    struct err err;
    size_t n;
    if (!app->session->keep || app->decisions.of_keep != app->decisions.now)
        app_say(app, ROLE_ERROR, app->session->subject ? STILL_COUNTING : NO_IMAGE);
    else if (!session_keep_survivors(app->session, bytes_from("", 0), &n, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else
        app_say(app, ROLE_KEEP, "%zu file%s marked keep; u undoes it", n, n == 1 ? "" : "s");
    return app_decided(app), true;
}

/* A path through a link marks the link and its target (semantics.md, Marks). */
static void set_mark(struct app *app, uint32_t node, enum mark mark)
{
    struct err err;
    BUF_AUTO struct buf path = {0};
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n = 0;
    tree_path(app->session->subject, node, &path);
    if (!marks_match(app->session->subject, buf_bytes(&path), &nodes, &n) || !n ||
        !session_set_marks(app->session, nodes, n, mark, &err)) {
        if (n)
            app_say(app, ROLE_ERROR, "%s", err.text);
        else
            app_say(app, ROLE_ERROR, "%s: this path cannot be marked", path.p);
        return;
    }
    struct tree_rows *rows = app->view->tree ? app->view->tree(app) : NULL;
    if (rows && rows->list.cursor + 1 < rows->n)
        rows->list.cursor++; /* as in a file manager: move to the next row */
    app_decided(app);
}

static void note_accepted(struct app *app, struct bytes typed)
{
    struct err err;
    if (!session_set_note(app->session, app->prompt.node, typed, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    app_noted(app);
}

static const struct prompt_type note_prompt = {
    .label = " note: ", .is_about_node = true, .accepted = note_accepted};

static void ask_note(struct app *app, uint32_t node)
{
    BUF_AUTO struct buf path = {0};
    tree_path(app->session->subject, node, &path);
    app->prompt.node = node;
    prompt_open(app, &note_prompt, notes_find(app->session->notes, buf_bytes(&path)));
}

static void set_map_rule(struct app *app, struct bytes rule)
{
    struct err err;
    if (!session_set_map_rule(app->session, rule, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else
        app_say(app, ROLE_KEEP, "map rules updated; u undoes it");
    app_decided(app);
}

bool app_map_argument(struct app *app, enum action action, struct bytes rule)
{
    (void)action;
    return set_map_rule(app, rule), true;
}

static const struct prompt_type map_prompt = {.label = " map FROM=TO: ", .accepted = set_map_rule};

static void ask_map(struct app *app, uint32_t node)
{
    BUF_AUTO struct buf path = {0}, rule = {0};
    tree_path(app->session->subject, node, &path);
    map_rules_print(buf_bytes(&path), bytes_of(""), &rule);
    prompt_open(app, &map_prompt, buf_bytes(&rule));
}

static void extract_accepted(struct app *app, struct bytes dir)
{
    writing_extract(app, app->prompt.node, dir);
}

static size_t complete_extract(struct app *app, struct bytes typed, struct buf *text,
                               struct buf *list)
{
    (void)app;
    return complete_directory(typed, text, list);
}

static const struct prompt_type extract_prompt = {
    .label = " extract to directory: ",
    .ignores_empty = true,
    .is_about_node = true,
    .accepted = extract_accepted,
    .complete = complete_extract,
};

static void ask_extract(struct app *app, uint32_t node)
{
    app->prompt.node = node;
    prompt_open(app, &extract_prompt, bytes_of(""));
}

/* Extracts the path of the row under the cursor. The action itself opens the prompt and stores the
 * path; the argument then answers the prompt. */
bool app_extract_argument(struct app *app, enum action action, struct bytes dir)
{
    if (!app_handle(app, action) || app->prompt.type != &extract_prompt)
        return false;
    prompt_close(app);
    return extract_accepted(app, dir), true;
}

bool app_act_on_node(struct app *app, uint32_t node, enum action action)
{
    BUF_AUTO struct buf path = {0};
    switch (action) {
    case ACTION_KEEP:
    case ACTION_DROP:
    case ACTION_AUTO:
    case ACTION_UNMARK:
        return set_mark(app, node, mark_of_action(action)), true;
    case ACTION_VIEW:
        return view_file_open(app, node), true;
    case ACTION_EXTRACT:
        return ask_extract(app, node), true;
    case ACTION_MAP:
        return ask_map(app, node), true;
    case ACTION_NOTE:
        return ask_note(app, node), true;
    case ACTION_WHY:
        return view_why_open(app, node), true;
    case ACTION_LINES:
        tree_path(app->session->subject, node, &path);
        return pivots_lines_of(app, buf_bytes(&path), node), true;
    default:
        return false;
    }
}
