/* SPDX-License-Identifier: MIT
 *
 * The trace by failed look-up: each file name that a program did not find, with the places that it
 * tried.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_image.h"
#include "views/view_pivots.h"
#include "screen/format.h"
#include "util/path.h"

enum { COLUMN_PLACES, COLUMN_TIMES, COLUMN_NAME };

static const struct column columns[] = {
    [COLUMN_PLACES] = {"places", 7, true, 0},
    [COLUMN_TIMES] = {"failed", 7, true, 50},
    [COLUMN_NAME] = {"name", 0, false, 0},
};

static struct list *list(struct app *app)
{
    return &pivots_state_of(app)->lists[PIVOT_SEARCHES];
}

static uint64_t count(struct app *app)
{
    return pivots_have_rows(app, PIVOT_SEARCHES) ? pivots_state_of(app)->n_rows : 0;
}

static const struct pivot_search *search_at(const struct app *app, uint64_t row)
{
    return &pivots_state_of(app)->made.searches[pivots_state_of(app)->rows[row].search];
}

/* Returns the place of a row. Returns NULL if the row is the row of a name. */
static const struct pivot_place *place_at(const struct app *app, uint64_t row)
{
    uint32_t place = pivots_state_of(app)->rows[row].place;
    return place == UINT32_MAX ? NULL : &pivots_state_of(app)->made.places[place];
}

static struct bytes asked_path(const struct app *app, uint32_t asked)
{
    return app->session->accesses->paths[asked].path;
}

/* Returns the directory of a path; "/" for a path directly below the root. */
static struct bytes dir_of(struct bytes path)
{
    struct bytes dir = path_dir(path);
    return dir.n || !path.n || path.p[0] != '/' ? dir : bytes_of("/");
}

static void add_name(const struct app *app, const struct pivot_search *search,
                     struct view_cell *out)
{
    buf_add(&out->text, search->name.n ? search->name : bytes_of("/"));
    if (search->found == UINT32_MAX) {
        out->role = ROLE_ERROR;
        buf_add(&out->tail, bytes_of("found nowhere"));
        return;
    }
    buf_add(&out->tail, bytes_of("found in "));
    buf_add(&out->tail, dir_of(asked_path(app, search->found)));
}

static void add_place(const struct app *app, const struct pivot_place *place, struct view_cell *out)
{
    const char *name = strerrorname_np(place->error);
    struct bytes dir = dir_of(asked_path(app, place->asked));
    buf_add(&out->text, bytes_of("    "));
    buf_add(&out->text, dir.n ? dir : bytes_of("(unknown directory)"));
    buf_printf(&out->tail, "%s, ", name ? name : "");
    pivots_line_name(app, place->line, &out->tail);
    out->role = ROLE_DIM;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct pivot_search *search = search_at(app, row);
    const struct pivot_place *place = place_at(app, row);
    if (column == COLUMN_PLACES && !place)
        format_count(search->n, &out->text);
    else if (column == COLUMN_TIMES)
        format_count(place ? place->times : search->times, &out->text);
    else if (column == COLUMN_NAME && place)
        add_place(app, place, out);
    else if (column == COLUMN_NAME)
        add_name(app, search, out);
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    const struct pivot_place *place = place_at(app, row);
    buf_add(out, place ? asked_path(app, place->asked) : search_at(app, row)->name);
}

/* Opens or closes the name of a row, and puts the cursor on the name. */
static void toggle(struct app *app, uint64_t row, bool open)
{
    uint32_t search = pivots_state_of(app)->rows[row].search;
    pivots_state_of(app)->open[search] = open;
    pivots_list_searches(app);
    for (row = 0; pivots_state_of(app)->rows[row].search != search;)
        row++;
    list(app)->cursor = row;
}

static bool act(struct app *app, enum action action)
{
    uint64_t row = list(app)->cursor;
    if (row >= count(app))
        return pivots_act(app, action, UINT32_MAX);
    const struct pivot_search *search = search_at(app, row);
    const struct pivot_place *place = place_at(app, row);
    const struct pivot_place *first =
        place ? place : &pivots_state_of(app)->made.places[search->first];
    switch (action) {
    case ACTION_OPEN:
        if (place)
            pivots_reveal_line(app, place->line);
        else
            toggle(app, row, !pivots_state_of(app)->open[pivots_state_of(app)->rows[row].search]);
        return true;
    case ACTION_CLOSE:
        return toggle(app, row, false), true;
    case ACTION_LINES:
        pivots_lines_of(app, asked_path(app, first->asked), NODE_NONE);
        return true;
    default:
        return pivots_act(app, action, first->line);
    }
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    const struct pivot_place *place = place_at(app, row);
    uint32_t first = search_at(app, row)->first;
    propose_path(
        asked_path(app, place ? place->asked : pivots_state_of(app)->made.places[first].asked),
        out);
}

static const char *empty(struct app *app)
{
    return pivots_empty(app, "No look-up failed in the matching lines.");
}

static const enum action takes[] = {TAKES_PIVOT, ACTION_OPEN, ACTION_CLOSE, ACTION_LINES,
                                    ACTION_NONE};

const struct view view_searches = {
    .id = VIEW_ID_searches,
    .title = "Trace",
    .tab = &view_trace,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .propose = propose,
    .summary = pivots_add_summary,
    .hint = ". by line  Enter places  L lines  ? help  c r limits  0 no limits  / search",
};
