/* SPDX-License-Identifier: MIT */
#include "app/row_range.h"

#include <stdlib.h>

#include "app/action_handlers.h"
#include "app/app.h"

void range_rows(struct app *app, uint64_t *first, uint64_t *end)
{
    uint64_t n = app->view->count(app), at = app->view->list(app)->cursor;
    uint64_t from = app->range.is_active ? app->range.from : at;
    if (n && at >= n)
        at = n - 1;
    if (n && from >= n)
        from = n - 1;
    *first = from < at ? from : at;
    *end = n ? (from < at ? at : from) + 1 : *first;
}

static int compare_nodes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t sort_unique(uint32_t *nodes, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(nodes, n, sizeof *nodes, compare_nodes);
    for (size_t i = 0; i < n; i++)
        if (!kept || nodes[kept - 1] != nodes[i])
            nodes[kept++] = nodes[i];
    return kept;
}

struct nodes {
    uint32_t *list; /* owned */
    size_t n, cap;
};

static void add_node(struct nodes *nodes, uint32_t node)
{
    ARRAY_ROOM(nodes->list, nodes->n, nodes->cap);
    nodes->list[nodes->n++] = node;
}

/* Adds the nodes to mark for a row. If the row is a symlink, these are the link and its target
 * (semantics.md, Marks). Returns false if the path matches too many nodes. */
static bool add_meant(const struct app *app, uint32_t node, struct nodes *out)
{
    BUF_AUTO struct buf path = {0};
    MEM_AUTO uint32_t *meant = NULL;
    size_t n = 0;
    tree_path(app->session->subject, node, &path);
    if (!marks_match(app->session->subject, buf_bytes(&path), &meant, &n))
        return false;
    for (size_t i = 0; i < n; i++)
        add_node(out, meant[i]);
    return true;
}

/* Collects the nodes to mark for the rows. Returns false if a path matches too many nodes. */
static bool collect(struct app *app, uint64_t first, uint64_t end, struct nodes *out)
{
    struct nodes rows = {0};
    bool ok = true;
    for (uint64_t row = first; row < end; row++) {
        uint32_t node = app->view->node(app, row);
        if (node != NODE_NONE)
            add_node(&rows, node);
    }
    rows.n = sort_unique(rows.list, rows.n);
    for (size_t i = 0; i < rows.n && ok; i++)
        ok = add_meant(app, rows.list[i], out);
    free(rows.list);
    out->n = sort_unique(out->list, out->n);
    return ok;
}

static void mark_rows(struct app *app, enum mark mark)
{
    struct err err;
    struct nodes nodes = {0};
    uint64_t first, end;
    range_rows(app, &first, &end);
    if (!app->view->node || !app->session->subject)
        app_say(app, ROLE_ERROR, "the rows of this view are not paths; only paths can be marked");
    else if (end - first > RANGE_MAX_ROWS)
        app_say(app, ROLE_ERROR, "range too large; at most %d rows can be marked at once",
                RANGE_MAX_ROWS);
    else if (!collect(app, first, end, &nodes))
        app_say(app, ROLE_ERROR, "too many paths; mark fewer rows at once");
    else if (!nodes.n)
        app_say(app, ROLE_DIM, "no row of the range is a path of the image");
    else if (!session_set_marks(app->session, nodes.list, nodes.n, mark, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else {
        app_say(app, ROLE_KEEP, "%zu path%s %s; u undoes it", nodes.n, nodes.n == 1 ? "" : "s",
                mark == MARK_NONE ? "unmarked" : "marked");
        app->range.is_active = false;
        app_decided(app);
    }
    free(nodes.list);
}

static void copy_rows(struct app *app)
{
    BUF_AUTO struct buf text = {0};
    uint64_t first, end;
    range_rows(app, &first, &end);
    for (uint64_t row = first; row < end && text.n <= COPY_MAX_BYTES; row++) {
        if (row > first)
            buf_byte(&text, '\n');
        (app->view->copy ? app->view->copy : app->view->text)(app, row, &text);
    }
    if (!text.n) {
        app_say(app, ROLE_DIM, "this row has no text to copy");
    } else if (text.n > COPY_MAX_BYTES) {
        app_say(app, ROLE_ERROR, "text too long to copy; terminals accept at most %d bytes",
                COPY_MAX_BYTES);
    } else {
        app_say(app, ROLE_DIM,
                "%zu byte%s sent to the clipboard (the terminal must support OSC 52)", text.n,
                text.n == 1 ? "" : "s");
        buf_finish(&app->terminal.clipboard);
        app->terminal.clipboard = text;
        text = (struct buf){0};
        app->range.is_active = false;
    }
}

bool range_toggle(struct app *app, enum action action)
{
    (void)action;
    if (app->focus != SCOPE_BODY)
        return false;
    app->range.is_active = !app->range.is_active && app->view->count(app) > 0;
    app->range.from = app->view->list(app)->cursor;
    return true;
}

bool range_copy(struct app *app, enum action action)
{
    (void)action;
    if (app->focus != SCOPE_BODY)
        return false;
    return copy_rows(app), true;
}

bool range_mark(struct app *app, enum action action)
{
    if (app->focus != SCOPE_BODY || !app->range.is_active)
        return view_act(app, action);
    return mark_rows(app, mark_of_action(action)), true;
}
