/* SPDX-License-Identifier: MIT
 *
 * The layers of the image: a list of them, and the tree as one of them left it. The state of both
 * views; they are read by the worker when they are first asked for.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_LAYERS_H
#define XSMALL_TUI_VIEWS_VIEW_LAYERS_H

#include "image/merge/layers.h"
#include "app/view.h"
#include "rows/tree_rows.h"

/* Which part of the image its tree is of. */
enum layers_scope { LAYERS_ALL, LAYERS_ONLY, LAYERS_UP_TO, N_LAYERS_SCOPES };

struct layers_state {
    struct layers *layers; /* owned; NULL: not read yet */
    bool asked, failed;    /* for them to be read; reading failed */
    struct list list;
    uint32_t wanted; /* ordinal to be under the cursor when they are read; 0: the topmost */
    enum layers_scope scope;
    bool hidden[N_CHANGES]; /* classes that the tree leaves out */
    struct tree_rows tree;  /* of layers->tree */
    int64_t *bytes;         /* of each node with what is below: contents of what is shown; owned */
    uint32_t *count;        /* of each node: changes of the layer at and below it; owned */
};
struct layers_state *layers_state(const struct app *app);

/* The list with the cursor on a layer. */
void view_layers_open_at(struct app *app, uint32_t ordinal);
/* The tree of a layer: sets up its rows; lists them again when the scope has changed. */
void view_layer_init(struct app *app);
void view_layer_rebuild(struct app *app);
struct tree_rows *view_layer_tree(struct app *app);
/* The next scope; the view follows. */
void view_layers_cycle(struct app *app);
/* Appends the strip of layers with the scope, for the row of tabs, if layers are read. */
void view_layers_strip(struct app *app, struct buf *out);
/* The view of the image's tree in the scope. */
const struct view *view_layers_tree(const struct app *app);

#endif
