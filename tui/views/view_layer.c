/* SPDX-License-Identifier: MIT
 *
 * The tree of one layer: only its changes, or the image up to and including the layer, with the
 * changes highlighted. The actions on a row apply to the same path in the whole image.
 */
#include <stdlib.h>

#include "app/app.h"
#include "views/tree_space.h"
#include "views/view_image.h"
#include "views/registry.h"
#include "screen/format.h"
#include "views/view_layers.h"

enum { COLUMN_CHANGE, COLUMN_BYTES, COLUMN_COUNT, COLUMN_MODE, COLUMN_OWNER, COLUMN_NAME };

static const struct column columns[] = {
    [COLUMN_CHANGE] = {"", 1, false, 0},       [COLUMN_BYTES] = {"bytes", 9, true, 0},
    [COLUMN_COUNT] = {"changes", 7, true, 56}, [COLUMN_MODE] = {"mode", 4, true, 48},
    [COLUMN_OWNER] = {"owner", 9, true, 70},   [COLUMN_NAME] = {"name", 0, false, 0},
};

static bool is_shown(const struct layers_state *state, uint32_t node)
{
    enum change change = state->layers->changes[node];
    if (change)
        return !state->hidden[change];
    return state->scope == LAYERS_UP_TO && state->layers->there[node];
}

/* Sums bytes and changes from children to parents and fills shown. The loop runs from the last node
 * to the first, so that it meets a directory after all nodes below it. */
static void add_up(struct layers_state *state, uint8_t *shown)
{
    const struct tree *tree = state->layers->tree;
    for (uint32_t node = tree->n; node-- > 0;) {
        const struct node *n = &tree->nodes[node];
        bool itself = is_shown(state, node);
        bool counts = state->scope == LAYERS_ONLY || state->layers->there[node];
        if (itself && counts && n->kind == NODE_FILE)
            state->bytes[node] += n->size;
        state->count[node] += itself && state->layers->changes[node];
        shown[node] = shown[node] || itself;
        if (!shown[node] || n->parent == NODE_NONE)
            continue;
        shown[n->parent] = 1;
        state->bytes[n->parent] += state->bytes[node];
        state->count[n->parent] += state->count[node];
    }
}

static int64_t weight(const void *with, uint32_t node, enum tree_sort by)
{
    const struct layers_state *state = with;
    switch (by) {
    case SORT_COUNT:
        return state->count[node];
    case SORT_TIME:
        return state->layers->tree->nodes[node].mtime_s;
    default:
        return state->bytes[node];
    }
}

void view_layer_init(struct app *app)
{
    struct layers_state *state = layers_state(app);
    state->tree =
        (struct tree_rows){.options = view_image_options(app), .weight = weight, .with = state};
}

struct tree_rows *view_layer_tree(struct app *app)
{
    return &layers_state(app)->tree;
}

void view_layer_rebuild(struct app *app)
{
    struct layers_state *state = layers_state(app);
    if (!state->layers || state->scope == LAYERS_ALL)
        return;
    uint32_t n = state->layers->tree->n;
    uint8_t *shown = mem_zero(n, 1);
    free(state->bytes);
    free(state->count);
    state->bytes = mem_zero(n, sizeof *state->bytes);
    state->count = mem_zero(n, sizeof *state->count);
    add_up(state, shown);
    state->tree.tree = state->layers->tree;
    tree_rows_show(&state->tree, shown);
    tree_rows_apply_filter(&state->tree, NULL);
    tree_rows_rebuild(&state->tree);
}

static struct list *list(struct app *app)
{
    return &layers_state(app)->tree.list;
}

static uint64_t count(struct app *app)
{
    return layers_state(app)->tree.n;
}

static enum role change_role(enum change change)
{
    static const enum role roles[N_CHANGES] = {[CHANGE_NONE] = ROLE_TEXT,
                                               [CHANGE_ADDED] = ROLE_KEEP,
                                               [CHANGE_MODIFIED] = ROLE_MATCH,
                                               [CHANGE_REMOVED] = ROLE_DROP,
                                               [CHANGE_META] = ROLE_BASE};
    return roles[change];
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    static const char *const letters[N_CHANGES] = {"", "A", "M", "R", "~"};
    const struct layers_state *state = layers_state(app);
    uint32_t node = state->tree.rows[row];
    const struct node *n = &state->layers->tree->nodes[node];
    enum change change = state->layers->changes[node];
    switch (column) {
    case COLUMN_CHANGE:
        buf_add(&out->text, bytes_of(letters[change]));
        out->role = change_role(change);
        break;
    case COLUMN_BYTES:
        if (n->kind == NODE_DIR || n->kind == NODE_FILE)
            format_bytes(state->bytes[node], &out->text);
        break;
    case COLUMN_COUNT:
        if (n->kind == NODE_DIR && state->count[node])
            format_count(state->count[node], &out->text);
        break;
    case COLUMN_MODE:
        buf_printf(&out->text, "%o", n->mode);
        break;
    case COLUMN_OWNER:
        buf_printf(&out->text, "%u:%u", n->uid, n->gid);
        break;
    default:
        tree_rows_name(&state->tree, node, &out->text);
        out->role = change ? change_role(change) : n->kind == NODE_DIR ? ROLE_DIR : ROLE_TEXT;
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, layers_state(app)->layers->tree->nodes[layers_state(app)->tree.rows[row]].name);
}

static enum change class_of(enum action action)
{
    switch (action) {
    case ACTION_ADDED:
        return CHANGE_ADDED;
    case ACTION_MODIFIED:
        return CHANGE_MODIFIED;
    case ACTION_REMOVED:
        return CHANGE_REMOVED;
    case ACTION_META:
        return CHANGE_META;
    default:
        return CHANGE_NONE;
    }
}

static bool act_on_path(struct app *app, enum action action)
{
    const struct layers_state *state = layers_state(app);
    uint32_t node = tree_rows_here(&state->tree);
    if (node == NODE_NONE)
        return false;
    BUF_AUTO struct buf path = {0};
    tree_path(state->layers->tree, node, &path);
    uint32_t at = tree_find(app->session->subject, buf_bytes(&path));
    if (at != NODE_NONE)
        return app_act_on_node(app, at, action);
    app_say(app, ROLE_DIM, "%s: not in the final image", path.p);
    return true;
}

static void copy(struct app *app, uint64_t row, struct buf *out)
{
    tree_path(layers_state(app)->layers->tree, layers_state(app)->tree.rows[row], out);
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    BUF_AUTO struct buf path = {0};
    copy(app, row, &path);
    return tree_find(app->session->subject, buf_bytes(&path));
}

static bool act(struct app *app, enum action action)
{
    static const char *const names[N_CHANGES] = {"", "added", "modified", "removed",
                                                 "changed metadata"};
    struct layers_state *state = layers_state(app);
    enum change class = class_of(action);
    if (class) {
        state->hidden[class] = !state->hidden[class];
        view_layer_rebuild(app);
        app_say(app, ROLE_DIM, "%s: %s", names[class], state->hidden[class] ? "hidden" : "shown");
        return true;
    }
    if (action == ACTION_CYCLE)
        return view_layers_cycle(app), true;
    return view_image_arrange(app, action) || tree_space_act(&state->tree, action) ||
           act_on_path(app, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    const struct tree *tree = layers_state(app)->layers->tree;
    uint32_t node = layers_state(app)->tree.rows[row];
    BUF_AUTO struct buf path = {0};
    tree_path(tree, node, &path);
    if (tree->nodes[node].kind == NODE_DIR)
        buf_byte(&path, '/'); /* match the paths below it */
    propose_path(buf_bytes(&path), out);
}

static const char *empty(struct app *app)
{
    if (!layers_state(app)->layers)
        return layers_state(app)->failed ? "The layers could not be read."
                                         : "reading the layers ...";
    return "No path of this layer is shown. The keys i, m, D and T show or hide changes; the key . "
           "shows the next part of the image.";
}

static const enum action takes[] = {TAKES_NODE, TAKES_TREE, TAKES_CHANGES, ACTION_CYCLE,
                                    ACTION_NONE};

const struct view view_layer = {
    .id = VIEW_ID_layer,
    .title = "Image",
    .tab = &view_image,
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
    .tree = view_layer_tree,
    .propose = propose,
    .summary = view_layers_strip,
    .hint = ". next part of the image  ? help  6 layers  i m D T added, modified, removed, "
            "metadata  Space keep  / search",
};
