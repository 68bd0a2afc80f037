/* SPDX-License-Identifier: MIT
 *
 * A flat list of the files of one package, each with its reason.
 */
#include "app/app.h"
#include "views/registry.h"
#include "screen/format.h"
#include "views/view_image.h"
#include "views/view_packages.h"

enum { COLUMN_MARK, COLUMN_BYTES, COLUMN_USED, COLUMN_KEPT, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_MARK] = {"mark", 4, false, 0}, [COLUMN_BYTES] = {"bytes", 9, true, 0},
    [COLUMN_USED] = {"used", 6, true, 60}, [COLUMN_KEPT] = {"kept", 9, true, 48},
    [COLUMN_PATH] = {"path", 0, false, 0},
};

struct state {
    size_t chosen; /* index + 1 of the package in view_packages_list; 0: no package is chosen */
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_package);
}

void view_package_open(struct app *app, size_t package)
{
    *state_of(app) = (struct state){.chosen = package};
    app_open(app, &view_package);
}

static void forget(struct app *app, enum view_renewal renewal)
{
    if (renewal == VIEW_OTHER_IMAGE)
        *state_of(app) = (struct state){0};
}

/* Returns the chosen package. Returns NULL if no package is chosen, or if the image has changed. */
static const struct package *chosen(const struct app *app)
{
    const struct packages *packages = view_packages_list(app);
    size_t chosen = state_of(app)->chosen;
    return chosen && chosen <= packages->n ? &packages->all[chosen - 1] : NULL;
}

/* Returns the node of a row. A package must be chosen. */
static uint32_t node_at(const struct app *app, uint64_t row)
{
    return view_packages_list(app)->nodes[chosen(app)->first + row];
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return chosen(app) ? chosen(app)->n_nodes : 0;
}

static void add_path(struct app *app, uint32_t at, struct view_cell *out)
{
    const struct node *node = &app->session->subject->nodes[at];
    tree_path(app->session->subject, at, &out->text);
    if (node->kind == NODE_LINK) {
        buf_add(&out->text, bytes_of(" \xe2\x86\x92 "));
        buf_add(&out->text, node->link);
    }
    struct keep_input input = session_keep_input(app->session);
    if (app->session->keep)
        keep_reason(app->session->keep, &input, at, &out->tail);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    uint32_t at = node_at(app, row);
    const struct node *node = &app->session->subject->nodes[at];
    const struct verdict none = {.mark = MARK_NONE};
    const struct verdict *verdict = app->session->keep ? &app->session->keep->verdicts[at] : &none;
    switch (column) {
    case COLUMN_MARK:
        view_packages_mark(verdict->mark, out);
        break;
    case COLUMN_BYTES:
        if (node->kind == NODE_FILE)
            format_bytes(node->size, &out->text);
        break;
    case COLUMN_USED:
        if (verdict->n_used)
            format_count(verdict->n_used, &out->text);
        break;
    case COLUMN_KEPT:
        if (verdict->kept)
            format_bytes(node->size, &out->text);
        break;
    default:
        add_path(app, at, out);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    tree_path(app->session->subject, node_at(app, row), out);
}

static void add_summary(struct app *app, struct buf *out)
{
    const struct package *package = chosen(app);
    if (!package)
        return;
    buf_add(out, package->name);
    buf_byte(out, ' ');
    buf_add(out, package->version);
}

static bool act(struct app *app, enum action action)
{
    if (state_of(app)->list.cursor >= count(app))
        return false;
    uint32_t node = node_at(app, state_of(app)->list.cursor);
    if (action != ACTION_OPEN)
        return app_act_on_node(app, node, action);
    view_image_open(app, node);
    return true;
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    tree_path(app->session->subject, node_at(app, row), &path);
    propose_path(buf_bytes(&path), out);
}

static const char *empty(struct app *app)
{
    return chosen(app) ? "This package has no files in the image." : "No package is chosen.";
}

static const enum action takes[] = {TAKES_NODE, ACTION_OPEN, ACTION_NONE};

const struct view view_package = {
    .id = VIEW_ID_package,
    .title = "Package",
    .state.size = sizeof(struct state),
    .state.forget = forget,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .propose = propose,
    .summary = add_summary,
    .hint = "Enter show in tree  Space keep  - drop  ? help  a auto  L lines  w why  E show file  "
            "q back  / search",
};
