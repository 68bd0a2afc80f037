/* SPDX-License-Identifier: MIT
 *
 * The image's tree: bytes, kept bytes, share, use, base and mark of each directory and file. The
 * rows are the nodes that are listed now: an opened directory's children stand behind it.
 */
#include "app/app.h"

#include "screen/format.h"

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
    return app->session->subject->nodes[node].kind == NODE_DIR;
}

/* Links and devices have none, directories not before the first sums; a zero there would say
 * nothing. */
static bool has_bytes(const struct app *app, uint32_t node)
{
    return is_dir(app, node) ? app->session->keep != NULL
                             : app->session->subject->nodes[node].kind == NODE_FILE;
}

static struct rollup rollup_of(const struct app *app, uint32_t node)
{
    const struct keep *keep = app->session->keep;
    return keep ? keep->rollups[node] : (struct rollup){0};
}

/* What children are sorted by, the greatest first. */
static int64_t weight(const struct app *app, uint32_t node, enum tree_sort by)
{
    const struct node *n = &app->session->subject->nodes[node];
    struct rollup rollup = rollup_of(app, node);
    switch (by) {
    case SORT_KEPT:
        return rollup.kept_bytes;
    case SORT_COUNT:
        return app->session->keep ? rollup.n_files : n->n_below;
    case SORT_TIME:
        return n->mtime_s;
    default:
        return app->session->keep ? rollup.bytes : n->size;
    }
}

void view_image_rebuild(struct app *app)
{
    app->tree.tree = app->session->subject;
    app->tree.weight = weight;
    tree_rows_sieve(&app->tree, app, app->session->keep);
    tree_rows_rebuild(&app->tree, app);
}

void view_image_reveal(struct app *app, uint32_t node)
{
    app->layers.scope = LAYERS_ALL; /* the node is one of the whole image */
    if (app->tree.passes && !app->tree.passes[node])
        view_image_set_filter(app, bytes_of(""));
    tree_rows_reveal(&app->tree, app, node);
}

static struct list *list(struct app *app)
{
    return &app->tree.list;
}

static uint64_t count(struct app *app)
{
    return app->tree.n;
}

static const char *base_sign(const struct app *app, uint32_t node)
{
    switch ((enum in_base)app->session->keep->verdicts[node].in_base) {
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
    const struct marks *marks = app->session->marks;
    size_t from = 0, to = marks->n;
    BUF_AUTO struct buf path = {0};
    if (to)
        tree_path(app->session->subject, node, &path);
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
    for (; app->session->marks->n && node != NODE_NONE && !mark;
         node = app->session->subject->nodes[node].parent)
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
                       : app->session->keep && app->session->keep->verdicts[node].needed
                           ? "~"
                           : "\xc2\xb7"; /* middle dot */
    buf_add(&out->text, bytes_of(sign));
    if (!own)
        out->role = ROLE_DIM;
    else
        out->role = mark == MARK_KEEP ? ROLE_KEEP : mark == MARK_DROP ? ROLE_DROP : ROLE_TEXT;
}

static void name_cell(struct app *app, uint32_t node, struct view_cell *out)
{
    bool dir = is_dir(app, node);
    tree_rows_name(&app->tree, node, &out->text);
    if (!app->session->keep)
        return;
    const struct verdict *verdict = &app->session->keep->verdicts[node];
    out->role = verdict->kept ? ROLE_KEEP : verdict->needed ? ROLE_BASE : ROLE_TEXT;
    if (dir && !verdict->needed)
        out->role = ROLE_DIR;
    struct keep_input input = session_keep_input(app->session);
    if (verdict->needed && !dir)
        keep_reason(app->session->keep, &input, node, &out->tail);
    if (verdict->needed && verdict->in_base == BASE_SAME && !dir)
        buf_add(&out->tail, bytes_of(", same in base"));
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    uint32_t node = app->tree.rows[row];
    struct rollup rollup = rollup_of(app, node);
    switch (column) {
    case COLUMN_BYTES:
        if (has_bytes(app, node))
            format_bytes(app->session->keep ? rollup.bytes
                                            : app->session->subject->nodes[node].size,
                         &out->text);
        break;
    case COLUMN_KEPT:
        if (rollup.n_kept && has_bytes(app, node))
            format_bytes(rollup.kept_bytes, &out->text);
        else if (rollup.bytes && app->session->keep)
            buf_add(&out->text, bytes_of("\xe2\x80\x93")); /* a dash */
        break;
    case COLUMN_SHARE: /* of its bytes, those kept */
        out->is_bar = rollup.bytes > 0;
        out->part = rollup.kept_bytes;
        out->whole = rollup.bytes;
        break;
    case COLUMN_USED:
        if (app->session->keep && !is_dir(app, node) && app->session->keep->verdicts[node].n_used)
            format_count(app->session->keep->verdicts[node].n_used, &out->text);
        else if (is_dir(app, node) && rollup.n_used)
            format_count(rollup.n_used, &out->text);
        break;
    case COLUMN_BASE:
        if (app->session->keep && is_dir(app, node) && rollup.n_in_base)
            format_count(rollup.n_in_base, &out->text);
        else if (app->session->keep && !is_dir(app, node))
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
    buf_add(out, app->session->subject->nodes[app->tree.rows[row]].name);
}

static void sort(struct app *app, enum action action)
{
    static const char *const names[] = {"bytes", "kept bytes", "name", "number of files", "time"};
    if (action == ACTION_SORT)
        app->order.by = (app->order.by + 1) % N_SORTS;
    else
        app->order.dirs_first = !app->order.dirs_first;
    tree_rows_rebuild(&app->tree, app);
    tree_rows_rebuild(&app->layers.tree, app);
    app_say(app, ROLE_DIM, "sorted by %s%s", names[app->order.by],
            app->order.dirs_first ? ", directories first" : "");
}

static bool set_filter(struct app *app, struct bytes text, struct err *err)
{
    struct tree_filter filter;
    if (!tree_filter_parse(text, &filter, err))
        return false;
    if (filter.asks_packages && !view_packages_know(app, err)) {
        tree_filter_finish(&filter);
        return false;
    }
    tree_filter_finish(&app->filter);
    app->filter = filter;
    tree_rows_filter(&app->tree, app, app->session->keep);
    tree_rows_filter(&app->layers.tree, app, NULL);
    tree_rows_rebuild(&app->tree, app);
    tree_rows_rebuild(&app->layers.tree, app);
    view_files_rebuild(app);
    const struct tree_rows *rows = tree_rows_now(app);
    if (filter.n && rows && rows->tree)
        app_say(app, ROLE_DIM, "%u of %u paths pass", rows->n_passing, rows->tree->n - 1);
    return true;
}

bool view_image_set_filter(struct app *app, struct bytes text)
{
    struct err err;
    if (set_filter(app, text, &err))
        return true;
    app_say(app, ROLE_ERROR, "%s", err.text);
    return false;
}

static bool accept_filter(struct app *app)
{
    return view_image_set_filter(app, buf_bytes(&app->prompt.line.text));
}

/* The filter acts while it is typed. */
static void filter_changed(struct app *app)
{
    accept_filter(app);
}

static void leave_filter(struct app *app)
{
    set_filter(app, buf_bytes(&app->filter_before), &(struct err){0});
}

static const struct prompt_type filter_prompt = {
    .label = " filter: ",
    .history = INPUT_FILTER,
    .changed = filter_changed,
    .accept = accept_filter,
    .cancel = leave_filter,
};

bool view_image_arrange(struct app *app, enum action action)
{
    switch (action) {
    case ACTION_SORT:
    case ACTION_DIRS_FIRST:
        return sort(app, action), true;
    case ACTION_FILTER:
        buf_clear(&app->filter_before);
        buf_add(&app->filter_before, buf_bytes(&app->filter.text));
        return prompt_open(app, &filter_prompt, buf_bytes(&app->filter.text)), true;
    default:
        return false;
    }
}

static void state(struct app *app, struct buf *out)
{
    view_layers_strip(app, out);
    if (app->filter.n)
        buf_printf(out, "%sfilter: %s", out->n ? "  " : "", app->filter.text.p);
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    return app->tree.rows[row];
}

static void copy(struct app *app, uint64_t row, struct buf *out)
{
    tree_path(app->session->subject, app->tree.rows[row], out);
}

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_CYCLE && app->session->subject)
        return view_layers_cycle(app), true;
    if (view_image_arrange(app, action) || tree_rows_act(&app->tree, app, action))
        return true;
    uint32_t node = tree_rows_here(&app->tree);
    if (action == ACTION_OPEN) /* of what is no directory */
        action = ACTION_WHY;
    return node != NODE_NONE && app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    tree_path(app->session->subject, app->tree.rows[row], &path);
    if (is_dir(app, app->tree.rows[row]))
        buf_byte(&path, '/'); /* what is below it */
    propose_path(buf_bytes(&path), out);
}

static const char *empty(struct app *app)
{
    return app->filter.n ? "Nothing passes the filter (f: another one; without words: all)."
           : app->session->subject ? "The image is empty."
                                   : "No image is loaded.\n\n"
                                     "xsmall [--base BASE.tar] IMAGE.tar [LOG|DIR ...]";
}

static const enum action takes[] = {TAKES_NODE, TAKES_TREE, ACTION_CYCLE, ACTION_NONE};

const struct view view_image = {
    .tab = "Image",
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
    .space = &tree_rows_space,
    .propose = propose,
    .hint = "Space keep  - drop  ? help  a auto  / search  f filter  v -v pattern  u undo  w why  "
            "L its "
            "lines  q quit",
    .state = state,
};
