/* SPDX-License-Identifier: MIT
 *
 * A tree as rows: the nodes that are listed now, an opened directory's children behind it, sorted
 * among themselves. Views of trees share it: which directories are open, where the cursor is, what
 * is shown at all, and searching through all of it.
 */
#ifndef XSMALL_TUI_ROWS_TREE_ROWS_H
#define XSMALL_TUI_ROWS_TREE_ROWS_H

#include "keep/keep.h"
#include "rows/list.h"
#include "rows/tree_filter.h"

enum tree_sort { SORT_BYTES, SORT_KEPT, SORT_NAME, SORT_COUNT, SORT_TIME, N_SORTS };

/* What holds for all trees: how the children of a directory are ordered, and what is left out. */
struct tree_options {
    enum tree_sort by;
    bool dirs_first;
    struct tree_filter filter;
    const struct packages *packages; /* of the subject, for the filter; borrowed */
};

struct tree_rows {
    const struct tree_options *options; /* borrowed */
    const struct tree *tree;            /* borrowed; NULL: none */
    uint32_t *rows;                     /* nodes; owned */
    uint32_t n;
    uint8_t *open;       /* a byte a node, 1: opened; owned */
    uint8_t *saved;      /* the same when a search began, or NULL; owned */
    uint8_t *shown;      /* a byte a node, 0: left out; NULL: all are there; owned */
    uint8_t *passes;     /* likewise, of the filter: what passes and the directories above; owned */
    uint8_t *unfiltered; /* open as it was before there was a filter, or NULL; owned */
    uint32_t n_passing;
    struct list list;
    /* What nodes are sorted by, the greatest first; not for SORT_NAME. */
    int64_t (*weight)(const void *with, uint32_t node, enum tree_sort by);
    const void *with; /* borrowed */
};

/* Lists the rows again; the cursor stays on its node where that is still listed. */
void tree_rows_rebuild(struct tree_rows *rows);
/* Opens the directories above a node and puts the cursor on it. */
void tree_rows_reveal(struct tree_rows *rows, uint32_t node);
/* Takes shown over, NULL for all. Directories above what is shown must be in it too. */
void tree_rows_show(struct tree_rows *rows, uint8_t *shown);
/* Tries the filter on all nodes again: the tree or what is known of it has changed. */
void tree_rows_sieve(struct tree_rows *rows, const struct keep *keep);
/* The filter has changed: opens the directories above what passes, where that is not too much;
 * without a filter, those that were open before. Needs a rebuild. */
void tree_rows_filter(struct tree_rows *rows, const struct keep *keep);
/* Frees everything; options, weight and with stay. */
void tree_rows_clear(struct tree_rows *rows);
/* The directory under the cursor is opened, or closed if it is open. False: no directory is there.
 */
bool tree_rows_open(struct tree_rows *rows);
/* Closes the directory under the cursor, or goes to the parent. False: there are no rows. */
bool tree_rows_close(struct tree_rows *rows);
/* The node under the cursor, or NODE_NONE. */
uint32_t tree_rows_here(const struct tree_rows *rows);
/* A node that is not shown, or does not pass the filter. */
bool tree_rows_hides(const struct tree_rows *rows, uint32_t node);
/* Which directories are open, saved for a search and restored after it. */
void tree_rows_save(struct tree_rows *rows);
void tree_rows_restore(struct tree_rows *rows);
void tree_rows_forget_saved(struct tree_rows *rows);
/* Indent, sign, name, target; appended. */
void tree_rows_name(const struct tree_rows *rows, uint32_t node, struct buf *out);

#endif
