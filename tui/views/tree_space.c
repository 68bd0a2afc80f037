/* SPDX-License-Identifier: MIT */
#include "views/tree_space.h"

#include <string.h>

#include "app/app.h"

bool tree_space_act(struct tree_rows *rows, enum action action)
{
    switch (action) {
    case ACTION_OPEN:
        return tree_rows_open(rows);
    case ACTION_CLOSE:
        return tree_rows_close(rows);
    default:
        return false;
    }
}

static struct tree_rows *rows_here(struct app *app)
{
    return app->view->tree(app);
}

static uint64_t n_nodes(struct app *app)
{
    const struct tree_rows *rows = rows_here(app);
    return rows->tree ? rows->tree->n - 1 : 0;
}

static uint64_t node_here(struct app *app)
{
    uint32_t node = tree_rows_here(rows_here(app));
    return node == NODE_NONE ? 0 : node - 1;
}

/* Appends the text that a search compares: the name, or the path if the search text contains a
 * slash. Appends nothing for a hidden node. */
static void node_text(struct app *app, uint64_t item, struct buf *out)
{
    const struct tree_rows *rows = rows_here(app);
    uint32_t node = (uint32_t)item + 1;
    if (tree_rows_hides(rows, node))
        return;
    if (app->search.text.n && memchr(app->search.text.p, '/', app->search.text.n))
        tree_path(rows->tree, node, out);
    else
        buf_add(out, rows->tree->nodes[node].name);
}

static void go_to_node(struct app *app, uint64_t item)
{
    tree_rows_reveal(rows_here(app), (uint32_t)item + 1);
}

static void save_opened(struct app *app)
{
    tree_rows_save(rows_here(app));
}

static void restore_opened(struct app *app)
{
    tree_rows_restore(rows_here(app));
}

const struct search_space tree_space = {n_nodes,    node_here,   node_text,
                                        go_to_node, save_opened, restore_opened};
