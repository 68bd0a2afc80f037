/* SPDX-License-Identifier: MIT */
#include "app/command_prompt.h"

#include "app/app.h"
#include "app/completion.h"
#include "views/view_image.h"

/* Runs an action with the argument after its name. False: the action takes none. */
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
        if (!app_handle(app, action) || app->prompt.type != &extract_prompt)
            return false;
        prompt_close(app);
        return writing_extract(app, app->prompt.node, argument), true;
    case ACTION_MAP:
        return app_set_map_rule(app, argument), true;
    case ACTION_FILTER:
        return view_image_set_filter(app, argument), true;
    default:
        return false;
    }
}

/* `NAME`, or `NAME ARGUMENT`. */
static void accepted(struct app *app, struct bytes text)
{
    size_t n = bytes_index(text, ' ');
    struct bytes name = bytes_from(text.p, n);
    BUF_AUTO struct buf list = {0};
    while (n < text.n && text.p[n] == ' ')
        n++;
    struct bytes argument = bytes_skip(text, n);
    enum action action = action_of_name(name);
    if (motion_go(app, text))
        return;
    size_t n_names = action ? 1 : complete_names(name, &list);
    if (n_names > 1)
        app_say(app, ROLE_ERROR, "%.*s can be: %s", (int)name.n, name.p, list.p);
    else if (!action)
        app_say(app, ROLE_ERROR, "no command of that name: %s", text.p);
    else if (argument.n ? !act_with(app, action, argument) : !app_handle(app, action))
        app_say(app, ROLE_ERROR,
                argument.n ? "it takes nothing behind its name: %s"
                           : "no command of that name here: %s",
                text.p);
}

static size_t complete(struct app *app, struct bytes typed, struct buf *text, struct buf *list)
{
    return complete_command(typed, app->session->subject, text, list);
}

const struct prompt_type command_prompt = {
    .label = ":",
    .history = INPUT_COMMAND,
    .ignores_empty = true,
    .accepted = accepted,
    .complete = complete,
};
