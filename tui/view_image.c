/* SPDX-License-Identifier: MIT
 *
 * The image's tree: bytes, kept bytes, share, use, base and mark of each directory and file. The
 * rows are the nodes that are listed now: an opened directory's children stand behind it.
 */
#include "app.h"

#include <stdlib.h>
#include <string.h>

#include "format.h"

enum {
    COLUMN_BYTES,
    COLUMN_KEPT,
    COLUMN_SHARE,
    COLUMN_USED,
    COLUMN_BASE,
    COLUMN_MARK,
    COLUMN_NAME
};

static const struct column columns[] = {
    [COLUMN_BYTES] = {"bytes", 9, true, 0},   [COLUMN_KEPT] = {"kept", 9, true, 56},
    [COLUMN_SHARE] = {"share", 9, false, 70}, [COLUMN_USED] = {"used", 6, true, 62},
    [COLUMN_BASE] = {"base", 5, true, 48},    [COLUMN_MARK] = {"mark", 4, true, 0},
    [COLUMN_NAME] = {"name", 0, false, 0},
};

static bool is_dir(const struct app *app, uint32_t node)
{
    return app->x->subject->nodes[node].kind == NODE_DIR;
}

/* Links and devices have none; a zero there would say nothing. */
static bool has_bytes(const struct app *app, uint32_t node)
{
    return is_dir(app, node) || app->x->subject->nodes[node].kind == NODE_FILE;
}

static struct rollup rollup_of(const struct app *app, uint32_t node)
{
    const struct keep *keep = app->x->keep;
    return keep ? keep->rollups[node] : (struct rollup){0};
}

/* What children are sorted by, the greatest first. */
static int64_t weight(const struct app *app, uint32_t node)
{
    struct rollup rollup = rollup_of(app, node);
    int64_t bytes = app->x->keep ? rollup.bytes : app->x->subject->nodes[node].size;
    return app->sort == SORT_KEPT ? rollup.kept_bytes : bytes;
}

static int compare_nodes(const void *a, const void *b, void *with)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    const struct app *app = with;
    if (app->sort != SORT_NAME) {
        int64_t l = weight(app, left), r = weight(app, right);
        if (l != r)
            return l > r ? -1 : 1;
    }
    return left < right ? -1 : 1; /* C order of names */
}

/* Lists the children of dir, and of the opened ones among them. Depth is that of the tree, which
 * the loader limits by the length of a path. */
static void list_children(struct app *app, uint32_t dir, size_t *cap)
{
    const struct tree *tree = app->x->subject;
    uint32_t *children = NULL;
    size_t n = 0, cap_children = 0;
    for (uint32_t node = tree_first(tree, dir); node != NODE_NONE; node = tree_next(tree, node)) {
        ARRAY_ROOM(children, n, cap_children);
        children[n++] = node;
    }
    if (n)
        qsort_r(children, n, sizeof *children, compare_nodes, app);
    for (size_t i = 0; i < n; i++) {
        ARRAY_ROOM(app->rows, app->n_rows, *cap);
        app->rows[app->n_rows++] = children[i];
        if (app->open[children[i]])
            list_children(app, children[i], cap);
    }
    free(children);
}

void view_image_rebuild(struct app *app)
{
    if (!app->x->subject)
        return;
    uint32_t at =
        app->image_list.cursor < app->n_rows ? app->rows[app->image_list.cursor] : NODE_NONE;
    if (!app->open) {
        app->open = mem_zero(app->x->subject->n, 1);
        app->open[NODE_ROOT] = 1;
    }
    free(app->rows);
    app->rows = NULL;
    app->n_rows = 0;
    size_t cap = 0;
    list_children(app, NODE_ROOT, &cap);
    for (uint32_t i = 0; at != NODE_NONE && i < app->n_rows; i++)
        if (app->rows[i] == at)
            app->image_list.cursor = i;
}

void view_image_reveal(struct app *app, uint32_t node)
{
    const struct tree *tree = app->x->subject;
    for (uint32_t up = tree->nodes[node].parent; up != NODE_NONE; up = tree->nodes[up].parent)
        app->open[up] = 1;
    view_image_rebuild(app);
    for (uint32_t i = 0; i < app->n_rows; i++)
        if (app->rows[i] == node)
            app->image_list.cursor = i;
}

static struct list *list(struct app *app)
{
    return &app->image_list;
}

static uint64_t count(struct app *app)
{
    return app->n_rows;
}

static const char *base_sign(const struct app *app, uint32_t node)
{
    switch ((enum in_base)app->x->keep->verdicts[node].in_base) {
    case BASE_SAME:
        return "B";
    case BASE_META:
        return "~";
    case BASE_CONTENT:
    case BASE_LINK:
        return "\xe2\x89\xa0"; /* not equal */
    default:
        return "";
    }
}

/* The mark that is set on the node itself. Taken from the decisions, not from the verdicts: what a
 * key has just marked shows at once. */
static enum mark own_mark(const struct app *app, uint32_t node)
{
    const struct marks *marks = app->x->marks;
    size_t from = 0, to = marks->n;
    BUF_AUTO struct buf path = {0};
    if (to)
        tree_path(app->x->subject, node, &path);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = bytes_compare(marks->items[middle].path, buf_bytes(&path));
        if (!order)
            return marks->items[middle].mark;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return MARK_NONE;
}

/* The mark that holds for a node: its own, or the nearest one above. */
static enum mark holding_mark(const struct app *app, uint32_t node)
{
    enum mark mark = MARK_NONE;
    for (; app->x->marks->n && node != NODE_NONE && !mark;
         node = app->x->subject->nodes[node].parent)
        mark = own_mark(app, node);
    return mark;
}

static void mark_cell(const struct app *app, uint32_t node, struct view_cell *out)
{
    bool own = own_mark(app, node) != MARK_NONE;
    enum mark mark = holding_mark(app, node);
    const char *sign = mark == MARK_KEEP          ? "+"
                       : mark == MARK_DROP        ? "-"
                       : own && mark == MARK_AUTO ? "a"
                       : app->x->keep && app->x->keep->verdicts[node].needed
                           ? "~"
                           : "\xc2\xb7"; /* middle dot */
    buf_add(&out->text, bytes_of(sign));
    if (!own)
        out->role = ROLE_DIM;
    else
        out->role = mark == MARK_KEEP ? ROLE_KEEP : mark == MARK_DROP ? ROLE_DROP : ROLE_TEXT;
}

static int depth_of(const struct tree *tree, uint32_t node)
{
    int depth = 0;
    while ((node = tree->nodes[node].parent) != NODE_ROOT && node != NODE_NONE)
        depth++;
    return depth;
}

static void name_cell(struct app *app, uint32_t node, struct view_cell *out)
{
    const struct node *n = &app->x->subject->nodes[node];
    for (int i = depth_of(app->x->subject, node); i > 0; i--)
        buf_add(&out->text, bytes_of("  "));
    bool dir = n->kind == NODE_DIR;
    buf_add(&out->text, bytes_of(!dir              ? "  "
                                 : app->open[node] ? "\xe2\x96\xbe "
                                                   : "\xe2\x96\xb8 "));
    buf_add(&out->text, n->name);
    if (dir)
        buf_byte(&out->text, '/');
    if (n->kind == NODE_LINK) {
        buf_add(&out->text, bytes_of(" \xe2\x86\x92 "));
        buf_add(&out->text, n->link);
    }
    if (!app->x->keep)
        return;
    const struct verdict *verdict = &app->x->keep->verdicts[node];
    out->role = verdict->kept ? ROLE_KEEP : verdict->needed ? ROLE_BASE : ROLE_TEXT;
    if (dir && !verdict->needed)
        out->role = ROLE_DIR;
    struct keep_input input = xsmall_keep_input(app->x);
    if (verdict->needed && !dir)
        keep_reason(app->x->keep, &input, node, &out->tail);
    if (verdict->needed && verdict->in_base == BASE_SAME && !dir)
        buf_add(&out->tail, bytes_of(", same in base"));
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    uint32_t node = app->rows[row];
    struct rollup rollup = rollup_of(app, node);
    switch (column) {
    case COLUMN_BYTES:
        if (has_bytes(app, node))
            format_bytes(app->x->keep ? rollup.bytes : app->x->subject->nodes[node].size,
                         &out->text);
        break;
    case COLUMN_KEPT:
        if (rollup.n_kept && has_bytes(app, node))
            format_bytes(rollup.kept_bytes, &out->text);
        else if (rollup.bytes && app->x->keep)
            buf_add(&out->text, bytes_of("\xe2\x80\x93")); /* a dash */
        break;
    case COLUMN_SHARE: /* of its bytes, those kept */
        out->is_bar = rollup.bytes > 0;
        out->part = rollup.kept_bytes;
        out->whole = rollup.bytes;
        break;
    case COLUMN_USED:
        if (app->x->keep && !is_dir(app, node) && app->x->keep->verdicts[node].n_used)
            format_count(app->x->keep->verdicts[node].n_used, &out->text);
        else if (is_dir(app, node) && rollup.n_used)
            format_count(rollup.n_used, &out->text);
        break;
    case COLUMN_BASE:
        if (app->x->keep && is_dir(app, node) && rollup.n_in_base)
            format_count(rollup.n_in_base, &out->text);
        else if (app->x->keep && !is_dir(app, node))
            buf_add(&out->text, bytes_of(base_sign(app, node)));
        out->role = ROLE_BASE;
        break;
    case COLUMN_MARK:
        mark_cell(app, node, out);
        break;
    default:
        name_cell(app, node, out);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, app->x->subject->nodes[app->rows[row]].name);
}

/* A search goes through the whole tree, in order of paths; nodes but the root. */
static uint64_t n_nodes(struct app *app)
{
    return app->x->subject ? app->x->subject->n - 1 : 0;
}

static uint64_t node_here(struct app *app)
{
    return app->image_list.cursor < app->n_rows ? app->rows[app->image_list.cursor] - 1 : 0;
}

/* Names; a needle with a slash is looked for in the paths. */
static void node_text(struct app *app, uint64_t item, struct buf *out)
{
    uint32_t node = (uint32_t)item + 1;
    if (app->search.text.n && memchr(app->search.text.p, '/', app->search.text.n))
        tree_path(app->x->subject, node, out);
    else
        buf_add(out, app->x->subject->nodes[node].name);
}

static void go_to_node(struct app *app, uint64_t item)
{
    view_image_reveal(app, (uint32_t)item + 1);
}

static void save_opened(struct app *app)
{
    free(app->saved_open);
    app->saved_open = NULL;
    if (!app->open)
        return;
    app->saved_open = mem_alloc(app->x->subject->n);
    memcpy(app->saved_open, app->open, app->x->subject->n);
}

static void restore_opened(struct app *app)
{
    if (!app->saved_open)
        return;
    uint64_t cursor = app->image_list.cursor;
    memcpy(app->open, app->saved_open, app->x->subject->n);
    view_image_rebuild(app);
    app->image_list.cursor = cursor;
}

static const struct search_space space = {n_nodes,    node_here,   node_text,
                                          go_to_node, save_opened, restore_opened};

static void open_or_close(struct app *app, uint32_t node, bool open)
{
    app->open[node] = open;
    view_image_rebuild(app);
}

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_SORT) {
        static const char *const names[] = {"bytes", "kept bytes", "name"};
        app->sort = (app->sort + 1) % N_SORTS;
        view_image_rebuild(app);
        app_say(app, ROLE_DIM, "sorted by %s", names[app->sort]);
        return true;
    }
    if (app->image_list.cursor >= app->n_rows)
        return false;
    uint32_t node = app->rows[app->image_list.cursor];
    uint32_t parent = app->x->subject->nodes[node].parent;
    if (action == ACTION_OPEN) {
        if (is_dir(app, node))
            open_or_close(app, node, !app->open[node]);
        return true;
    }
    if (action == ACTION_CLOSE) {
        if (is_dir(app, node) && app->open[node])
            open_or_close(app, node, false);
        else if (parent != NODE_ROOT)
            view_image_reveal(app, parent);
        return true;
    }
    return app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    tree_path(app->x->subject, app->rows[row], &path);
    if (is_dir(app, app->rows[row]))
        buf_byte(&path, '/'); /* what is below it */
    propose_path(buf_bytes(&path), out);
}

static const char *empty(struct app *app)
{
    return app->x->subject ? "The image is empty."
                           : "No image is loaded.\n\n"
                             "xsmall [--base BASE.tar] IMAGE.tar [LOG|DIR ...]";
}

const struct view view_image = {
    .tab = "Image",
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .act = act,
    .empty = empty,
    .space = &space,
    .propose = propose,
    .hint = "Space keep  - drop  ? help  a auto  / search  v -v pattern  u undo  w why  L its "
            "lines  q quit",
};
