/* SPDX-License-Identifier: MIT
 *
 * The rows of a tree view. The children of an open directory follow the directory, sorted. All tree
 * views use this: it holds the open directories, the cursor and the set of shown nodes, and it
 * supports searches through the whole tree.
 */
#ifndef XSMALL_TUI_ROWS_TREE_ROWS_H
#define XSMALL_TUI_ROWS_TREE_ROWS_H

#include "keep/keep.h"
#include "rows/list.h"
#include "rows/tree_filter.h"

enum tree_sort { SORT_BYTES, SORT_KEPT, SORT_NAME, SORT_COUNT, SORT_TIME, N_SORTS };

/* Options that all trees share: the order of the children of a directory, and the filter. */
struct tree_options {
    enum tree_sort by;
    bool dirs_first;
    struct tree_filter filter;
    const struct packages *packages; /* packages of the subject image, for the filter; borrowed */
};

struct tree_rows {
    const struct tree_options *options; /* borrowed */
    const struct tree *tree;            /* borrowed; NULL: no tree is loaded */
    uint32_t *rows;                     /* nodes; owned */
    uint32_t n;
    uint8_t *open;       /* one byte per node; 1: the directory is open; owned */
    uint8_t *saved;      /* copy of open from the start of a search, or NULL; owned */
    uint8_t *shown;      /* one byte per node; 0: hidden; NULL: all nodes are shown; owned */
    uint8_t *passes;     /* one byte per node; 1: the node or a node below it matches the filter;
                            NULL: no filter; owned */
    uint8_t *unfiltered; /* copy of open from before the filter was set, or NULL; owned */
    uint32_t n_passing;  /* nodes that match the filter */
    struct list list;
    /* Returns the sort key of a node; the greatest key comes first. Not called for SORT_NAME. */
    int64_t (*weight)(const void *with, uint32_t node, enum tree_sort by);
    const void *with; /* first argument of weight; borrowed */
};

/* Lists the rows again. The cursor stays on its node if the node is still listed. */
void tree_rows_rebuild(struct tree_rows *rows);
/* Opens the directories above a node and puts the cursor on it. */
void tree_rows_reveal(struct tree_rows *rows, uint32_t node);
/* Sets the shown nodes; NULL: all nodes. Takes ownership of shown. The directories above a shown
 * node must be shown too. */
void tree_rows_show(struct tree_rows *rows, uint8_t *shown);
/* Applies the filter to all nodes again. Call after the tree or the kept tree has changed. */
void tree_rows_apply_filter(struct tree_rows *rows, const struct keep *keep);
/* Applies a changed filter. Opens the directories above the matching nodes unless more than 5000
 * nodes match. Without a filter, restores the directories that were open before. Call
 * tree_rows_rebuild afterwards. */
void tree_rows_filter_changed(struct tree_rows *rows, const struct keep *keep);
/* Frees all members. options, weight and with keep their values. */
void tree_rows_clear(struct tree_rows *rows);
/* Opens the directory under the cursor, or closes it if it is open. Returns false if the row is not
 * a directory. */
bool tree_rows_open(struct tree_rows *rows);
/* Closes the directory under the cursor, or moves the cursor to the parent directory. Returns false
 * if there are no rows. */
bool tree_rows_close(struct tree_rows *rows);
/* Returns the node under the cursor, or NODE_NONE. */
uint32_t tree_rows_here(const struct tree_rows *rows);
/* Returns whether a node is not shown or does not match the filter. */
bool tree_rows_hides(const struct tree_rows *rows, uint32_t node);
/* Save the set of open directories before a search, restore it, and free the saved set. */
void tree_rows_save(struct tree_rows *rows);
void tree_rows_restore(struct tree_rows *rows);
void tree_rows_forget_saved(struct tree_rows *rows);
/* Appends the text of a row: indent, sign of a directory, name, link target. */
void tree_rows_name(const struct tree_rows *rows, uint32_t node, struct buf *out);

#endif
