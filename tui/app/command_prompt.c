/* SPDX-License-Identifier: MIT
 *
 * The ':' prompt accepts the name of an action, with an argument if the action accepts one, or the
 * number of a row to go to.
 *
 *     :keep /usr/lib      :extract out      :120
 */
#include "app/action_handlers.h"
#include "app/app.h"
#include "app/completion.h"

static bool act_with(struct app *app, enum action action, struct bytes argument)
{
    action_act_with *handler = app->handlers->with_argument(action);
    return handler && handler(app, action, argument);
}

/* Does the typed command: `NAME`, `NAME ARGUMENT` or `ROW`. */
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
        app_say(app, ROLE_ERROR, "%.*s: ambiguous command; candidates: %s", (int)name.n, name.p,
                list.p);
    else if (!action)
        app_say(app, ROLE_ERROR, "%.*s: unknown command; press ? to list all commands", (int)name.n,
                name.p);
    else if (argument.n ? !act_with(app, action, argument) : !app_handle(app, action))
        app_say(app, ROLE_ERROR,
                argument.n ? "%.*s: this command takes no argument"
                           : "%.*s: this command is not available here",
                (int)name.n, name.p);
}

static size_t complete(struct app *app, struct bytes typed, struct buf *text, struct buf *list)
{
    return complete_command(typed, app->session->subject, text, list);
}

static const struct prompt_type command_prompt = {
    .label = ":",
    .history = INPUT_COMMAND,
    .ignores_empty = true,
    .accepted = accepted,
    .complete = complete,
};

bool command_prompt_open(struct app *app, enum action action)
{
    (void)action;
    return prompt_open(app, &command_prompt, bytes_of("")), true;
}
