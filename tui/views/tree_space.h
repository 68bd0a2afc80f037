/* SPDX-License-Identifier: MIT
 *
 * Functions that all tree views share: the search through the whole tree, and opening and closing
 * directories.
 */
#ifndef XSMALL_TUI_VIEWS_TREE_SPACE_H
#define XSMALL_TUI_VIEWS_TREE_SPACE_H

#include "app/view.h"
#include "rows/tree_rows.h"

/* Searches the tree of the current view: all nodes except the root, in the order of paths. */
extern const struct search_space tree_space;
/* Applies OPEN or CLOSE to the row under the cursor. Returns false if the action is another one or
 * the row is not a directory. */
bool tree_space_act(struct tree_rows *rows, enum action action);

#endif
