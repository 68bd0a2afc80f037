/* SPDX-License-Identifier: MIT
 *
 * Files as a flat list: kept, given by the base, or dropped; each with its reason.
 */
#include "app.h"

#include <stdlib.h>

#include "format.h"

enum { COLUMN_BYTES, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_BYTES] = {"bytes", 9, true, 0},
    [COLUMN_PATH] = {"path", 0, false, 0},
};

static bool is_listed(const struct app *app, uint32_t node)
{
    const struct verdict *verdict = &app->x->keep->verdicts[node];
    switch (app->files_which) {
    case LIST_KEPT:
        return verdict->kept;
    case LIST_IN_BASE:
        return verdict->needed && !verdict->kept;
    default:
        return !verdict->needed;
    }
}

void view_files_rebuild(struct app *app)
{
    free(app->files);
    app->files = NULL;
    app->n_files = 0;
    if (!app->x->keep)
        return;
    size_t cap = 0;
    for (uint32_t node = 1; node < app->x->subject->n; node++) {
        if (!is_listed(app, node))
            continue;
        ARRAY_ROOM(app->files, app->n_files, cap);
        app->files[app->n_files++] = node;
    }
}

static struct list *list(struct app *app)
{
    return &app->files_list;
}

static uint64_t count(struct app *app)
{
    return app->n_files;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    uint32_t node = app->files[row];
    const struct node *n = &app->x->subject->nodes[node];
    if (column == COLUMN_BYTES) {
        if (n->kind == NODE_FILE)
            format_bytes(n->size, &out->text);
        return;
    }
    tree_path(app->x->subject, node, &out->text);
    if (n->kind == NODE_DIR)
        buf_byte(&out->text, '/');
    if (n->kind == NODE_LINK) {
        buf_add(&out->text, bytes_of(" \xe2\x86\x92 "));
        buf_add(&out->text, n->link);
    }
    struct keep_input input = xsmall_keep_input(app->x);
    keep_reason(app->x->keep, &input, node, &out->tail);
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    tree_path(app->x->subject, app->files[row], out);
}

static bool act(struct app *app, enum action action)
{
    static const char *const names[] = {"kept: to copy", "needed, and given by the base",
                                        "dropped: not needed"};
    if (action == ACTION_CYCLE) {
        app->files_which = (app->files_which + 1) % N_LISTS;
        app->files_list = (struct list){0};
        view_files_rebuild(app);
        app_say(app, ROLE_DIM, "%s", names[app->files_which]);
        return true;
    }
    if (app->files_list.cursor >= app->n_files)
        return false;
    uint32_t node = app->files[app->files_list.cursor];
    if (action == ACTION_OPEN) {
        app_open(app, &view_image);
        view_image_reveal(app, node);
        return true;
    }
    return app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    tree_path(app->x->subject, app->files[row], &path);
    propose_path(buf_bytes(&path), out);
}

static const char *empty(struct app *app)
{
    static const char *const texts[] = {
        "nothing is kept yet: load logs, or mark paths in the tree with Space (.: other lists)",
        "the base gives nothing (.: other lists)", "nothing is dropped (.: other lists)"};
    return app->x->subject ? texts[app->files_which] : "no image is loaded";
}

const struct view view_files = {
    .tab = "Files",
    .columns = columns,
    .n_columns = 2,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .act = act,
    .empty = empty,
    .propose = propose,
    .hint = ". other lists  ? help  - drop  Space keep  / search  w why  Enter tree  L its lines  "
            "q quit",
};
