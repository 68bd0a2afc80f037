/* SPDX-License-Identifier: MIT
 *
 * Paints the header, the tabs and the table of the current view. paint_stages.c and paint_status.c
 * paint the rest: the filters panel, the prompt and the last row.
 */
#include "paint/paint.h"

#include "app/app.h"

#include "screen/format.h"
#include "app/layout.h"

enum { LEFT_LEAST = 9 }; /* least columns of the left half of the header */

static void add_if_it_fits(struct app *app, int left, const struct buf *piece, struct buf *out)
{
    if (left + text_width(buf_bytes(out)) + text_width(buf_bytes(piece)) + 2 <= app->screen.width)
        buf_add(out, buf_bytes(piece));
}

/* Appends the totals for the right half of the header, as far as they fit next to `left` columns.
 */
static void add_totals(struct app *app, int left, struct buf *out)
{
    const struct keep *keep = app->session->keep;
    BUF_AUTO struct buf breaks = {0};
    if (!keep)
        return;
    bool stale = app->decisions.of_keep != app->decisions.now;
    buf_add(out, bytes_of(stale ? "~ kept " : "kept "));
    format_count(keep->n_kept, out);
    buf_add(out, bytes_of(" files  "));
    format_bytes(keep->kept_bytes, out);
    if (app->screen.width < 64)
        return;
    buf_add(out, bytes_of(" of "));
    format_bytes(keep->subject_bytes, out);
    buf_printf(out, "  %.0f %%",
               keep->subject_bytes ? 100.0 * (double)keep->kept_bytes / (double)keep->subject_bytes
                                   : 0.0);
    if (app->results.breaks && app->session->corpus->n_logs) {
        buf_add(&breaks, bytes_of("  breaks "));
        format_count(breaks_standing(app->results.breaks), &breaks);
        add_if_it_fits(app, left, &breaks, out);
    }
}

/* Returns the columns that the left half of the header needs. */
static int left_width(const struct buf *left)
{
    int width = text_width(buf_bytes(left));
    return width < LEFT_LEAST ? LEFT_LEAST : width;
}

static void paint_header(struct app *app)
{
    BUF_AUTO struct buf left = {0}, right = {0}, logs = {0}, image = {0};
    const struct session *session = app->session;
    if (db_is_read_only(session->db))
        buf_add(&left, bytes_of("[read only] "));
    buf_add(&left, session->subject ? bytes_of(session->subject_info.name) : bytes_of("xsmall"));
    if (session->base) {
        buf_add(&left, bytes_of(" \xe2\x8a\x96 "));
        buf_add(&left, bytes_of(session->base_info.name));
    }
    add_totals(app, left_width(&left), &right);
    if (session->corpus->n_logs) {
        buf_printf(&logs, " \xc2\xb7 %u log%s, ", session->corpus->n_logs,
                   session->corpus->n_logs == 1 ? "" : "s");
        format_count(session->corpus->n_lines, &logs);
        buf_add(&logs, bytes_of(" lines"));
        add_if_it_fits(app, text_width(buf_bytes(&right)), &logs, &left);
    }
    if (session->keep && right.n && app->screen.width >= 64) {
        buf_add(&image, bytes_of("  slim image "));
        format_bytes(session->keep->final_bytes, &image);
        add_if_it_fits(app, left_width(&left), &image, &right);
    }
    int room = app->screen.width - text_width(buf_bytes(&right)) - 2;
    screen_put(&app->screen, 0, 0, room >= LEFT_LEAST ? room : app->screen.width, buf_bytes(&left),
               ROLE_HEADER, false);
    if (room >= LEFT_LEAST)
        screen_put_right(&app->screen, room, 0, app->screen.width, buf_bytes(&right), ROLE_HEADER,
                         false);
}

static void paint_tabs(struct app *app, int y)
{
    int x = 0;
    const struct view *view;
    for (size_t tab = 0; (view = views_tab(&app->views, tab)); tab++) {
        BUF_AUTO struct buf text = {0};
        layout_tab_text(view, tab, &text);
        x = screen_put(&app->screen, x, y, app->screen.width, buf_bytes(&text),
                       app->view->tab == view ? ROLE_TAB_ON : ROLE_DIM, false) +
            2;
    }
    if (!app->view->tab) {
        const char *title = app->view->title_now ? app->view->title_now(app) : app->view->title;
        x = screen_put(&app->screen, x, y, app->screen.width, bytes_of(title), ROLE_TAB_ON, false) +
            2;
    }
    BUF_AUTO struct buf position = {0}, summary = {0};
    if (app->view->summary)
        app->view->summary(app, &summary);
    x = screen_put(&app->screen, x, y, app->screen.width, buf_bytes(&summary), ROLE_TITLE, false);
    uint64_t n = app->view->count(app), cursor = app->view->list(app)->cursor;
    format_count(cursor < n ? cursor + 1 : n, &position);
    buf_byte(&position, '/');
    format_count(n, &position);
    if (n && x + 2 + text_width(buf_bytes(&position)) <= app->screen.width)
        screen_put_right(&app->screen, x, y, app->screen.width, buf_bytes(&position), ROLE_DIM,
                         false);
}

/* Finds the next column that a screen of this width shows. Sets *end to the x after the column. */
static bool next_column(const struct app *app, size_t *i, int *x, int *end)
{
    const struct view *view = app->view;
    for (; *i < view->n_columns; ++*i) {
        const struct column *column = &view->columns[*i];
        if (app->screen.width < column->at_least)
            continue;
        *end = column->width ? *x + column->width : app->screen.width;
        return true;
    }
    return false;
}

static void paint_titles(struct app *app, int y)
{
    int x = 0, end;
    for (size_t i = 0; next_column(app, &i, &x, &end); i++, x = end + 1) {
        const struct column *column = &app->view->columns[i];
        if (column->right)
            screen_put_right(&app->screen, x, y, end, bytes_of(column->title), ROLE_TITLE, false);
        else
            screen_put(&app->screen, x, y, end, bytes_of(column->title), ROLE_TITLE, false);
    }
}

static void paint_cell(struct app *app, uint64_t row, size_t i, int x, int end, int y,
                       bool selected)
{
    struct view_cell cell = {0};
    app->view->cell(app, row, i, &cell);
    struct bytes text = buf_bytes(&cell.text);
    if (cell.is_bar) {
        screen_bar(&app->screen, x, y, end, cell.part, cell.whole, selected);
    } else if (app->view->columns[i].right) {
        screen_put_right(&app->screen, x, y, end, text, cell.role, selected);
    } else {
        bool last = i + 1 == app->view->n_columns;
        struct screen_look look = {.role = cell.role,
                                   .selected = selected,
                                   .head = cell.head,
                                   .left = last ? app->view->list(app)->left : 0,
                                   .found = last ? buf_bytes(&app->search.text) : bytes_of("")};
        x = screen_put_look(&app->screen, x, y, end, text, &look);
        if (cell.tail.n && x + 4 < end)
            screen_put(&app->screen, x + 2, y, end, buf_bytes(&cell.tail), ROLE_DIM, selected);
    }
    buf_finish(&cell.text);
    buf_finish(&cell.tail);
}

/* Paints text in the rows from y to end, with line breaks between words. */
static void paint_words(struct app *app, int y, int end, struct bytes text)
{
    int room = app->screen.width - 4;
    size_t most = room > 8 ? (size_t)room : 8;
    while (text.n && y < end) {
        size_t n = bytes_index(text, '\n'), line = n;
        if (n > most) {
            size_t space = bytes_rindex(bytes_from(text.p, most + 1), ' ');
            line = space <= most && space ? space : most;
            n = line < text.n && text.p[line] == ' ' ? line : line - 1;
        }
        screen_put(&app->screen, 2, y++, app->screen.width, bytes_from(text.p, line), ROLE_DIM,
                   false);
        text = bytes_skip(text, n + 1);
    }
}

static const char welcome[] =
    "This session is empty. To load an image and its logs, press q to quit, then run:\n\n"
    "xsmall [--base BASE] IMAGE [LOG|DIR ...]\n\n"
    "IMAGE, BASE: an archive made by docker save, podman save or skopeo copy, an OCI layout, or a "
    "directory with a root file system.\n"
    "LOG, DIR: log files, or a directory of log files, made by strace -ff -y -e "
    "trace=%file,%process,fchdir,mmap -o DIR/log PROGRAM.\n\n"
    "? lists the keys.";

static const char *empty_text(struct app *app)
{
    const struct session *session = app->session;
    if (app->loading.loader || app->loading.opener)
        return "loading ...";
    return session->subject || session->corpus->n_logs || session->base ? app->view->empty(app)
                                                                        : welcome;
}

static void paint_body(struct app *app, const struct layout *layout)
{
    uint64_t n = app->view->count(app);
    struct list *list = app->view->list(app);
    uint64_t rows = (uint64_t)layout->body_rows;
    if (!n) {
        paint_words(app, layout->body, layout->body + layout->body_rows, bytes_of(empty_text(app)));
        return;
    }
    if (list->cursor >= n)
        list->cursor = n - 1;
    if (list->top > list->cursor)
        list->top = list->cursor;
    if (rows && list->cursor >= list->top + rows)
        list->top = list->cursor - rows + 1;
    if (rows && list->top + rows > n) /* the screen has grown or the list has become shorter */
        list->top = n > rows ? n - rows : 0;
    uint64_t first, after_last;
    range_rows(app, &first, &after_last);
    for (uint64_t k = 0; k < rows && list->top + k < n; k++) {
        int y = layout->body + (int)k;
        bool selected =
            list->top + k >= first && list->top + k < after_last && app->focus == SCOPE_BODY;
        if (selected)
            screen_fill(&app->screen, y, ROLE_TEXT, true);
        int x = 0, end;
        for (size_t i = 0; next_column(app, &i, &x, &end); i++, x = end + 1)
            paint_cell(app, list->top + k, i, x, end, y, selected);
    }
}

static void paint_all(struct app *app)
{
    if (!app->session) {
        screen_put(&app->screen, 0, 0, app->screen.width, bytes_of("xsmall"), ROLE_HEADER, false);
        screen_put(&app->screen, 2, 2, app->screen.width, bytes_of("reading the session ..."),
                   ROLE_DIM, false);
        return;
    }
    struct layout layout = layout_make(app);
    paint_header(app);
    paint_tabs(app, layout.tabs);
    paint_titles(app, layout.titles);
    paint_body(app, &layout);
    if (layout.panel >= 0)
        paint_panel(app, layout.panel, layout.panel_rows);
    paint_last(app, layout.last);
    if (layout.prompt >= 0)
        paint_stage_prompt(app, layout.prompt);
}

void paint(struct app *app)
{
    screen_clear(&app->screen);
    app->dirty = false;
    paint_all(app);
    screen_write_in(&app->screen, app->config.charset);
}
