/* SPDX-License-Identifier: MIT */
#include "app/mouse.h"

#include "app/app.h"
#include "app/layout.h"

enum { WHEEL_ROWS = 3 };

bool mouse_press(struct mouse *mouse, const struct mouse_event *event)
{
    const struct mouse_event *last = &mouse->last;
    bool is_double = mouse->has && last->x == event->x && last->y == event->y &&
                     event->ms - last->ms <= MOUSE_DOUBLE_MS;
    mouse->has = !is_double; /* a third press begins a new double-click */
    mouse->last = *event;
    return is_double;
}

void mouse_forget(struct mouse *mouse)
{
    mouse->has = false;
}

static void press_body(struct app *app, uint64_t row, bool is_double)
{
    if (row >= app->view->count(app))
        return;
    app->focus = SCOPE_BODY;
    app->view->list(app)->cursor = row;
    if (is_double)
        app_handle(app, ACTION_OPEN);
}

static void press_panel(struct app *app, size_t stage, bool is_double)
{
    app->focus = SCOPE_PANEL;
    if (stage >= chain_n_stages(app->session->chain))
        return;
    app->stage = stage;
    if (is_double)
        app_handle(app, ACTION_EDIT);
}

static void press(struct app *app, const struct mouse_event *event, bool is_double)
{
    struct layout layout = layout_make(app);
    const struct view *tab = event->y == layout.tabs ? layout_tab_at(&app->views, event->x) : NULL;
    int row = event->y - layout.body, stage = event->y - layout.panel - 1;
    if (tab)
        app_handle(app, tab->opens);
    else if (row >= 0 && row < layout.body_rows)
        press_body(app, app->view->list(app)->top + (uint64_t)row, is_double);
    else if (layout.panel >= 0 && stage == -1)
        app->focus = SCOPE_PANEL;
    else if (layout.panel >= 0 && stage >= 0 && stage < layout.panel_rows)
        press_panel(app, layout_panel_top(app, layout.panel_rows) + (size_t)stage, is_double);
}

/* Scrolls the rows. Moves the cursor only if it would be outside the screen. */
static void scroll_body(struct app *app, int by)
{
    struct list *list = app->view->list(app);
    uint64_t n = app->view->count(app), rows = (uint64_t)layout_make(app).body_rows;
    uint64_t last = n > rows ? n - rows : 0;
    if (!n || !rows)
        return;
    if (by < 0)
        list->top = list->top > (uint64_t)-by ? list->top - (uint64_t)-by : 0;
    else
        list->top = last - (list->top < last ? list->top : last) > (uint64_t)by
                        ? list->top + (uint64_t)by
                        : last;
    if (list->cursor < list->top)
        list->cursor = list->top;
    if (list->cursor >= list->top + rows)
        list->cursor = list->top + rows - 1;
}

void mouse_input(struct app *app, const struct mouse_event *event)
{
    if (!app->session || app->prompt.is_pasting || app->prompt.type)
        return;
    app->dirty = true;
    app->count.is_typed = false;
    buf_clear(&app->message.text);
    search_stop(app);
    if (event->kind == MOUSE_PRESS)
        press(app, event, mouse_press(&app->mouse, event));
    else
        scroll_body(app, event->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
}
