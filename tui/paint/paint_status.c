/* SPDX-License-Identifier: MIT
 *
 * Paints the prompts and the last row: a message, the progress of a load, or hints for keys.
 */
#include "paint/paint.h"

#include "app/app.h"

#include <string.h>

#include "screen/format.h"

static void put(struct app *app, int x, int y, const struct buf *text, enum role role)
{
    screen_put(&app->screen, x, y, app->screen.width, buf_bytes(text), role, false);
}

/* Paints a label, the typed text, scrolled so that the cursor is visible, and a text at the right.
 */
static void paint_prompt(struct app *app, int y, struct bytes label, const struct buf *right,
                         enum role role)
{
    struct screen *screen = &app->screen;
    screen_fill(screen, y, ROLE_TEXT, false);
    int room = screen->width - (right->n ? text_width(buf_bytes(right)) + 1 : 0);
    if (room < screen->width / 2)
        room = screen->width / 2;
    int x = screen_put(screen, 0, y, room, label, ROLE_HEADER, false);
    struct bytes text = buf_bytes(&app->prompt.line.text);
    size_t from = 0;
    while (from < app->prompt.line.cursor &&
           x + text_width(bytes_from(text.p + from, app->prompt.line.cursor - from)) >= room)
        from++;
    screen_put(screen, x, y, room, bytes_skip(text, from), ROLE_TEXT, false);
    screen->cursor_x = x + text_width(bytes_from(text.p + from, app->prompt.line.cursor - from));
    screen->cursor_y = y;
    screen_put_right(screen, room, y, screen->width, buf_bytes(right), role, false);
}

void paint_stage_prompt(struct app *app, int y)
{
    const struct preview *preview = &app->chain_edit.preview;
    BUF_AUTO struct buf label = {0}, right = {0};
    buf_add(&label, bytes_of(" > "));
    filter_target_print_label(app->chain_edit.target, &label);
    buf_printf(&label, "%s%s", app->chain_edit.begin ? app->chain_edit.begin : "",
               app->chain_edit.begin ? " " : "");
    enum role role = ROLE_DIM;
    if (preview->error.n) {
        buf_add(&right, bytes_of("invalid filter"));
        role = ROLE_ERROR;
    } else if (preview->known) {
        struct chain *chain = app->session->chain;
        uint32_t before = app->chain_edit.stage ? chain_stage(chain, app->chain_edit.stage - 1).left
                                                : app_n_lines(app);
        format_count(preview->left, &right);
        buf_add(&right, bytes_of(app->screen.width < 60 ? " left \xe2\x88\x92"
                                                        : " would be left  \xe2\x88\x92"));
        format_count(before > preview->left ? before - preview->left : 0, &right);
        role = ROLE_MATCH;
    } else if (preview->valid) {
        buf_add(&right, bytes_of("counting ..."));
    }
    paint_prompt(app, y, buf_bytes(&label), &right, role);
}

/* Appends a piece to the progress row if it fits. */
static void add_piece(struct buf *row, int room, const char *before, const struct buf *piece,
                      const char *after)
{
    BUF_AUTO struct buf whole = {0};
    buf_printf(&whole, "%s%s%s", before, piece->p, after);
    if (text_width(buf_bytes(row)) + text_width(buf_bytes(&whole)) <= room)
        buf_add(row, buf_bytes(&whole));
}

static void add_count(struct buf *row, int room, uint32_t n, const char *what)
{
    BUF_AUTO struct buf piece = {0};
    format_count(n, &piece);
    if (n)
        add_piece(row, room, "  ", &piece, what);
}

/* Paints the state of following logs. Following has no end, so it has no progress. */
static void paint_follow(struct app *app, int y)
{
    const struct progress *progress = loader_progress(app->loading.loader);
    bool stops = progress->cancel;
    int x = screen_put(&app->screen, 1, y, app->screen.width,
                       bytes_of(stops ? "stopping" : "following the logs"), ROLE_MATCH, false);
    if (!stops)
        screen_put(&app->screen, x + 2, y, app->screen.width, bytes_of("Esc stops"), ROLE_TEXT,
                   false);
}

static void paint_progress(struct app *app, int y, struct progress *progress)
{
    static const char *const phases[] = {
        [PROGRESS_IDLE] = "working",          [PROGRESS_FETCH] = "fetching",
        [PROGRESS_INDEX] = "indexing",        [PROGRESS_VERIFY] = "verifying",
        [PROGRESS_LAYERS] = "reading layers", [PROGRESS_MERGE] = "merging",
        [PROGRESS_LOGS] = "reading logs",     [PROGRESS_FILES] = "reading files",
        [PROGRESS_COMMIT] = "finishing"};
    enum progress_phase phase = atomic_load(&progress->phase);
    uint64_t done = progress->done_bytes, total = progress->total_bytes;
    struct screen *screen = &app->screen;
    int x = screen_put(screen, 1, y, screen->width, bytes_of(phases[phase]), ROLE_MATCH, false) + 1;
    int bar = screen->width / 5 < 30 ? screen->width / 5 : 30;
    screen_bar(screen, x, y, x + bar, (int64_t)(done < total ? done : total),
               (int64_t)(total ? total : 1), false);
    x += bar;
    BUF_AUTO struct buf row = {0}, read = {0}, of = {0}, pace = {0};
    int room = screen->width - x - (int)strlen("  Esc cancels");
    if (total)
        buf_printf(&row, " %d %%", (int)(done < total ? done * 100 / total : 100));
    format_bytes((int64_t)done, &read);
    add_piece(&row, room, "  ", &read, "");
    format_bytes((int64_t)total, &of);
    if (total)
        add_piece(&row, room, " of ", &of, "");
    pace_look(&app->pace, progress, pace_now_ms());
    pace_say(&app->pace, &pace);
    if (pace.n)
        add_piece(&row, room, "  ", &pace, "");
    add_count(&row, room, progress->n_entries, " entries");
    add_count(&row, room, progress->n_lines, " lines");
    buf_add(&row, bytes_of(progress->cancel ? "  stopping" : "  Esc cancels"));
    put(app, x, y, &row, ROLE_TEXT);
}

static const char *hint_of(const struct app *app)
{
    if (app->prompt.type)
        return app->prompt.type->hint;
    if (app->focus == SCOPE_PANEL)
        return "Space on/off  ? help  e edit  i invert  d delete  J K move  t target  s others off "
               " c copy  a all on/off  Tab back";
    return app->view->hint;
}

/* Paints as many hints as fit. A hint is a key with a few words; two blanks separate hints. */
static void paint_hint(struct app *app, int y)
{
    BUF_AUTO struct buf hint = {0};
    if (!app->prompt.type)
        bindings_hint(&app->config.bindings, bytes_of(hint_of(app)), app->focus, &hint);
    else
        buf_add(&hint, bytes_of(hint_of(app)));
    struct bytes rest = buf_bytes(&hint);
    int x = 1;
    while (rest.n) {
        const char *gap = memmem(rest.p, rest.n, "  ", 2);
        struct bytes one = bytes_from(rest.p, gap ? (size_t)(gap - rest.p) : rest.n);
        rest = bytes_skip(rest, one.n + 2);
        if (x + text_width(one) < app->screen.width)
            x = screen_put(&app->screen, x, y, app->screen.width, one, ROLE_DIM, false) + 2;
    }
}

static bool paint_message(struct app *app, int y)
{
    const struct buf *error = &app->chain_edit.preview.error;
    if (app->message.text.n)
        put(app, 1, y, &app->message.text, app->message.role);
    else if (error->n) /* the whole error; next to the typed text it may be cut */
        put(app, 1, y, error, ROLE_ERROR);
    else
        return false;
    return true;
}

static void paint_count(struct app *app, int y)
{
    BUF_AUTO struct buf text = {0}, hint = {0};
    bindings_hint(&app->config.bindings,
                  bytes_of("j rows down  k up  G go to that row  PgDn pages  Esc cancel"),
                  app->focus, &hint);
    buf_byte(&text, '#');
    if (app->count.n >= 0)
        buf_printf(&text, "%lld", (long long)app->count.n);
    buf_printf(&text, "  %s", hint.p);
    put(app, 1, y, &text, ROLE_TEXT);
}

static void paint_range(struct app *app, int y)
{
    BUF_AUTO struct buf text = {0};
    uint64_t first, end;
    range_rows(app, &first, &end);
    format_count(end - first, &text);
    buf_add(&text, bytes_of(end - first == 1 ? " row  " : " rows  "));
    bindings_hint(&app->config.bindings,
                  bytes_of("Space keep  - drop  a auto  Delete unmark  y copy  Esc cancel"),
                  app->focus, &text);
    put(app, 1, y, &text, ROLE_TEXT);
}

void paint_last(struct app *app, int y)
{
    bool said = paint_message(app, y);
    const struct prompt_type *prompt = app->prompt.type;
    if (prompt && prompt->label) {
        BUF_AUTO struct buf right = {0};
        const char *problem = prompt->problem ? prompt->problem(app) : NULL;
        buf_add(&right, bytes_of(problem));
        paint_prompt(app, said && y > 0 ? y - 1 : y, bytes_of(prompt->label), &right, ROLE_ERROR);
        return;
    }
    if (said)
        return;
    if (app->count.is_typed)
        paint_count(app, y);
    else if (app->range.is_active && app->focus == SCOPE_BODY)
        paint_range(app, y);
    else if (app->search.is_running)
        screen_put(&app->screen, 1, y, app->screen.width,
                   bytes_of("searching; press any key to stop"), ROLE_DIM, false);
    else if (writing_is_going(app))
        paint_progress(app, y, task_progress(app->writing.task));
    else if (app->loading.loader && loader_is_following(app->loading.loader) &&
             app->loading.n_followed)
        paint_follow(app, y);
    else if (app->loading.loader)
        paint_progress(app, y, loader_progress(app->loading.loader));
    else
        paint_hint(app, y);
}
