/* SPDX-License-Identifier: MIT
 *
 * The layers of the image: the state that two views share, the list of layers and the tree of one
 * layer. The worker reads the layers when a view first requests them.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_LAYERS_H
#define XSMALL_TUI_VIEWS_VIEW_LAYERS_H

#include "image/merge/layers.h"
#include "app/view.h"
#include "rows/tree_rows.h"

/* The part of the image that the tree shows: the whole image, the changes of one layer, or the
 * image up to and including one layer. */
enum layers_scope { LAYERS_ALL, LAYERS_ONLY, LAYERS_UP_TO, N_LAYERS_SCOPES };

struct layers_state {
    struct layers *layers; /* owned; NULL: not read yet */
    bool requested;        /* the worker is to read the layers */
    bool failed;           /* reading the layers failed */
    struct list list;
    uint32_t wanted; /* ordinal of the layer for the cursor after reading; 0: the topmost layer */
    enum layers_scope scope;
    bool hidden[N_CHANGES]; /* by enum change; true: the tree does not show these paths */
    struct tree_rows tree;  /* rows of layers->tree */
    int64_t *bytes;         /* by node: bytes of the shown files at and below the node; owned */
    uint32_t *count;        /* by node: shown changes at and below the node; owned */
};
struct layers_state *layers_state(const struct app *app);

/* Opens the list of layers and puts the cursor on a layer. */
void view_layers_open_at(struct app *app, uint32_t ordinal);
/* Sets up the rows of the tree of a layer. */
void view_layer_init(struct app *app);
/* Lists the rows again. Call after the scope, the chosen layer or the hidden classes have changed.
 */
void view_layer_rebuild(struct app *app);
struct tree_rows *view_layer_tree(struct app *app);
/* Switches to the next scope, and to the view that shows it. */
void view_layers_cycle(struct app *app);
/* Appends one bar per layer and the scope, for the summary in the row of tabs. Appends nothing
 * before the layers have been read. */
void view_layers_strip(struct app *app, struct buf *out);
/* Returns the view that shows the tree of the image in the current scope. */
const struct view *view_layers_tree(const struct app *app);

#endif
