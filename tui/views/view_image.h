/* SPDX-License-Identifier: MIT
 *
 * The image's tree, for the views that lead to it or share how trees are sorted and filtered.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_IMAGE_H
#define XSMALL_TUI_VIEWS_VIEW_IMAGE_H

#include "app/actions.h"
#include "rows/tree_rows.h"

struct app;

/* How all trees are sorted and filtered. */
const struct tree_options *view_image_options(const struct app *app);
/* Opens the view with the cursor on a node. */
void view_image_open(struct app *app, uint32_t node);
/* Opens the directories above a node and puts the cursor on it. */
void view_image_reveal(struct app *app, uint32_t node);
/* SORT, DIRS_FIRST and FILTER, in all trees. False: another action. */
bool view_image_arrange(struct app *app, enum action action);

#endif
