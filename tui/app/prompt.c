/* SPDX-License-Identifier: MIT */
#include "app/prompt.h"

#include "app/app.h"

enum { CTRL_C = 3, CTRL_G = 7 };

void prompt_open(struct app *app, const struct prompt_type *type, struct bytes text)
{
    app->prompt.type = type;
    line_edit_set(&app->prompt.line, text);
    input_history_begin(&app->prompt.history);
    buf_clear(&app->message.text);
}

void prompt_close(struct app *app)
{
    if (app->prompt.type->close)
        app->prompt.type->close(app);
    app->prompt.type = NULL;
}

void prompt_changed(struct app *app)
{
    if (app->prompt.type && app->prompt.type->changed)
        app->prompt.type->changed(app);
}

static void accept(struct app *app)
{
    const struct prompt_type *type = app->prompt.type;
    BUF_AUTO struct buf typed = {0}; /* a copy: accept may change the prompt's text */
    buf_add(&typed, buf_bytes(&app->prompt.line.text));
    if (type->accept && !type->accept(app))
        return;
    if (type->history != INPUT_NONE)
        input_history_add(&app->prompt.history, type->history, buf_bytes(&typed));
    prompt_close(app);
    if (type->accepted && (typed.n || !type->ignores_empty))
        type->accepted(app, buf_bytes(&typed));
}

static void cancel(struct app *app)
{
    if (app->prompt.type->cancel)
        app->prompt.type->cancel(app);
    prompt_close(app);
}

/* Replaces the text by the previous (by -1) or next (by 1) entry of the history. */
static void move_in_history(struct app *app, int by)
{
    struct prompt *prompt = &app->prompt;
    struct bytes text;
    if (prompt->type->history == INPUT_NONE ||
        !input_history_move(&prompt->history, prompt->type->history, by,
                            buf_bytes(&prompt->line.text), &text))
        return;
    line_edit_set(&prompt->line, text);
    prompt_changed(app);
}

static void complete(struct app *app)
{
    BUF_AUTO struct buf text = {0}, list = {0};
    struct line_edit *line = &app->prompt.line;
    if (!app->prompt.type->complete)
        return;
    size_t n = app->prompt.type->complete(app, buf_bytes(&line->text), &text, &list);
    line_edit_set(line, buf_bytes(&text));
    if (n > 1)
        app_say(app, ROLE_DIM, "%zu candidates: %s", n, list.p);
    else if (!n)
        app_say(app, ROLE_DIM, "no completion");
}

void prompt_key(struct app *app, uint32_t key)
{
    bool is_changed;
    buf_clear(&app->message.text);
    if (app->prompt.type->key && app->prompt.type->key(app, key))
        return;
    switch (key) {
    case KEY_ENTER_:
        accept(app);
        return;
    case KEY_ESCAPE_:
    case CTRL_C:
    case CTRL_G:
        cancel(app);
        return;
    case KEY_UP_:
    case KEY_DOWN_:
        move_in_history(app, key == KEY_UP_ ? -1 : 1);
        return;
    case KEY_TAB_:
        complete(app);
        return;
    default:
        if (line_edit_key(&app->prompt.line, key, &is_changed) && is_changed)
            prompt_changed(app);
    }
}

void prompt_paste(struct app *app, uint32_t key)
{
    bool is_changed;
    if (key == KEY_ENTER_ || key == KEY_TAB_)
        key = ' ';
    if (app->prompt.type && key >= ' ' && key < KEY_UP_)
        line_edit_key(&app->prompt.line, key, &is_changed);
}

void prompt_finish(struct prompt *prompt)
{
    line_edit_finish(&prompt->line);
    input_history_finish(&prompt->history);
}
