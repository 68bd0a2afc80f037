/* SPDX-License-Identifier: MIT */
#include "views/view_why.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "rows/text_rows.h"
#include "views/registry.h"
#include "views/view_image.h"
#include "views/view_layers.h"
#include "views/view_packages.h"

static const struct column columns[] = {{"", 0, false, 0}};

struct state {
    struct buf path, text; /* the path, not the node: a new load renumbers the nodes */
    struct bytes *rows;    /* rows of text; owned */
    size_t n;
    size_t layer_row, package_row; /* SIZE_MAX: no such row */
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_why);
}

/* Returns the node of the explained path in the current subject image, or NODE_NONE. */
static uint32_t node_of_view(const struct app *app)
{
    const struct tree *subject = app->session->subject;
    return subject ? tree_find(subject, buf_bytes(&state_of(app)->path)) : NODE_NONE;
}

static void add_layer(struct app *app, const struct node *node, struct buf *out)
{
    const struct layers *layers = layers_state(app)->layers;
    buf_printf(out, "layer %u", node->ordinal);
    if (layers && node->ordinal <= layers->n) {
        buf_add(out, bytes_of(": "));
        buf_add(out, layers->all[node->ordinal - 1].command);
    }
    buf_byte(out, '\n');
}

static void add_package(struct app *app, const struct node *node, struct buf *out)
{
    struct err ignored; /* the view then omits the package */
    const struct packages *packages = view_packages_list(app);
    if (!view_packages_load(app, &ignored) || node->package > packages->n)
        return;
    const struct package *package = &packages->all[node->package - 1];
    buf_add(out, bytes_of("package "));
    buf_add(out, package->name);
    buf_byte(out, ' ');
    buf_add(out, package->version);
    buf_byte(out, '\n');
}

/* Returns the number of the last row, or SIZE_MAX if no row was added since text had `before`
 * bytes. */
static size_t row_added(const struct buf *text, size_t before)
{
    size_t n = 0;
    for (size_t i = 0; i < text->n; i++)
        n += text->p[i] == '\n';
    return text->n > before ? n - 1 : SIZE_MAX;
}

static void finish(struct app *app)
{
    struct state *why = state_of(app);
    free(why->rows);
    why->rows = NULL;
    buf_finish(&why->text);
    buf_finish(&why->path);
    why->n = 0;
}

void view_why_open(struct app *app, uint32_t node)
{
    struct state *why = state_of(app);
    const struct node *n = &app->session->subject->nodes[node];
    BUF_AUTO struct buf text = {0};
    struct err err;
    if (!app->session->keep || !session_why(app->session, node, &text, &err)) {
        app_say(app, ROLE_ERROR, "%s", app->session->keep ? err.text : STILL_COUNTING);
        return;
    }
    size_t before = text.n;
    layers_state(app)->requested = true;
    if (n->ordinal)
        add_layer(app, n, &text);
    why->layer_row = row_added(&text, before);
    before = text.n;
    if (n->package)
        add_package(app, n, &text);
    why->package_row = row_added(&text, before);
    finish(app);
    why->text = text;
    text = (struct buf){0};
    tree_path(app->session->subject, node, &why->path);
    text_rows_split(buf_bytes(&why->text), &why->rows, &why->n);
    why->list = (struct list){0};
    app_open(app, &view_why);
}

/* Returns the node of the longest path that a row "PATH: text" begins with, or NODE_NONE. */
static uint32_t node_of_row(const struct app *app, struct bytes row)
{
    uint32_t found = NODE_NONE;
    if (bytes_starts(row, bytes_of("note on ")))
        row = bytes_skip(row, strlen("note on "));
    for (size_t i = 0; app->session->subject && i + 1 < row.n; i++) {
        if (row.p[i] != ':' || row.p[i + 1] != ' ')
            continue;
        uint32_t node = tree_find(app->session->subject, bytes_from(row.p, i));
        found = node != NODE_NONE ? node : found;
    }
    return found;
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->n;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, state_of(app)->rows[row]);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    text(app, row, &out->text);
}

static bool act(struct app *app, enum action action)
{
    struct state *why = state_of(app);
    uint32_t node = node_of_view(app);
    if (why->list.cursor >= why->n || node == NODE_NONE)
        return false;
    uint32_t at = node_of_row(app, why->rows[why->list.cursor]);
    if (action != ACTION_OPEN)
        return app_act_on_node(app, at == NODE_NONE ? node : at, action);
    if (why->list.cursor == why->layer_row) {
        view_layers_open_at(app, app->session->subject->nodes[node].ordinal);
    } else if (why->list.cursor == why->package_row) {
        view_package_open(app, app->session->subject->nodes[node].package);
    } else if (at != NODE_NONE) {
        view_image_open(app, at);
    } else {
        for (size_t row = why->list.cursor; row-- > 0 && at == NODE_NONE;)
            at = node_of_row(app, why->rows[row]); // a log line follows the row of its path
        app_act_on_node(app, at == NODE_NONE ? node : at, ACTION_LINES);
    }
    return true;
}

struct place {
    uint32_t node; /* NODE_NONE: the view was not shown, or the image has changed */
};

static void leave(struct app *app, void *out)
{
    struct place *place = out;
    place->node = app->view == &view_why ? node_of_view(app) : NODE_NONE;
}

static void renew(void *out, enum view_renewal renewal)
{
    struct place *place = out;
    if (renewal == VIEW_OTHER_IMAGE)
        place->node = NODE_NONE;
}

static void reopen(struct app *app, const void *from)
{
    const struct place *place = from;
    if (place->node != NODE_NONE)
        view_why_open(app, place->node);
}

static const char *empty(struct app *app)
{
    (void)app;
    return "";
}

static const enum action takes[] = {TAKES_NODE, ACTION_OPEN, ACTION_NONE};

const struct view view_why = {
    .id = VIEW_ID_why,
    .title = "Why",
    .state.size = sizeof(struct state),
    .state.finish = finish,
    .place.size = sizeof(struct place),
    .place.leave = leave,
    .place.renew = renew,
    .place.reopen = reopen,
    .columns = columns,
    .n_columns = 1,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .hint = "Enter go to  ? help  L lines  q back  Space keep  - drop  / search  Backspace "
            "previous view",
};
