/* SPDX-License-Identifier: MIT
 *
 * The tree of the image: bytes, kept bytes, kept share, number of uses, base and mark of each
 * directory and file. The children of an open directory follow it.
 */
#include "views/view_image.h"

#include "app/action_handlers.h"
#include "app/app.h"
#include "views/registry.h"
#include "views/tree_space.h"
#include "views/view_files.h"
#include "views/view_layers.h"
#include "views/view_packages.h"

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

struct state {
    struct tree_rows tree; /* rows of the subject image */
    struct tree_options options;
    struct buf filter_before; /* the filter to restore if the prompt is cancelled */
    bool had_keep;            /* the last refresh had a kept tree */
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_image);
}

const struct tree_options *view_image_options(const struct app *app)
{
    return &state_of(app)->options;
}

static bool is_dir(const struct app *app, uint32_t node)
{
    return app->session->subject->nodes[node].kind == NODE_DIR;
}

/* Returns whether a byte count makes sense: for files, and for directories once the sums are known.
 * Links and devices have no bytes. */
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

/* Returns the sort key of a node; the greatest key comes first. */
static int64_t weight(const void *with, uint32_t node, enum tree_sort by)
{
    const struct app *app = with;
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

static void init(struct app *app)
{
    struct state *state = state_of(app);
    state->options.packages = view_packages_list(app);
    state->tree = (struct tree_rows){.options = &state->options, .weight = weight, .with = app};
}

/* The first sums change the order of the rows. A cursor that has not moved stays on the first row.
 */
static void refresh(struct app *app)
{
    struct state *state = state_of(app);
    bool stays = app->session->keep && !state->had_keep && !state->tree.list.cursor;
    state->had_keep = app->session->keep;
    state->tree.tree = app->session->subject;
    tree_rows_apply_filter(&state->tree, app->session->keep);
    tree_rows_rebuild(&state->tree);
    if (stays)
        state->tree.list.cursor = 0;
}

static void forget(struct app *app, enum view_renewal renewal)
{
    struct state *state = state_of(app);
    state->had_keep = true; /* the first refresh of the next session must not move the cursor */
    tree_rows_forget_saved(&state->tree);
    if (renewal == VIEW_OTHER_IMAGE)
        tree_rows_clear(&state->tree);
}

static void finish(struct app *app)
{
    struct state *state = state_of(app);
    tree_rows_clear(&state->tree);
    tree_filter_finish(&state->options.filter);
    buf_finish(&state->filter_before);
}

void view_image_open(struct app *app, uint32_t node)
{
    app_open(app, &view_image);
    view_image_reveal(app, node);
}

static bool set_filter(struct app *app, struct bytes text, struct err *err);

void view_image_reveal(struct app *app, uint32_t node)
{
    struct tree_rows *tree = &state_of(app)->tree;
    layers_state(app)->scope = LAYERS_ALL; /* node belongs to the tree of the whole image */
    if (tree->passes && !tree->passes[node])
        set_filter(app, bytes_of(""), &(struct err){0});
    tree_rows_reveal(tree, node);
}

static struct tree_rows *tree(struct app *app)
{
    return &state_of(app)->tree;
}

static bool open_tree(struct app *app, struct err *err)
{
    (void)err;
    app_open(app, view_layers_tree(app));
    return true;
}

static struct list *list(struct app *app)
{
    return &state_of(app)->tree.list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->tree.n;
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

/* Returns the mark on the node itself. Reads the marks, not the verdicts, so that a new mark is
 * shown before the kept tree is computed. */
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

/* Returns the mark that applies to a node: its own mark, or the mark of the nearest marked
 * ancestor. */
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
    tree_rows_name(&state_of(app)->tree, node, &out->text);
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
        buf_add(&out->tail, bytes_of(", identical in base"));
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    uint32_t node = state_of(app)->tree.rows[row];
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
    case COLUMN_SHARE: /* kept bytes / bytes, as a bar */
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
    buf_add(out, app->session->subject->nodes[state_of(app)->tree.rows[row]].name);
}

static void sort(struct app *app, enum action action)
{
    static const char *const names[] = {"bytes", "kept bytes", "name", "number of files",
                                        "modification time"};
    struct state *state = state_of(app);
    struct tree_options *options = &state->options;
    if (action == ACTION_SORT)
        options->by = (options->by + 1) % N_SORTS;
    else
        options->dirs_first = !options->dirs_first;
    tree_rows_rebuild(&state->tree);
    tree_rows_rebuild(view_layer_tree(app));
    app_say(app, ROLE_DIM, "sorted by %s%s", names[options->by],
            options->dirs_first ? ", directories first" : "");
}

/* Applies a filter to all tree views. Returns false for an invalid filter; the current filter then
 * stays. */
static bool set_filter(struct app *app, struct bytes text, struct err *err)
{
    struct tree_filter filter;
    if (!tree_filter_parse(text, &filter, err))
        return false;
    if (filter.uses_packages && !view_packages_load(app, err)) {
        tree_filter_finish(&filter);
        return false;
    }
    struct state *state = state_of(app);
    tree_filter_finish(&state->options.filter);
    state->options.filter = filter;
    tree_rows_filter_changed(&state->tree, app->session->keep);
    tree_rows_filter_changed(view_layer_tree(app), NULL);
    tree_rows_rebuild(&state->tree);
    tree_rows_rebuild(view_layer_tree(app));
    view_files_rebuild(app);
    const struct tree_rows *rows = app->view->tree ? app->view->tree(app) : NULL;
    if (filter.n && rows && rows->tree)
        app_say(app, ROLE_DIM, "%u of %u paths match", rows->n_passing, rows->tree->n - 1);
    return true;
}

static bool filter(struct app *app, struct bytes text)
{
    struct err err;
    if (set_filter(app, text, &err))
        return true;
    app_say(app, ROLE_ERROR, "%s", err.text);
    return false;
}

bool app_filter_argument(struct app *app, enum action action, struct bytes text)
{
    (void)action;
    return filter(app, text), true;
}

static bool accept_filter(struct app *app)
{
    return filter(app, buf_bytes(&app->prompt.line.text));
}

/* Applies the filter while it is being typed. */
static void filter_changed(struct app *app)
{
    accept_filter(app);
}

static void leave_filter(struct app *app)
{
    set_filter(app, buf_bytes(&state_of(app)->filter_before), &(struct err){0});
}

static const struct prompt_type filter_prompt = {
    .label = " tree filter: ",
    .history = INPUT_FILTER,
    .changed = filter_changed,
    .accept = accept_filter,
    .cancel = leave_filter,
};

bool view_image_arrange(struct app *app, enum action action)
{
    struct state *state = state_of(app);
    switch (action) {
    case ACTION_SORT:
    case ACTION_DIRS_FIRST:
        return sort(app, action), true;
    case ACTION_FILTER:
        buf_clear(&state->filter_before);
        buf_add(&state->filter_before, buf_bytes(&state->options.filter.text));
        return prompt_open(app, &filter_prompt, buf_bytes(&state->options.filter.text)), true;
    default:
        return false;
    }
}

static void add_summary(struct app *app, struct buf *out)
{
    const struct tree_filter *filter = &state_of(app)->options.filter;
    view_layers_strip(app, out);
    if (filter->n)
        buf_printf(out, "%stree filter: %s", out->n ? "  " : "", filter->text.p);
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    return state_of(app)->tree.rows[row];
}

static void copy(struct app *app, uint64_t row, struct buf *out)
{
    tree_path(app->session->subject, state_of(app)->tree.rows[row], out);
}

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_CYCLE && app->session->subject)
        return view_layers_cycle(app), true;
    struct tree_rows *tree = &state_of(app)->tree;
    if (view_image_arrange(app, action) || tree_space_act(tree, action))
        return true;
    uint32_t node = tree_rows_here(tree);
    if (action == ACTION_OPEN) /* the row is not a directory */
        action = ACTION_WHY;
    return node != NODE_NONE && app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    tree_path(app->session->subject, state_of(app)->tree.rows[row], &path);
    if (is_dir(app, state_of(app)->tree.rows[row]))
        buf_byte(&path, '/'); /* match the paths below it */
    propose_path(buf_bytes(&path), out);
}

struct place {
    uint32_t node; /* node under the cursor; NODE_NONE: the view was not shown */
};

static void leave(struct app *app, void *out)
{
    struct place *place = out;
    place->node = app->view == &view_image ? tree_rows_here(&state_of(app)->tree) : NODE_NONE;
}

static void come_back(struct app *app, const struct view *to, const void *from)
{
    const struct place *place = from;
    (void)to;
    if (place->node != NODE_NONE)
        view_image_reveal(app, place->node);
}

static void renew(void *out, enum view_renewal renewal)
{
    struct place *place = out;
    if (renewal == VIEW_OTHER_IMAGE)
        place->node = NODE_NONE;
}

static const char *empty(struct app *app)
{
    return state_of(app)->options.filter.n ? "No path matches the tree filter. The key f edits it; "
                                             "an empty filter shows all paths."
           : app->session->subject         ? "The image is empty."
                                           : NO_IMAGE_TEXT;
}

static const enum action takes[] = {TAKES_NODE, TAKES_TREE, ACTION_CYCLE, ACTION_NONE};

const struct view view_image = {
    .id = VIEW_ID_image,
    .title = "Image",
    .tab = &view_image,
    .opens = ACTION_VIEW_IMAGE,
    .open = open_tree,
    .state.size = sizeof(struct state),
    .state.init = init,
    .state.forget = forget,
    .state.refresh = refresh,
    .state.finish = finish,
    .place.size = sizeof(struct place),
    .place.leave = leave,
    .place.come_back = come_back,
    .place.renew = renew,
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
    .space = &tree_space,
    .tree = tree,
    .propose = propose,
    .hint =
        "Space keep  - drop  ? help  a auto  / search  f tree filter  v add log filter  u undo  "
        "w why  L lines  q quit",
    .summary = add_summary,
};
