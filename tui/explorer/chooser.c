/* SPDX-License-Identifier: MIT */
#include "explorer/chooser.h"

#include "app/actions.h"
#include "screen/search_match.h"
#include "term/signals.h"
#include "term/term.h"

enum { FIRST_ROW = 2, HINT_ROWS = 1, ESCAPE = 27 };

struct chooser {
    const char *title;
    const struct chooser_row *rows;
    const struct config *config;
    struct mouse mouse;
    size_t n, cursor, top;
    struct screen screen;
    struct buf needle; /* text of the search */
    bool is_typing;
    bool is_over, is_chosen;
};

static size_t n_visible(const struct chooser *c)
{
    int rows = c->screen.height - FIRST_ROW - HINT_ROWS;
    return rows > 1 ? (size_t)rows : 1;
}

static void paint_row(struct chooser *c, int y, size_t at)
{
    BUF_AUTO struct buf text = {0};
    bool selected = at == c->cursor;
    int end = c->screen.width;
    screen_fill(&c->screen, y, ROLE_TEXT, selected);
    buf_printf(&text, "%3zu  %s", at + 1, c->rows[at].name);
    struct screen_look look = {.role = ROLE_TEXT,
                               .selected = selected,
                               .found = c->needle.n ? buf_bytes(&c->needle) : (struct bytes){0}};
    int x = screen_put_look(&c->screen, 0, y, end, buf_bytes(&text), &look);
    if (c->rows[at].detail)
        screen_put(&c->screen, x + 2, y, end, bytes_of(c->rows[at].detail), ROLE_DIM, selected);
}

static void paint(struct chooser *c)
{
    int last = c->screen.height - 1;
    screen_clear(&c->screen);
    screen_put(&c->screen, 1, 0, c->screen.width, bytes_of(c->title), ROLE_HEADER, false);
    if (c->cursor < c->top)
        c->top = c->cursor;
    if (c->cursor >= c->top + n_visible(c))
        c->top = c->cursor - n_visible(c) + 1;
    for (size_t i = 0; i < n_visible(c) && c->top + i < c->n; i++)
        paint_row(c, FIRST_ROW + (int)i, c->top + i);
    BUF_AUTO struct buf hint = {0};
    if (c->is_typing)
        buf_printf(&hint, "/%s", buf_str(&c->needle));
    else
        bindings_hint(&c->config->bindings, bytes_of("Enter choose  j k move  / search  q quit"),
                      SCOPE_BODY, &hint);
    screen_put(&c->screen, 1, last, c->screen.width, buf_bytes(&hint),
               c->is_typing ? ROLE_TEXT : ROLE_DIM, false);
}

static void move(struct chooser *c, int64_t by)
{
    int64_t at = (int64_t)c->cursor + by;
    c->cursor = at < 0 ? 0 : at >= (int64_t)c->n ? c->n - 1 : (size_t)at;
}

/* Moves the cursor to the first row, from row `from` on, whose name contains the needle. After the
 * last row, continues with the first row. */
static void search(struct chooser *c, size_t from)
{
    for (size_t i = 0; i < c->n; i++) {
        size_t at = (from + i) % c->n;
        if (search_match_in(bytes_of(c->rows[at].name), buf_bytes(&c->needle))) {
            c->cursor = at;
            return;
        }
    }
}

static void type(struct chooser *c, uint32_t key)
{
    if (key == KEY_ENTER_ || key == ESCAPE)
        c->is_typing = false;
    else if (key == KEY_BACKSPACE_ && c->needle.n)
        c->needle.p[--c->needle.n] = 0;
    else if (key >= ' ' && key < 0x7f)
        buf_byte(&c->needle, (char)key);
    search(c, c->cursor);
}

static void press(struct chooser *c, uint32_t key)
{
    enum { CTRL_C = 3 };
    int64_t page = (int64_t)n_visible(c);
    if (c->is_typing) {
        type(c, key);
        return;
    }
    if (key >= '1' && key <= '9') {
        if (key - '1' < c->n)
            c->cursor = key - '1';
        return;
    }
    switch (key == CTRL_C ? ACTION_QUIT : bindings_action(&c->config->bindings, key, SCOPE_BODY)) {
    case ACTION_UP:
        return move(c, -1);
    case ACTION_DOWN:
        return move(c, 1);
    case ACTION_PAGE_UP:
        return move(c, -page);
    case ACTION_PAGE_DOWN:
        return move(c, page);
    case ACTION_FIRST:
        return move(c, -(int64_t)c->n);
    case ACTION_LAST:
        return move(c, (int64_t)c->n);
    case ACTION_SEARCH:
        c->is_typing = true;
        return buf_clear(&c->needle);
    case ACTION_NEXT:
        return search(c, c->cursor + 1);
    case ACTION_OPEN:
        c->is_chosen = c->is_over = true;
        return;
    case ACTION_QUIT:
        c->is_over = true;
        return;
    case ACTION_SUSPEND:
        return term_suspend();
    case ACTION_REDRAW:
        return term_redraw();
    default:
        c->is_over = c->is_over || key == KEY_ESCAPE_;
    }
}

static void point(struct chooser *c, const struct mouse_event *event)
{
    if (event->kind != MOUSE_PRESS) {
        move(c, event->kind == MOUSE_WHEEL_UP ? -1 : 1);
        return;
    }
    size_t row = c->top + (size_t)(event->y - FIRST_ROW);
    if (event->y < FIRST_ROW || row >= c->n || row >= c->top + n_visible(c))
        return;
    c->cursor = row;
    c->is_chosen = c->is_over = mouse_press(&c->mouse, event);
}

static bool loop(struct chooser *c, struct signals *signals, struct err *err)
{
    bool ended = false;
    while (!c->is_over && !ended) {
        int width, height;
        term_size(&width, &height);
        if (width != c->screen.width || height != c->screen.height)
            screen_resize(&c->screen, width, height);
        paint(c);
        screen_write_in(&c->screen, c->config->charset);
        term_show(&c->screen, c->config);
        if (!signals_wait(signals, -1, -1, &ended, err))
            return false;
        struct mouse_event mouse;
        for (uint32_t key; !c->is_over && (key = term_key(&mouse));)
            if (key == KEY_MOUSE_)
                point(c, &mouse);
            else if (key != KEY_RESIZE_)
                press(c, key);
    }
    return true;
}

enum chooser_end chooser_run(const char *title, const struct chooser_row *rows, size_t n,
                             const struct config *config, size_t *chosen, struct err *err)
{
    struct chooser c = {.title = title, .rows = rows, .n = n, .config = config};
    struct signals signals;
    if (!signals_init(&signals, err))
        return CHOOSER_FAILED;
    bool ok = term_init(config, err);
    if (ok) {
        ok = loop(&c, &signals, err);
        term_finish();
    }
    signals_finish(&signals);
    screen_finish(&c.screen);
    buf_finish(&c.needle);
    *chosen = c.cursor;
    return !ok ? CHOOSER_FAILED : c.is_chosen ? CHOOSER_CHOSEN : CHOOSER_LEFT;
}
