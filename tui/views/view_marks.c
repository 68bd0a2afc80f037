/* SPDX-License-Identifier: MIT
 *
 * The marks and notes on paths, each with the bytes and the kept bytes at and below its path.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_files.h"
#include "views/view_image.h"

#include <stdlib.h>

#include "screen/format.h"

enum { COLUMN_MARK, COLUMN_BYTES, COLUMN_KEPT, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_MARK] = {"mark", 4, false, 0},
    [COLUMN_BYTES] = {"bytes", 9, true, 48},
    [COLUMN_KEPT] = {"kept", 9, true, 0},
    [COLUMN_PATH] = {"path, note", 0, false, 0},
};

/* A row. path and note are borrowed from the lists of the session. node is NODE_NONE if the subject
 * image does not contain the path. */
struct decision {
    struct bytes path, note;
    enum mark mark;
    uint32_t node;
};

struct state {
    struct decision *rows; /* owned */
    size_t n;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_marks);
}

/* Compares the next paths of two lists in byte order. Returns a negative number if marks come
 * first, a positive number if notes come first, 0 if both have the same path. */
static int next_of(const struct marks *marks, size_t m, const struct notes *notes, size_t n)
{
    if (m == marks->n)
        return 1;
    if (n == notes->n)
        return -1;
    return bytes_compare(marks->items[m].path, notes->items[n].path);
}

static void decided(struct app *app)
{
    const struct marks *marks = app->session->marks;
    const struct notes *notes = app->session->notes;
    struct state *state = state_of(app);
    size_t m = 0, n = 0;
    free(state->rows);
    state->rows = mem_array(NULL, marks->n + notes->n + 1, sizeof *state->rows);
    state->n = 0;
    while (m < marks->n || n < notes->n) {
        int order = next_of(marks, m, notes, n);
        struct decision decision = {
            .path = order <= 0 ? marks->items[m].path : notes->items[n].path,
            .mark = order <= 0 ? marks->items[m].mark : MARK_NONE,
            .note = order >= 0 ? notes->items[n].text : bytes_from("", 0),
        };
        decision.node =
            app->session->subject ? tree_find(app->session->subject, decision.path) : NODE_NONE;
        m += order <= 0;
        n += order >= 0;
        state->rows[state->n++] = decision;
    }
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->n;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct decision *decision = &state_of(app)->rows[row];
    bool known = app->session->keep && decision->node != NODE_NONE;
    struct rollup rollup = known ? app->session->keep->rollups[decision->node] : (struct rollup){0};
    switch (column) {
    case COLUMN_MARK:
        buf_add(&out->text, bytes_of(mark_name(decision->mark)));
        out->role = decision->mark == MARK_KEEP   ? ROLE_KEEP
                    : decision->mark == MARK_DROP ? ROLE_DROP
                                                  : ROLE_TEXT;
        break;
    case COLUMN_BYTES:
        if (known)
            format_bytes(rollup.bytes, &out->text);
        break;
    case COLUMN_KEPT:
        if (known)
            format_bytes(rollup.kept_bytes, &out->text);
        break;
    default:
        buf_add(&out->text, decision->path);
        out->role = decision->node == NODE_NONE ? ROLE_DIM : ROLE_TEXT;
        if (decision->node == NODE_NONE)
            buf_add(&out->tail, bytes_of("not in the image  "));
        buf_add(&out->tail, decision->note);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, state_of(app)->rows[row].path);
    buf_byte(out, ' ');
    buf_add(out, state_of(app)->rows[row].note);
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    return state_of(app)->rows[row].node;
}

static void copy(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, state_of(app)->rows[row].path);
}

static bool act(struct app *app, enum action action)
{
    const struct state *state = state_of(app);
    if (state->list.cursor >= state->n)
        return false;
    uint32_t node = state->rows[state->list.cursor].node;
    if (node == NODE_NONE)
        return app_say(app, ROLE_DIM, "this path is not in the image"), true;
    if (action != ACTION_OPEN)
        return app_act_on_node(app, node, action);
    view_image_open(app, node);
    return true;
}

static void finish(struct app *app)
{
    free(state_of(app)->rows);
}

static const char *empty(struct app *app)
{
    (void)app;
    return "No marks and no notes. In a view with paths, Space marks the path under the cursor "
           "keep, - marks it drop, a marks it auto (the evidence decides), and ; adds a note. "
           ":keep /usr/lib/*.so.* marks all paths that match; :keep-survivors marks all files that "
           "the matching lines use.";
}

static const enum action takes[] = {TAKES_NODE, ACTION_OPEN, ACTION_NONE};

const struct view view_marks = {
    .id = VIEW_ID_marks,
    .title = "Marks",
    .opens = ACTION_MARKS,
    .state.size = sizeof(struct state),
    .state.decided = decided,
    .state.finish = finish,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .node = node_at,
    .copy = copy,
    .takes = takes,
    .act = act,
    .empty = empty,
    .summary = view_files_sums,
    .hint = "Delete remove mark  Space keep  - drop  ? help  ; note  Enter show in tree  q back  u "
            "undo  / search",
};
