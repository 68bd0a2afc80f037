/* SPDX-License-Identifier: MIT
 *
 * The layer waste: file contents that a lower layer stores and a later layer hides, the biggest
 * first. A row names the layer that wrote the file, the layer that hides it, and the reason.
 */
#include "app/app.h"
#include "views/registry.h"
#include "screen/format.h"
#include "views/view_image.h"
#include "views/view_layers.h"

enum { COLUMN_BYTES, COLUMN_WRITER, COLUMN_HIDER, COLUMN_WHY, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_BYTES] = {"bytes", 9, true, 0},     [COLUMN_WRITER] = {"layer", 5, true, 0},
    [COLUMN_HIDER] = {"hidden by", 9, true, 0}, [COLUMN_WHY] = {"how", 14, false, 56},
    [COLUMN_PATH] = {"path", 0, false, 0},
};

struct state {
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_dead);
}

static void request_layers(struct app *app)
{
    layers_state(app)->requested = true;
}

static void forget(struct app *app, enum view_renewal renewal)
{
    if (renewal == VIEW_OTHER_IMAGE)
        state_of(app)->list = (struct list){0};
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return layers_state(app)->layers ? layers_state(app)->layers->n_dead : 0;
}

static const struct dead *dead_at(const struct app *app, uint64_t row)
{
    return &layers_state(app)->layers->dead[row];
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    tree_path(layers_state(app)->layers->tree, dead_at(app, row)->node, out);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct dead *dead = dead_at(app, row);
    switch (column) {
    case COLUMN_BYTES:
        format_bytes(dead->bytes, &out->text);
        break;
    case COLUMN_WRITER:
        format_count(dead->writer, &out->text);
        break;
    case COLUMN_HIDER:
        format_count(dead->killer, &out->text);
        break;
    case COLUMN_WHY:
        buf_add(&out->text, bytes_of(death_name(dead->reason)));
        out->role = ROLE_DROP;
        break;
    default:
        text(app, row, &out->text);
        if (dead->last == dead->node)
            break;
        buf_add(&out->tail, bytes_of("last hard link: "));
        tree_path(layers_state(app)->layers->tree, dead->last, &out->tail);
    }
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    BUF_AUTO struct buf path = {0};
    text(app, row, &path);
    return tree_find(app->session->subject, buf_bytes(&path));
}

/* Acts on the node that the final image has at the path, if any. It can differ from the hidden one.
 */
static bool act(struct app *app, enum action action)
{
    BUF_AUTO struct buf path = {0};
    if (state_of(app)->list.cursor >= count(app))
        return false;
    text(app, state_of(app)->list.cursor, &path);
    uint32_t node = tree_find(app->session->subject, buf_bytes(&path));
    if (node == NODE_NONE && action == ACTION_OPEN)
        return app_say(app, ROLE_DIM, "%s: not in the final image", path.p), true;
    if (node != NODE_NONE && action == ACTION_OPEN) {
        view_image_open(app, node);
        return true;
    }
    return node != NODE_NONE && app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    text(app, row, &path);
    propose_path(buf_bytes(&path), out);
}

static void add_summary(struct app *app, struct buf *out)
{
    const struct layers *layers = layers_state(app)->layers;
    int64_t bytes = 0;
    if (!layers)
        return;
    for (size_t i = 0; i < layers->n; i++)
        bytes += layers->all[i].dead_bytes;
    format_bytes(bytes, out);
    buf_printf(out, "; dive: efficiency %.2f %%, wasted ", 100 * layers->dive.efficiency);
    format_bytes(layers->dive.wasted_bytes, out);
}

static const char *empty(struct app *app)
{
    if (!app->session->subject)
        return NO_IMAGE_TEXT;
    if (!layers_state(app)->layers)
        return layers_state(app)->failed ? "The layers could not be read."
                                         : "reading the layers ...";
    return "No layer waste: the image shows every byte that its layers contain.";
}

static const enum action takes[] = {TAKES_NODE, ACTION_OPEN, ACTION_NONE};

const struct view view_dead = {
    .id = VIEW_ID_dead,
    .title = "Layer waste",
    .opens = ACTION_DEAD,
    .opened = request_layers,
    .state.size = sizeof(struct state),
    .state.forget = forget,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .node = node_at,
    .takes = takes,
    .act = act,
    .empty = empty,
    .propose = propose,
    .summary = add_summary,
    .hint = "Enter show in tree  ? help  q back  / search",
};
