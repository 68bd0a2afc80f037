/* SPDX-License-Identifier: MIT
 *
 * The breaks: accesses that would fail in the slim image. They are computed after each new kept
 * tree.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_image.h"

#include <stdlib.h>

#include "screen/format.h"

enum { COLUMN_KIND, COLUMN_TIMES, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_KIND] = {"break", 9, false, 0},
    [COLUMN_TIMES] = {"times", 7, true, 60},
    [COLUMN_PATH] = {"path", 0, false, 0},
};

struct state {
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_breaks);
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return app->results.breaks ? app->results.breaks->n : 0;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct break_row *at = &app->results.breaks->rows[row];
    bool hint = at->kind == BREAK_FOUND || at->kind == BREAK_LISTED;
    switch (column) {
    case COLUMN_KIND:
        buf_add(&out->text, bytes_of(break_kind_name(at->kind)));
        out->role = hint ? ROLE_DIM : ROLE_ERROR;
        break;
    case COLUMN_TIMES:
        format_count(at->n, &out->text);
        break;
    default:
        buf_add(&out->text, at->path);
        out->role = hint ? ROLE_DIM : ROLE_TEXT;
        if (app->decisions.of_keep ==
            app->decisions.now) { /* otherwise the causes are those of older decisions */
            struct keep_input input = session_keep_input(app->session);
            breaks_print(app->results.breaks, row, &input, app->session->keep, app->session->chain,
                         &out->tail);
        }
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, app->results.breaks->rows[row].path);
}

/* Marks the paths of all breaks of a kind keep, in one undoable step. */
static void keep_class(struct app *app, enum break_kind kind)
{
    struct err err;
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    breaks_nodes(app->results.breaks, app->session->subject, kind, &nodes, &n);
    if (!n) {
        app_say(app, ROLE_DIM,
                kind == BREAK_LISTED
                    ? "no missing entry has the suffix of a used file; Space keeps the directory"
                    : "no break of this kind has a path in the image");
    } else if (!session_set_marks(app->session, nodes, n, MARK_KEEP, &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
    } else {
        app_say(app, ROLE_KEEP, "%zu path%s marked keep; u undoes it", n, n == 1 ? "" : "s");
        app_decided(app);
    }
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    return app->results.breaks->rows[row].node;
}

static bool act(struct app *app, enum action action)
{
    uint64_t row = state_of(app)->list.cursor;
    if (row >= count(app))
        return false;
    const struct break_row *at = &app->results.breaks->rows[row];
    if (action == ACTION_KEEP_CLASS)
        return keep_class(app, at->kind), true;
    if (at->node != NODE_NONE && action == ACTION_OPEN) {
        view_image_open(app, at->node);
        return true;
    }
    return at->node != NODE_NONE && app_act_on_node(app, at->node, action);
}

static void forget(struct app *app, enum view_renewal renewal)
{
    if (renewal == VIEW_OTHER_IMAGE)
        state_of(app)->list = (struct list){0};
}

static void add_summary(struct app *app, struct buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < app->results.offers.n; i++)
        n += app->results.offers.list[i].state == OFFER_ASKS;
    if (n)
        buf_printf(out,
                   n == 1 ? "%zu file group needs a decision (F)"
                          : "%zu file groups need a decision (F)",
                   n);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    propose_path(app->results.breaks->rows[row].path, out);
}

static const char *empty(struct app *app)
{
    if (!app->session->subject)
        return NO_IMAGE_TEXT;
    if (!app->session->corpus->n_logs)
        return "Breaks are computed from the logs. " NO_LOG_TEXT;
    return app->results.breaks
               ? "Nothing would break: every successful access in the evidence would also succeed "
                 "in the slim image.\n\n"
                 "To verify this, run the slim image: xsmall check"
               : "computing the breaks ...";
}

static const enum action takes[] = {TAKES_NODE, ACTION_KEEP_CLASS, ACTION_OPEN, ACTION_NONE};

const struct view view_breaks = {
    .id = VIEW_ID_breaks,
    .title = "Breaks",
    .tab = &view_breaks,
    .opens = ACTION_VIEW_BREAKS,
    .state.size = sizeof(struct state),
    .state.forget = forget,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .node = node_at,
    .takes = takes,
    .act = act,
    .empty = empty,
    .propose = propose,
    .summary = add_summary,
    .hint = "Space keep  A keep all of this kind  ? help  Enter show in tree  L lines  w why  / "
            "search  u undo",
};
