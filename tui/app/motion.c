/* SPDX-License-Identifier: MIT
 *
 * Motions of the cursor, and the count that can be typed before a motion.
 */
#include "app/action_handlers.h"
#include "app/app.h"

enum { COUNT_MAX = 999999999, SCROLL_COLUMNS = 20 };

static void move_stage(struct app *app, int64_t by)
{
    int64_t n = (int64_t)chain_n_stages(app->session->chain), at = (int64_t)app->stage;
    at = by < -at ? 0 : by > n - 1 - at ? n - 1 : at + by;
    app->stage = at > 0 ? (size_t)at : 0;
}

static void move_list(struct app *app, int64_t by)
{
    if (app->focus == SCOPE_PANEL) {
        move_stage(app, by);
        return;
    }
    struct list *list = app->view->list(app);
    uint64_t n = app->view->count(app), last = n ? n - 1 : 0;
    uint64_t at = list->cursor < last ? list->cursor : last;
    if (by < 0)
        list->cursor = at > (uint64_t)-by ? at - (uint64_t)-by : 0;
    else
        list->cursor = last - at > (uint64_t)by ? at + (uint64_t)by : last;
}

static void go_to(struct app *app, int64_t row)
{
    move_list(app, -INT64_MAX);
    move_list(app, row > 0 ? row - 1 : 0);
}

/* Returns the rows of a page: somewhat less than the body shows, so that some rows stay visible. */
static int64_t page(const struct app *app)
{
    return app->screen.height > 14 ? app->screen.height - 12 : 3;
}

static void scroll(struct app *app, int64_t by)
{
    enum { MOST = 1 << 20 };
    struct list *list = app->view->list(app);
    int64_t left = list->left + by;
    list->left = left < 0 ? 0 : left > MOST ? MOST : (int)left;
}

static bool is_counted(const struct app *app)
{
    return app->count.is_typed && app->count.n >= 0;
}

/* Returns how many times to repeat the motion. */
static int64_t times(const struct app *app)
{
    return is_counted(app) ? app->count.n : 1;
}

bool motion_up(struct app *app, enum action action)
{
    (void)action;
    return move_list(app, -times(app)), true;
}

bool motion_down(struct app *app, enum action action)
{
    (void)action;
    return move_list(app, times(app)), true;
}

bool motion_page_up(struct app *app, enum action action)
{
    (void)action;
    return move_list(app, -times(app) * page(app)), true;
}

bool motion_page_down(struct app *app, enum action action)
{
    (void)action;
    return move_list(app, times(app) * page(app)), true;
}

bool motion_first(struct app *app, enum action action)
{
    (void)action;
    return go_to(app, times(app)), true;
}

bool motion_last(struct app *app, enum action action)
{
    (void)action;
    return go_to(app, is_counted(app) ? app->count.n : INT64_MAX), true;
}

bool motion_left(struct app *app, enum action action)
{
    (void)action;
    return scroll(app, -times(app) * SCROLL_COLUMNS), true;
}

bool motion_right(struct app *app, enum action action)
{
    (void)action;
    return scroll(app, times(app) * SCROLL_COLUMNS), true;
}

bool motion_count(struct app *app, enum action action)
{
    (void)action;
    app->count.n = -1;
    return app->count.is_typed = true;
}

static int64_t add_digit(int64_t count, char digit)
{
    count = (count > 0 ? count : 0) * 10 + (digit - '0');
    return count < COUNT_MAX ? count : COUNT_MAX;
}

bool motion_count_key(struct app *app, uint32_t key)
{
    if (app->count.is_typed && key == KEY_ESCAPE_) {
        app->count.is_typed = false;
        return true;
    }
    bool is_digit = key >= '0' && key <= '9';
    if (!is_digit || (!app->count.is_typed &&
                      bindings_action(&app->config.bindings, key, app->focus) != ACTION_NONE))
        return false;
    app->count.n = add_digit(app->count.is_typed ? app->count.n : -1, (char)key);
    app->count.is_typed = true;
    return true;
}

bool motion_go(struct app *app, struct bytes text)
{
    int64_t row = -1;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        row = add_digit(row, text.p[i]);
    }
    if (row >= 0)
        go_to(app, row);
    return row >= 0;
}
