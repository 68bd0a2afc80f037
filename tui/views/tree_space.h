/* SPDX-License-Identifier: MIT
 *
 * What views of trees share: a search goes through the whole tree, and directories open and close.
 */
#ifndef XSMALL_TUI_VIEWS_TREE_SPACE_H
#define XSMALL_TUI_VIEWS_TREE_SPACE_H

#include "app/view.h"
#include "rows/tree_rows.h"

/* Of the tree of the view that is shown: its nodes but the root, in order of paths. */
extern const struct search_space tree_space;
/* OPEN and CLOSE of the row under the cursor; false: another action, or no directory. */
bool tree_space_act(struct tree_rows *rows, enum action action);

#endif
