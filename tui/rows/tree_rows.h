/* SPDX-License-Identifier: MIT
 *
 * A tree as rows: the nodes that are listed now, an opened directory's children behind it, sorted
 * among themselves. Views of trees share it: which directories are open, where the cursor is, what
 * is shown at all, and searching through all of it.
 */
#ifndef XSMALL_TUI_ROWS_TREE_ROWS_H
#define XSMALL_TUI_ROWS_TREE_ROWS_H

#include "keep/keep.h"
#include "app/view.h"

enum tree_sort { SORT_BYTES, SORT_KEPT, SORT_NAME, SORT_COUNT, SORT_TIME, N_SORTS };

/* How the children of a directory are ordered; the same in all trees. */
struct tree_order {
    enum tree_sort by;
    bool dirs_first;
};

struct tree_rows {
    const struct tree *tree; /* borrowed; NULL: none */
    uint32_t *rows;          /* nodes; owned */
    uint32_t n;
    uint8_t *open;       /* a byte a node, 1: opened; owned */
    uint8_t *saved;      /* the same when a search began, or NULL; owned */
    uint8_t *shown;      /* a byte a node, 0: left out; NULL: all are there; owned */
    uint8_t *passes;     /* likewise, of the filter: what passes and the directories above; owned */
    uint8_t *unfiltered; /* open as it was before there was a filter, or NULL; owned */
    uint32_t n_passing;
    struct list list;
    /* What nodes are sorted by, the greatest first; not for SORT_NAME. */
    int64_t (*weight)(const struct app *app, uint32_t node, enum tree_sort by);
};

/* Lists the rows anew; the cursor stays on its node where that is still listed. */
void tree_rows_rebuild(struct tree_rows *rows, const struct app *app);
/* Opens the directories above a node and puts the cursor on it. */
void tree_rows_reveal(struct tree_rows *rows, const struct app *app, uint32_t node);
/* Takes shown over, NULL for all. Directories above what is shown must be in it too. */
void tree_rows_show(struct tree_rows *rows, uint8_t *shown);
/* Asks all nodes anew whether they pass app->filter: the tree or what is known of it is another. */
void tree_rows_sieve(struct tree_rows *rows, const struct app *app, const struct keep *keep);
/* app->filter is another: the directories above what passes are opened, where that is not too much;
 * without a filter, those that were open before. Needs a rebuild. */
void tree_rows_filter(struct tree_rows *rows, const struct app *app, const struct keep *keep);
/* Everything but the weight is let go. */
void tree_rows_clear(struct tree_rows *rows);
/* OPEN and CLOSE of the row under the cursor. */
bool tree_rows_act(struct tree_rows *rows, const struct app *app, enum action action);
/* The node under the cursor, or NODE_NONE. */
uint32_t tree_rows_here(const struct tree_rows *rows);
/* Indent, sign, name, target; appended. */
void tree_rows_name(const struct tree_rows *rows, uint32_t node, struct buf *out);

/* The rows of the view that is shown, NULL if it is no tree. */
struct tree_rows *tree_rows_now(struct app *app);
extern const struct search_space tree_rows_space; /* for the views of trees */

#endif
