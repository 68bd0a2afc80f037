/* SPDX-License-Identifier: MIT
 *
 * The one painter: header, tabs, the view's table, the patterns, the prompt. Layout first, then
 * everything is fetched and painted once.
 */
#include "app.h"

#include "format.h"

/* Rows of the screen, from the top. */
struct layout {
    int tabs, titles, body, body_rows, panel, panel_rows, prompt, last;
};

static struct layout lay_out(struct app *app)
{
    int height = app->screen.height;
    size_t n = chain_n_stages(app->x->chain);
    bool low = height < 16;
    struct layout layout = {.tabs = 1, .titles = 2, .body = 3, .last = height - 1};
    bool typing = app->prompt_kind == PROMPT_STAGE;
    int most = low ? (app->focus == SCOPE_PANEL ? height / 3 : 0) : height / 4;
    layout.panel_rows = (int)n < most ? (int)n : most;
    int below = 1 + layout.panel_rows + (typing ? 1 : 0); /* its title too */
    layout.panel = height - 1 - below;
    layout.prompt = typing ? layout.panel + 1 + layout.panel_rows : -1;
    layout.body_rows = layout.panel - layout.body;
    if (layout.body_rows < 1) { /* too low for both: the body wins */
        layout.body_rows = height - 1 - layout.body > 0 ? height - 1 - layout.body : 0;
        layout.panel = -1;
        layout.prompt = typing ? height - 1 : -1;
    }
    return layout;
}

static void put(struct app *app, int x, int y, const struct buf *text, enum role role)
{
    screen_put(&app->screen, x, y, app->screen.width, buf_bytes(text), role, false);
}

static void summary(struct app *app, struct buf *out)
{
    const struct keep *keep = app->x->keep;
    if (!keep)
        return;
    bool stale = app->computed != app->generation;
    buf_add(out, bytes_of(stale ? "~ kept " : "kept "));
    format_count(keep->n_kept, out);
    buf_add(out, bytes_of(" files  "));
    format_bytes(keep->kept_bytes, out);
    if (app->screen.width < 60)
        return;
    buf_add(out, bytes_of(" of "));
    format_bytes(keep->subject_bytes, out);
    buf_printf(out, "  %.0f %%",
               keep->subject_bytes ? 100.0 * (double)keep->kept_bytes / (double)keep->subject_bytes
                                   : 0.0);
    if (app->screen.width < 100)
        return;
    buf_add(out, bytes_of("  image "));
    format_bytes(keep->final_bytes, out);
}

static void paint_header(struct app *app)
{
    BUF_AUTO struct buf left = {0}, right = {0};
    const struct xsmall *x = app->x;
    buf_add(&left, x->subject ? bytes_of(x->subject_info.name) : bytes_of("xsmall"));
    if (x->base) {
        buf_add(&left, bytes_of(" \xe2\x8a\x96 "));
        buf_add(&left, bytes_of(x->base_info.name));
    }
    if (x->corpus->n_logs) {
        buf_printf(&left, " \xc2\xb7 %u log%s, ", x->corpus->n_logs,
                   x->corpus->n_logs == 1 ? "" : "s");
        format_count(x->corpus->n_lines, &left);
        buf_add(&left, bytes_of(" lines"));
    }
    summary(app, &right);
    int room = app->screen.width - text_width(buf_bytes(&right)) - 2;
    screen_put(&app->screen, 0, 0, room > 8 ? room : app->screen.width, buf_bytes(&left),
               ROLE_HEADER, false);
    if (room > 8)
        screen_put_right(&app->screen, room, 0, app->screen.width, buf_bytes(&right), ROLE_HEADER,
                         false);
}

static const struct view *const tabs[] = {&view_image, &view_trace, &view_files, &view_export};

static void paint_load(struct app *app, int x, int y)
{
    static const char *const phases[] = {
        [PROGRESS_IDLE] = "loading",  [PROGRESS_INDEX] = "index", [PROGRESS_LAYERS] = "layers",
        [PROGRESS_MERGE] = "merging", [PROGRESS_LOGS] = "logs",   [PROGRESS_COMMIT] = "finishing"};
    const struct progress *progress = loader_progress(app->loader);
    uint64_t done = progress->done_bytes, total = progress->total_bytes;
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, " %s", phases[progress->phase]);
    if (total)
        buf_printf(&text, " %d %%", (int)(done < total ? done * 100 / total : 100));
    buf_printf(&text, "  %u entries  %u lines  Esc cancels", progress->n_entries,
               progress->n_lines);
    int width = text_width(buf_bytes(&text));
    int end = app->screen.width - width;
    if (end - x > 8)
        screen_bar(&app->screen, end - (end - x > 24 ? 24 : end - x), y, end, (int64_t)done,
                   (int64_t)(total ? total : 1), false);
    screen_put_right(&app->screen, x, y, app->screen.width, buf_bytes(&text), ROLE_MATCH, false);
}

static void paint_tabs(struct app *app, int y)
{
    int x = 0;
    for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
        BUF_AUTO struct buf text = {0};
        buf_printf(&text, "%zu %s", i + 1, tabs[i]->tab);
        x = screen_put(&app->screen, x, y, app->screen.width, buf_bytes(&text),
                       app->view == tabs[i] ? ROLE_TAB_ON : ROLE_DIM, false) +
            2;
    }
    if (app->view == &view_text)
        screen_put(&app->screen, x, y, app->screen.width, bytes_of(app->text_title), ROLE_TAB_ON,
                   false);
    if (app->view == &view_export)
        screen_put(&app->screen, x, y, app->screen.width, bytes_of(export_form_name(app->form)),
                   ROLE_TITLE, false);
    if (app->loader)
        paint_load(app, x + 1, y);
}

/* Walks the columns that this screen shows: their first and last + 1 x. */
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
        x = screen_put(&app->screen, x, y, end, text, cell.role, selected);
        if (cell.tail.n && x + 4 < end)
            screen_put(&app->screen, x + 2, y, end, buf_bytes(&cell.tail), ROLE_DIM, selected);
    }
    buf_finish(&cell.text);
    buf_finish(&cell.tail);
}

static void paint_body(struct app *app, const struct layout *layout)
{
    uint64_t n = app->view->count(app);
    struct list *list = app->view->list(app);
    uint64_t rows = (uint64_t)layout->body_rows;
    if (!n) {
        screen_put(&app->screen, 2, layout->body, app->screen.width,
                   bytes_of(app->loader ? "loading ..." : app->view->empty(app)), ROLE_DIM, false);
        return;
    }
    if (list->cursor >= n)
        list->cursor = n - 1;
    if (list->top > list->cursor)
        list->top = list->cursor;
    if (list->cursor >= list->top + rows)
        list->top = list->cursor - rows + 1;
    for (uint64_t k = 0; k < rows && list->top + k < n; k++) {
        int y = layout->body + (int)k;
        bool selected = list->top + k == list->cursor && app->focus == SCOPE_BODY;
        if (selected)
            screen_fill(&app->screen, y, ROLE_TEXT, true);
        int x = 0, end;
        for (size_t i = 0; next_column(app, &i, &x, &end); i++, x = end + 1)
            paint_cell(app, list->top + k, i, x, end, y, selected);
    }
}

static void panel_title(struct app *app, int y)
{
    BUF_AUTO struct buf text = {0};
    for (int x = 0; x < app->screen.width; x++)
        screen_put(&app->screen, x, y, x + 1, bytes_of("\xe2\x94\x80"), ROLE_TITLE, false);
    buf_add(&text, bytes_of(" patterns \xe2\x94\x80 "));
    format_count(app->x->corpus->n_lines, &text);
    buf_add(&text, bytes_of(" lines \xe2\x86\x92 "));
    if (app->x->chain_err.kind != ERR_NONE)
        buf_add(&text, bytes_of(app->x->chain_err.text));
    else if (chain_survivors(app->x->chain))
        format_count(chain_n_output(app->x->chain), &text);
    else
        buf_add(&text, bytes_of("..."));
    if (!app->evaluated && app->x->chain_err.kind == ERR_NONE)
        buf_add(&text, bytes_of(" ~"));
    buf_byte(&text, ' ');
    put(app, 2, y, &text, app->focus == SCOPE_PANEL ? ROLE_HEADER : ROLE_TITLE);
}

static void paint_stage(struct app *app, size_t i, int y)
{
    struct stage_view stage = chain_stage(app->x->chain, i);
    bool selected = app->focus == SCOPE_PANEL && i == app->stage;
    BUF_AUTO struct buf left = {0}, right = {0};
    if (selected)
        screen_fill(&app->screen, y, ROLE_TEXT, true);
    buf_printf(&left, "%2zu [%c] ", i + 1, stage.enabled ? 'x' : ' ');
    buf_add(&left, stage.text);
    if (stage.counted && stage.enabled) {
        if (app->screen.width >= 80) {
            format_count(stage.hits, &right);
            buf_add(&right, bytes_of(" hits  "));
            format_count(stage.unique_hits, &right);
            buf_add(&right, bytes_of(" only here  "));
        }
        format_count(stage.left, &right);
        buf_add(&right, bytes_of(" left"));
    }
    int room = app->screen.width - text_width(buf_bytes(&right)) - 1;
    screen_put(&app->screen, 1, y, room, buf_bytes(&left), stage.enabled ? ROLE_TEXT : ROLE_DIM,
               selected);
    screen_put_right(&app->screen, room, y, app->screen.width, buf_bytes(&right), ROLE_DIM,
                     selected);
}

/* Label, text with the cursor kept in sight, and what stands to the right of it. */
static void paint_prompt(struct app *app, int y, struct bytes label, const struct buf *right,
                         enum role role)
{
    struct screen *screen = &app->screen;
    screen_fill(screen, y, ROLE_TEXT, false);
    int room = screen->width - (right->n ? text_width(buf_bytes(right)) + 1 : 0);
    if (room < screen->width / 2)
        room = screen->width / 2;
    int x = screen_put(screen, 0, y, room, label, ROLE_HEADER, false);
    struct bytes text = buf_bytes(&app->prompt.text);
    size_t from = 0;
    while (from < app->prompt.cursor &&
           x + text_width(bytes_from(text.p + from, app->prompt.cursor - from)) >= room)
        from++;
    screen_put(screen, x, y, room, bytes_skip(text, from), ROLE_TEXT, false);
    screen->cursor_x = x + text_width(bytes_from(text.p + from, app->prompt.cursor - from));
    screen->cursor_y = y;
    screen_put_right(screen, room, y, screen->width, buf_bytes(right), role, false);
}

static void paint_stage_prompt(struct app *app, int y)
{
    const struct preview *preview = &app->preview;
    BUF_AUTO struct buf label = {0}, right = {0};
    buf_printf(&label, " > %s%s", app->prompt_begin ? app->prompt_begin : "",
               app->prompt_begin ? " " : "");
    enum role role = ROLE_DIM;
    if (preview->error.n) {
        buf_add(&right, buf_bytes(&preview->error));
        role = ROLE_ERROR;
    } else if (preview->known) {
        struct chain *chain = app->x->chain;
        uint32_t before = app->prompt_stage ? chain_stage(chain, app->prompt_stage - 1).left
                                            : app->x->corpus->n_lines;
        format_count(preview->left, &right);
        buf_add(&right, bytes_of(" would be left  \xe2\x88\x92"));
        format_count(before > preview->left ? before - preview->left : 0, &right);
        role = ROLE_MATCH;
    } else if (preview->valid) {
        buf_add(&right, bytes_of("counting ..."));
    }
    paint_prompt(app, y, buf_bytes(&label), &right, role);
}

static void paint_last(struct app *app, int y)
{
    static const char *const labels[] = {[PROMPT_PIPELINE] = " pipeline: ",
                                         [PROMPT_SEARCH] = "/",
                                         [PROMPT_COMMAND] = ":",
                                         [PROMPT_FILE] = " write to: "};
    struct buf none = {0};
    if (app->message.n) {
        put(app, 1, y, &app->message, app->message_role);
        if (app->prompt_kind != PROMPT_PIPELINE)
            return;
    }
    if (app->prompt_kind != PROMPT_NONE && app->prompt_kind != PROMPT_STAGE) {
        paint_prompt(app, y - (app->message.n ? 1 : 0), bytes_of(labels[app->prompt_kind]), &none,
                     ROLE_TEXT);
        return;
    }
    const char *hint =
        app->prompt_kind == PROMPT_STAGE ? "Enter accept  Esc leave it"
        : app->focus == SCOPE_PANEL
            ? "Space on/off  e edit  i invert  d delete  J K move  Tab back  ? help"
        : app->view == &view_export ? "f form  o write  p pipeline  u undo  ? help  q quit"
        : app->view == &view_text
            ? "q back"
            : "Space keep  - drop  a auto  / search  v -v pattern  u undo  w why  ? help  q quit";
    screen_put(&app->screen, 1, y, app->screen.width, bytes_of(hint), ROLE_DIM, false);
}

void paint(struct app *app)
{
    screen_clear(&app->screen);
    struct layout layout = lay_out(app);
    paint_header(app);
    paint_tabs(app, layout.tabs);
    paint_titles(app, layout.titles);
    paint_body(app, &layout);
    if (layout.panel >= 0) {
        panel_title(app, layout.panel);
        size_t n = chain_n_stages(app->x->chain);
        size_t rows = (size_t)layout.panel_rows;
        size_t top = app->stage >= rows && rows ? app->stage - rows + 1 : 0;
        if (app->focus != SCOPE_PANEL && n > rows)
            top = n - rows;
        for (size_t k = 0; k < rows && top + k < n; k++)
            paint_stage(app, top + k, layout.panel + 1 + (int)k);
    }
    paint_last(app, layout.last);
    if (layout.prompt >= 0)
        paint_stage_prompt(app, layout.prompt);
    app->dirty = false;
}
