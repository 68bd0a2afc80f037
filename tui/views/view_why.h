/* SPDX-License-Identifier: MIT
 *
 * Why a path of the subject is kept, or what dropped it; then its layer and its package. Enter goes
 * on from there: to a path in the tree, to the lines of one, to the layer, to the package.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_WHY_H
#define XSMALL_TUI_VIEWS_VIEW_WHY_H

#include "app/view.h"

struct why_state {
    struct buf path, text; /* owned; by path: an image that is loaded anew has other nodes */
    struct bytes *rows;    /* owned; of text */
    size_t n, layer_row, package_row; /* SIZE_MAX: it has none */
    struct list list;
};

void view_why_open(struct app *app, uint32_t node);
/* The node that it is about in the subject there is now, or NODE_NONE. */
uint32_t view_why_node(const struct app *app);
void view_why_finish(struct why_state *why);

extern const struct view view_why;

#endif
