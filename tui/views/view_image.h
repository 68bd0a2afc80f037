/* SPDX-License-Identifier: MIT
 *
 * The tree of the image: the functions that other views call to open it, sort it and filter it.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_IMAGE_H
#define XSMALL_TUI_VIEWS_VIEW_IMAGE_H

#include "app/actions.h"
#include "rows/tree_rows.h"

struct app;

/* Returns the order and the filter that all tree views share. */
const struct tree_options *view_image_options(const struct app *app);
/* Opens the view and puts the cursor on a node. */
void view_image_open(struct app *app, uint32_t node);
/* Opens the directories above a node and puts the cursor on it. */
void view_image_reveal(struct app *app, uint32_t node);
/* Applies SORT, DIRS_FIRST or FILTER to all tree views. Returns false for any other action. */
bool view_image_arrange(struct app *app, enum action action);

#endif
