/* SPDX-License-Identifier: MIT */
#include "rows/tree_rows.h"

#include <stdlib.h>
#include <string.h>

static bool is_dir(const struct tree_rows *rows, uint32_t node)
{
    return rows->tree->nodes[node].kind == NODE_DIR;
}

static int compare_nodes(const void *a, const void *b, void *with)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    const struct tree_rows *rows = with;
    const struct tree_options *options = rows->options;
    if (options->dirs_first && is_dir(rows, left) != is_dir(rows, right))
        return is_dir(rows, left) ? -1 : 1;
    if (options->by != SORT_NAME) {
        int64_t l = rows->weight(rows->with, left, options->by);
        int64_t r = rows->weight(rows->with, right, options->by);
        if (l != r)
            return l > r ? -1 : 1;
    }
    return left < right ? -1 : 1; /* nodes are numbered in the byte order of names */
}

bool tree_rows_hides(const struct tree_rows *rows, uint32_t node)
{
    return (rows->shown && !rows->shown[node]) || (rows->passes && !rows->passes[node]);
}

/* Returns the number of shown children of a directory. The caller owns *out, the sorted children.
 */
static size_t children_of(struct tree_rows *rows, uint32_t dir, uint32_t **out)
{
    const struct tree *tree = rows->tree;
    uint32_t *children = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t node = tree_first(tree, dir); node != NODE_NONE; node = tree_next(tree, node)) {
        if (tree_rows_hides(rows, node))
            continue;
        ARRAY_ROOM(children, n, cap);
        children[n++] = node;
    }
    if (n)
        qsort_r(children, n, sizeof *children, compare_nodes, rows);
    *out = children;
    return n;
}

/* Lists the children of dir and of the open directories below it. The recursion is as deep as the
 * tree; the loader limits the length of a path and thereby the depth. */
static void list_children(struct tree_rows *rows, uint32_t dir, size_t *cap)
{
    MEM_AUTO uint32_t *children = NULL;
    size_t n = children_of(rows, dir, &children);
    for (size_t i = 0; i < n; i++) {
        ARRAY_ROOM(rows->rows, rows->n, *cap);
        rows->rows[rows->n++] = children[i];
        if (rows->open[children[i]])
            list_children(rows, children[i], cap);
    }
}

static void put_cursor(struct tree_rows *rows, uint32_t node)
{
    for (uint32_t i = 0; node != NODE_NONE && i < rows->n; i++)
        if (rows->rows[i] == node)
            rows->list.cursor = i;
}

static void make_open(struct tree_rows *rows)
{
    if (rows->open)
        return;
    rows->open = mem_zero(rows->tree->n, 1);
    rows->open[NODE_ROOT] = 1;
}

void tree_rows_rebuild(struct tree_rows *rows)
{
    if (!rows->tree)
        return;
    uint32_t at = tree_rows_here(rows);
    make_open(rows);
    free(rows->rows);
    rows->rows = NULL;
    rows->n = 0;
    size_t cap = 0;
    list_children(rows, NODE_ROOT, &cap);
    put_cursor(rows, at);
}

void tree_rows_reveal(struct tree_rows *rows, uint32_t node)
{
    const struct tree *tree = rows->tree;
    for (uint32_t up = tree->nodes[node].parent; up != NODE_NONE; up = tree->nodes[up].parent)
        rows->open[up] = 1;
    tree_rows_rebuild(rows);
    put_cursor(rows, node);
}

void tree_rows_show(struct tree_rows *rows, uint8_t *shown)
{
    free(rows->shown);
    rows->shown = shown;
}

void tree_rows_clear(struct tree_rows *rows)
{
    free(rows->rows);
    free(rows->open);
    free(rows->saved);
    free(rows->shown);
    free(rows->passes);
    free(rows->unfiltered);
    *rows =
        (struct tree_rows){.options = rows->options, .weight = rows->weight, .with = rows->with};
}

void tree_rows_apply_filter(struct tree_rows *rows, const struct keep *keep)
{
    const struct tree *tree = rows->tree;
    free(rows->passes);
    rows->passes = NULL;
    rows->n_passing = 0;
    if (!tree || !rows->options->filter.n)
        return;
    rows->passes = mem_zero(tree->n, 1);
    for (uint32_t node = tree->n; --node > 0;) {
        bool itself =
            !(rows->shown && !rows->shown[node]) &&
            tree_filter_passes(&rows->options->filter, tree, node, keep, rows->options->packages);
        rows->n_passing += itself;
        if (itself || rows->passes[node])
            rows->passes[node] = rows->passes[tree->nodes[node].parent] = 1;
    }
}

void tree_rows_filter_changed(struct tree_rows *rows, const struct keep *keep)
{
    enum { MOST = 5000 }; /* more matches are too many to read */
    const struct tree *tree = rows->tree;
    tree_rows_apply_filter(rows, keep);
    if (!tree)
        return;
    make_open(rows);
    if (rows->unfiltered)
        memcpy(rows->open, rows->unfiltered, tree->n);
    if (!rows->options->filter.n) {
        free(rows->unfiltered);
        rows->unfiltered = NULL;
        return;
    }
    if (!rows->unfiltered)
        rows->unfiltered = memcpy(mem_alloc(tree->n), rows->open, tree->n);
    for (uint32_t node = 1; node < tree->n && rows->n_passing <= MOST; node++)
        if (rows->passes[node])
            rows->open[tree->nodes[node].parent] = 1;
}

uint32_t tree_rows_here(const struct tree_rows *rows)
{
    return rows->list.cursor < rows->n ? rows->rows[rows->list.cursor] : NODE_NONE;
}

static void open_or_close(struct tree_rows *rows, uint32_t node, bool open)
{
    rows->open[node] = open;
    tree_rows_rebuild(rows);
}

bool tree_rows_open(struct tree_rows *rows)
{
    uint32_t node = tree_rows_here(rows);
    if (node == NODE_NONE || !is_dir(rows, node))
        return false;
    open_or_close(rows, node, !rows->open[node]);
    return true;
}

bool tree_rows_close(struct tree_rows *rows)
{
    uint32_t node = tree_rows_here(rows);
    if (node == NODE_NONE)
        return false;
    uint32_t parent = rows->tree->nodes[node].parent;
    if (is_dir(rows, node) && rows->open[node])
        open_or_close(rows, node, false);
    else if (parent != NODE_ROOT)
        tree_rows_reveal(rows, parent);
    return true;
}

static int depth_of(const struct tree *tree, uint32_t node)
{
    int depth = 0;
    while ((node = tree->nodes[node].parent) != NODE_ROOT && node != NODE_NONE)
        depth++;
    return depth;
}

void tree_rows_name(const struct tree_rows *rows, uint32_t node, struct buf *out)
{
    const struct node *n = &rows->tree->nodes[node];
    bool dir = n->kind == NODE_DIR;
    for (int i = depth_of(rows->tree, node); i > 0; i--)
        buf_add(out, bytes_of("  "));
    buf_add(out, bytes_of(!dir ? "  " : rows->open[node] ? "\xe2\x96\xbe " : "\xe2\x96\xb8 "));
    buf_add(out, n->name);
    if (dir)
        buf_byte(out, '/');
    if (n->kind == NODE_LINK) {
        buf_add(out, bytes_of(" \xe2\x86\x92 "));
        buf_add(out, n->link);
    }
}

void tree_rows_save(struct tree_rows *rows)
{
    tree_rows_forget_saved(rows);
    if (!rows->open)
        return;
    rows->saved = mem_alloc(rows->tree->n);
    memcpy(rows->saved, rows->open, rows->tree->n);
}

void tree_rows_restore(struct tree_rows *rows)
{
    if (!rows->saved)
        return;
    uint64_t cursor = rows->list.cursor;
    memcpy(rows->open, rows->saved, rows->tree->n);
    tree_rows_rebuild(rows);
    rows->list.cursor = cursor;
}

void tree_rows_forget_saved(struct tree_rows *rows)
{
    free(rows->saved);
    rows->saved = NULL;
}
