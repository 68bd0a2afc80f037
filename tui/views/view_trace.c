/* SPDX-License-Identifier: MIT
 *
 * The trace by line: the matching lines in the order in which the pipeline prints them, or all
 * lines, where a number names the filter that hides a line. While a filter is being typed, the
 * lines that it would hide are dim.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_image.h"
#include "views/view_pivots.h"

#include <stdlib.h>
#include <string.h>

#include "export/quote.h"

static const struct column columns[] = {{"lines (H shows or omits hidden lines)", 0, false, 0}};

static void init(struct app *app)
{
    pivots_state_of(app)->filter = pivot_no_filter;
}

static bool open_tab(struct app *app, struct err *err)
{
    (void)err;
    app_open(app, pivots_view(app));
    return true;
}

/* Returns whether the cursor is on the last of several matching lines while logs are followed. */
static bool is_at_end(const struct app *app)
{
    uint64_t n = app->session && chain_survivors(app->session->chain)
                     ? chain_n_output(app->session->chain)
                     : 0;
    return app->loading.follows && n > 1 &&
           pivots_state_of(app)->lists[PIVOT_LINES].cursor + 1 == n;
}

static void forget(struct app *app, enum view_renewal renewal)
{
    struct pivots *pivots = pivots_state_of(app);
    pivot_finish(&pivots->made);
    uses_finish(&pivots->uses);
    pivots->is_made = false;
    pivots->uses_of = 0;
    pivots->n_rows = 0;
    pivots->filter.process = PIVOT_ALL; /* indices of the old session */
    pivots->filter.node = NODE_NONE;
    pivots->serial++;
    pivots->was_at_end = is_at_end(app);
    if (renewal == VIEW_OTHER_IMAGE)
        pivots->lists[PIVOT_LINES] = (struct list){0};
}

/* Moves the cursor to the new last line if it was on the old last line. */
static void refresh(struct app *app)
{
    struct pivots *pivots = pivots_state_of(app);
    if (pivots->was_at_end && chain_n_output(app->session->chain))
        pivots->lists[PIVOT_LINES].cursor = chain_n_output(app->session->chain) - 1;
    pivots->was_at_end = false;
}

static void finish(struct app *app)
{
    struct pivots *pivots = pivots_state_of(app);
    pivot_finish(&pivots->made);
    uses_finish(&pivots->uses);
    arena_finish(&pivots->strings);
    free(pivots->open);
    free(pivots->rows);
    buf_finish(&pivots->no_logs);
}

struct place {
    struct pivot_filter filter;
    bool all_lines;
};

static void leave(struct app *app, void *out)
{
    const struct pivots *pivots = pivots_state_of(app);
    struct place *place = out;
    *place = (struct place){pivots->filter, pivots->all_lines};
}

static void come_back(struct app *app, const struct view *to, const void *from)
{
    const struct place *place = from;
    struct pivots *pivots = pivots_state_of(app);
    if (to->tab == &view_trace)
        pivots_restore(app, to, &place->filter, place->all_lines);
    pivots->anchor = UINT64_MAX;
}

static void renew(void *out, enum view_renewal renewal)
{
    struct place *place = out;
    (void)renewal;
    place->filter.process = PIVOT_ALL;
    place->filter.node = NODE_NONE;
}

static struct list *list(struct app *app)
{
    return &pivots_state_of(app)->lists[PIVOT_LINES];
}

/* Returns the number of lines of the selected logs, matching or hidden. Without logs, returns the
 * number of paths of the image. */
static uint64_t n_all(const struct app *app)
{
    const struct session *session = app->session;
    struct bytes ignored;
    uint64_t n = 0;
    for (size_t i = 0; i < chain_n_selected(session->chain); i++)
        n += session->corpus->logs[chain_selected(session->chain, i, &ignored)].n_lines;
    return session->corpus->n_logs ? n : line_paths_n_lines(session->line_paths);
}

/* Finds a row of all lines, in the order of output. Returns false if there is no such row. */
static bool all_line(const struct app *app, uint64_t row, uint32_t *line, struct bytes *prefix)
{
    const struct session *session = app->session;
    for (size_t i = 0; i < chain_n_selected(session->chain); i++) {
        const struct corpus_log *log =
            &session->corpus->logs[chain_selected(session->chain, i, prefix)];
        if (row < log->n_lines) {
            *line = log->first_line + (uint32_t)row;
            return true;
        }
        row -= log->n_lines;
    }
    *line = (uint32_t)row;
    *prefix = bytes_from("", 0);
    return !session->corpus->n_logs && row < line_paths_n_lines(session->line_paths);
}

/* Returns the row of a line among all lines. */
static uint64_t row_among_all(const struct app *app, uint32_t line)
{
    const struct session *session = app->session;
    struct bytes ignored;
    uint64_t before = 0;
    for (size_t i = 0; i < chain_n_selected(session->chain); i++) {
        const struct corpus_log *log =
            &session->corpus->logs[chain_selected(session->chain, i, &ignored)];
        if (line >= log->first_line && line - log->first_line < log->n_lines)
            return before + line - log->first_line;
        before += log->n_lines;
    }
    return line;
}

static uint64_t count(struct app *app)
{
    if (pivots_state_of(app)->all_lines)
        return n_all(app);
    if (pivots_filter_lines(app))
        return pivots_have_rows(app, PIVOT_LINES) ? pivots_state_of(app)->made.n : 0;
    return app->decisions.evaluated || chain_survivors(app->session->chain)
               ? chain_n_output(app->session->chain)
               : 0;
}

static bool line_at(const struct app *app, uint64_t row, uint32_t *line, struct bytes *prefix)
{
    if (pivots_state_of(app)->all_lines)
        return all_line(app, row, line, prefix);
    if (pivots_filter_lines(app))
        row = pivots_state_of(app)->made.lines[row];
    return chain_output(app->session->chain, row, line, prefix);
}

/* Returns the row, among the matching lines, of the first matching line at or after a row among all
 * lines. */
static uint64_t row_of_survivor(const struct app *app, uint64_t row)
{
    uint64_t from = 0, to = chain_n_output(app->session->chain);
    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        uint32_t line;
        struct bytes ignored;
        chain_output(app->session->chain, middle, &line, &ignored);
        if (row_among_all(app, line) < row)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

uint64_t view_trace_row(const struct app *app, uint32_t line)
{
    return row_of_survivor(app, row_among_all(app, line));
}

/* Shows or omits the hidden lines. The cursor stays on its line, or moves to the next matching
 * line. */
static void switch_hidden(struct app *app)
{
    struct list *at = &pivots_state_of(app)->lists[PIVOT_LINES];
    uint32_t line;
    struct bytes ignored;
    if (pivots_state_of(app)->all_lines)
        at->cursor = pivots_state_of(app)->anchor = row_of_survivor(app, at->cursor);
    else if (at->cursor < count(app) && line_at(app, at->cursor, &line, &ignored))
        at->cursor = row_among_all(app, line);
    pivots_state_of(app)->all_lines = !pivots_state_of(app)->all_lines;
    pivots_state_of(app)->serial++;
}

/* Returns the number, from 1, of the stage that hides a line; 0 for a matching line. */
static size_t hidden_by(const struct app *app, uint32_t line)
{
    size_t stage =
        pivots_state_of(app)->all_lines ? chain_hidden_by(app->session->chain, line) : SIZE_MAX;
    return stage < chain_n_stages(app->session->chain) ? stage + 1 : 0;
}

/* Appends a line as the pipeline prints it. Returns false if the line cannot be read. */
static bool add_line(struct app *app, uint64_t row, struct buf *out, uint32_t *line,
                     size_t *prefix_n)
{
    struct bytes prefix;
    struct err err;
    if (!line_at(app, row, line, &prefix))
        return false;
    *prefix_n = prefix.n;
    buf_add(out, prefix);
    return session_line_text(app->session, *line, out, &err);
}

/* Inserts the number of the stage that hides a line, or blanks, before the text of the line. */
static void add_margin(const struct app *app, uint32_t line, struct view_cell *out)
{
    BUF_AUTO struct buf text = {0};
    size_t stage = hidden_by(app, line);
    if (stage)
        buf_printf(&text, "%3zu ", stage);
    else
        buf_add(&text, bytes_of("    "));
    out->head = text.n + (stage ? 0 : out->head);
    buf_add(&text, buf_bytes(&out->text));
    buf_finish(&out->text);
    out->text = text;
    text = (struct buf){0};
    if (stage)
        out->role = ROLE_DIM;
}

/* Replaces the directory of a long log name by "…", as in "…/log.7:", to leave room for the line.
 */
static void shorten_prefix(const struct app *app, struct buf *line, size_t *prefix_n)
{
    struct bytes prefix = bytes_from(line->p, *prefix_n);
    size_t slash = bytes_rindex(prefix, '/');
    if (slash == prefix.n || slash < (size_t)app->screen.width / 5)
        return;
    BUF_AUTO struct buf text = {0};
    buf_add(&text, bytes_of("\xe2\x80\xa6"));
    *prefix_n = text.n + prefix.n - slash;
    buf_add(&text, bytes_skip(buf_bytes(line), slash));
    buf_finish(line);
    *line = text;
    text = (struct buf){0};
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    size_t prefix_n;
    uint32_t line;
    if (!add_line(app, row, &out->text, &line, &prefix_n)) {
        out->role = ROLE_ERROR;
        buf_add(&out->text, bytes_of("this line cannot be read from the session"));
        return;
    }
    bool goes = chain_edit_would_remove(app, line, buf_bytes(&out->text), prefix_n);
    shorten_prefix(app, &out->text, &prefix_n);
    if (goes)
        out->role = ROLE_DIM; /* the whole line including the prefix */
    else
        out->head = prefix_n;
    if (pivots_state_of(app)->all_lines)
        add_margin(app, line, out);
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    size_t prefix_n;
    uint32_t line;
    add_line(app, row, out, &line, &prefix_n);
}

/* Returns the node that the call of a line accessed, or NODE_NONE. */
static uint32_t node_of_line(struct app *app, uint64_t row)
{
    uint32_t line;
    struct bytes prefix;
    return line_at(app, row, &line, &prefix) ? session_line_node(app->session, line) : NODE_NONE;
}

/* Prints the stage that hides the line under the cursor. Returns false for a matching line. */
static bool report_hiding_stage(struct app *app)
{
    uint32_t line;
    struct bytes ignored;
    size_t stage = line_at(app, pivots_state_of(app)->lists[PIVOT_LINES].cursor, &line, &ignored)
                       ? hidden_by(app, line)
                       : 0;
    if (!stage)
        return false;
    struct stage_view view = chain_stage(app->session->chain, stage - 1);
    app_say(app, ROLE_MATCH, "hidden by stage %zu: %.*s", stage, (int)view.text.n, view.text.p);
    return true;
}

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_HIDDEN)
        return switch_hidden(app), true;
    uint32_t line = UINT32_MAX;
    struct bytes ignored;
    bool any = pivots_state_of(app)->lists[PIVOT_LINES].cursor < count(app);
    if (pivots_act(
            app, action,
            any && line_at(app, pivots_state_of(app)->lists[PIVOT_LINES].cursor, &line, &ignored)
                ? line
                : UINT32_MAX))
        return true;
    if (!any)
        return false;
    if (action == ACTION_WHY && report_hiding_stage(app))
        return true;
    uint32_t node = node_of_line(app, pivots_state_of(app)->lists[PIVOT_LINES].cursor);
    if (node == NODE_NONE) {
        app_say(app, ROLE_DIM, "this line names no file of the image");
        return true;
    }
    if (action == ACTION_OPEN) {
        view_image_open(app, node);
        return true;
    }
    return app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf text = {0};
    size_t prefix_n;
    uint32_t line;
    if (!add_line(app, row, &text, &line, &prefix_n))
        return;
    if (app->session->corpus->n_logs)
        propose_line(bytes_skip(buf_bytes(&text), prefix_n), out);
    else
        propose_path(buf_bytes(&text), out);
}

static bool add_word(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    static const char bare[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_-./=:,+@%";
    size_t n = 0;
    while (n < value.n && memchr(bare, value.p[n], sizeof bare - 1))
        n++;
    buf_byte(with, ' ');
    if (n && n == value.n)
        buf_add(with, value);
    else
        quote_shell(value, with);
    return true;
}

/* Returns the text shown without logs. It contains the strace command for the command of the image.
 */
static const char *no_logs_text(struct app *app)
{
    static const char *const words[] = {"$.config.Entrypoint", "$.config.Cmd"};
    struct bytes config = bytes_of(app->session->subject_info.config);
    BUF_AUTO struct buf command = {0};
    for (size_t i = 0; config.n && i < sizeof words / sizeof *words; i++)
        db_json_each(app->session->db, config, words[i], add_word, &command);
    buf_clear(&pivots_state_of(app)->no_logs);
    buf_printf(
        &pivots_state_of(app)->no_logs,
        "No log is loaded. Until a log is loaded, filters (v, &, x) apply to the paths of the "
        "image.\n\n"
        "To run the image in a sandbox and trace it, run in a shell\nxsmall run\n\n"
        "%s\nstrace -ff -y -e trace=%%file,%%process,fchdir,mmap -o /tmp/log%s\n\n"
        "Then copy the logs to the directory of this session, and load them:\nxsmall load log.*",
        command.n ? "Or trace its command in a container of the image that has strace:"
                  : "Or trace a program in a container of the image that has strace:",
        command.n ? command.p : " PROGRAM");
    return pivots_state_of(app)->no_logs.p;
}

static const char *empty(struct app *app)
{
    if (!app->session->corpus->n_lines && !app->decisions.evaluated)
        return "counting ...";
    if (!app->session->corpus->n_lines)
        return no_logs_text(app);
    return app->decisions.evaluated || app->session->chain_err.kind != ERR_NONE
               ? pivots_empty(app, "No line matches the filters.")
               : "counting ...";
}

static const enum action takes[] = {TAKES_PIVOT,  ACTION_HIDDEN, ACTION_OPEN,   ACTION_KEEP,
                                    ACTION_DROP,  ACTION_AUTO,   ACTION_UNMARK, ACTION_WHY,
                                    ACTION_LINES, ACTION_NONE};

const struct view view_trace = {
    .id = VIEW_ID_trace,
    .title = "Trace",
    .tab = &view_trace,
    .opens = ACTION_VIEW_TRACE,
    .open = open_tab,
    .state.size = sizeof(struct pivots),
    .state.init = init,
    .state.forget = forget,
    .state.refresh = refresh,
    .state.finish = finish,
    .place.size = sizeof(struct place),
    .place.leave = leave,
    .place.come_back = come_back,
    .place.renew = renew,
    .columns = columns,
    .n_columns = 1,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .node = node_of_line,
    .takes = takes,
    .act = act,
    .empty = empty,
    .propose = propose,
    .summary = pivots_add_summary,
    .hint = ". by path  Enter show in tree  ? help  v add filter  x filter from row  e c r t "
            "limits  H hidden lines  / search  Tab filters  [ ] scroll",
};
