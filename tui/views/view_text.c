/* SPDX-License-Identifier: MIT
 *
 * A view of plain text: the help, and the long texts of other views.
 */
#include "views/view_text.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/help.h"
#include "rows/text_rows.h"
#include "views/registry.h"

static const struct column columns[] = {{"", 0, false, 0}};

struct state {
    struct buf text;
    struct bytes *rows; /* rows of text; owned */
    size_t n;
    const char *title;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_text);
}

static void finish(struct app *app)
{
    free(state_of(app)->rows);
    buf_finish(&state_of(app)->text);
}

void view_text_show(struct app *app, const char *title, struct buf *text)
{
    struct state *state = state_of(app);
    finish(app);
    *state = (struct state){.text = *text, .title = title};
    *text = (struct buf){0};
    text_rows_split(buf_bytes(&state->text), &state->rows, &state->n);
    app_open(app, &view_text);
}

static bool open_help(struct app *app, struct err *err)
{
    struct buf text = {0};
    (void)err;
    struct help_place place = {&app->views, app->view, app->focus};
    help_print(&app->config.bindings, &place, app->screen.width, &text);
    view_text_show(app, "Help", &text);
    return true;
}

static const char *title(struct app *app)
{
    return state_of(app)->title;
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->n;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, state_of(app)->rows[row]);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    text(app, row, &out->text);
}

static const char *empty(struct app *app)
{
    (void)app;
    return "";
}

const struct view view_text = {
    .id = VIEW_ID_text,
    .title = "",
    .title_now = title,
    .opens = ACTION_HELP,
    .open = open_help,
    .is_transient = true,
    .state.size = sizeof(struct state),
    .state.finish = finish,
    .columns = columns,
    .n_columns = 1,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .empty = empty,
    .hint = "q back  / search",
};
