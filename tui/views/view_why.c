/* SPDX-License-Identifier: MIT */
#include "views/view_why.h"

#include <stdlib.h>

#include "app/app.h"

static const struct column columns[] = {{"", 0, false, 0}};

uint32_t view_why_node(const struct app *app)
{
    return app->session->subject ? tree_find(app->session->subject, buf_bytes(&app->why.path))
                                 : NODE_NONE;
}

static void add_layer(struct app *app, const struct node *node, struct buf *out)
{
    const struct layers *layers = app->layers.layers;
    buf_printf(out, "layer %u", node->ordinal);
    if (layers && node->ordinal <= layers->n) {
        buf_add(out, bytes_of(": "));
        buf_add(out, layers->all[node->ordinal - 1].command);
    }
    buf_byte(out, '\n');
}

static void add_package(struct app *app, const struct node *node, struct buf *out)
{
    struct err ignored; /* then it goes without */
    if (!view_packages_know(app, &ignored) || node->package > app->packages.packages.n)
        return;
    const struct package *package = &app->packages.packages.all[node->package - 1];
    buf_add(out, bytes_of("package "));
    buf_add(out, package->name);
    buf_byte(out, ' ');
    buf_add(out, package->version);
    buf_byte(out, '\n');
}

/* The number of the row that was added last; SIZE_MAX: none was. */
static size_t row_added(const struct buf *text, size_t before)
{
    size_t n = 0;
    for (size_t i = 0; i < text->n; i++)
        n += text->p[i] == '\n';
    return text->n > before ? n - 1 : SIZE_MAX;
}

void view_why_open(struct app *app, uint32_t node)
{
    struct why_state *why = &app->why;
    const struct node *n = &app->session->subject->nodes[node];
    BUF_AUTO struct buf text = {0};
    struct err err;
    if (!app->session->keep || !session_why(app->session, node, &text, &err)) {
        app_say(app, ROLE_ERROR, "%s", app->session->keep ? err.text : "still counting");
        return;
    }
    size_t before = text.n;
    app->layers.asked = true;
    if (n->ordinal)
        add_layer(app, n, &text);
    why->layer_row = row_added(&text, before);
    before = text.n;
    if (n->package)
        add_package(app, n, &text);
    why->package_row = row_added(&text, before);
    view_why_finish(why);
    why->text = text;
    text = (struct buf){0};
    tree_path(app->session->subject, node, &why->path);
    split_rows(buf_bytes(&why->text), &why->rows, &why->n);
    why->list = (struct list){0};
    app_open(app, &view_why);
}

void view_why_finish(struct why_state *why)
{
    free(why->rows);
    why->rows = NULL;
    buf_finish(&why->text);
    buf_finish(&why->path);
    why->n = 0;
}

/* The path that a row begins with, "PATH: words", as long as it is one; or NODE_NONE. */
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

static void open_layer(struct app *app, uint32_t node)
{
    struct layers_state *layers = &app->layers;
    layers->wanted = app->session->subject->nodes[node].ordinal;
    if (layers->layers && layers->wanted <= layers->layers->n)
        layers->list.cursor = layers->wanted - 1;
    app_open(app, &view_layers);
}

static void open_package(struct app *app, uint32_t node)
{
    app->packages.chosen = app->session->subject->nodes[node].package;
    app->packages.files_list = (struct list){0};
    app_open(app, &view_package);
}

static struct list *list(struct app *app)
{
    return &app->why.list;
}

static uint64_t count(struct app *app)
{
    return app->why.n;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, app->why.rows[row]);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    text(app, row, &out->text);
}

static bool act(struct app *app, enum action action)
{
    struct why_state *why = &app->why;
    uint32_t node = view_why_node(app);
    if (why->list.cursor >= why->n || node == NODE_NONE)
        return false;
    uint32_t at = node_of_row(app, why->rows[why->list.cursor]);
    if (action != ACTION_OPEN)
        return app_act_on_node(app, at == NODE_NONE ? node : at, action);
    if (why->list.cursor == why->layer_row) {
        open_layer(app, node);
    } else if (why->list.cursor == why->package_row) {
        open_package(app, node);
    } else if (at != NODE_NONE) {
        app_open(app, &view_image);
        view_image_reveal(app, at);
    } else {
        for (size_t row = why->list.cursor; row-- > 0 && at == NODE_NONE;)
            at = node_of_row(app, why->rows[row]); // a line of the log stands below its path
        app_act_on_node(app, at == NODE_NONE ? node : at, ACTION_LINES);
    }
    return true;
}

static const char *empty(struct app *app)
{
    (void)app;
    return "";
}

static const enum action takes[] = {TAKES_NODE, ACTION_OPEN, ACTION_NONE};

const struct view view_why = {
    .tab = "why",
    .is_overlay = true,
    .columns = columns,
    .n_columns = 1,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .hint = "Enter goes there  L its lines  q back  Space keep  - drop  / search  Backspace before",
};
