/* SPDX-License-Identifier: MIT
 *
 * Compares two trees: lists the paths that only one tree has, and the differences of the paths that
 * both trees have.
 *
 *     struct tree_compare compare;
 *     tree_compare(a, b, &compare);
 *     for (size_t i = 0; i < compare.n; i++)
 *         if (compare.rows[i].status == COMPARE_CHANGED) …
 *     tree_compare_finish(&compare);
 */
#ifndef XSMALL_IMAGE_TREE_TREE_COMPARE_H
#define XSMALL_IMAGE_TREE_TREE_COMPARE_H

#include "image/tree/tree.h"

/* Kinds of difference, as bits. */
enum tree_compare_what {
    COMPARE_KIND = 1,
    COMPARE_CONTENT = 2, /* a file's content; a device's numbers */
    COMPARE_LINK = 4,    /* a symlink's target */
    COMPARE_MODE = 8,    /* not compared for symlinks, which have no mode (symlink(7)) */
    COMPARE_OWNER = 16,
    COMPARE_XATTRS = 32,
    COMPARE_HARDLINK = 64, /* one is in a hard link group and the other is not, or the groups' first
                              names differ */
    COMPARE_TIME = 128,
    N_COMPARE_BITS = 8
};
/* Returns the name of bit number `bit` (from 0): "kind", "content", "link", "mode", "owner",
 * "xattrs", "hardlink" or "mtime". */
const char *tree_compare_bit_name(unsigned bit);

/* Returns the differences of two nodes, except COMPARE_HARDLINK. If the kinds differ, content and
 * link are not compared. */
unsigned tree_compare_attributes(const struct node *a, const struct node *b);

/* Stores in out, for each node of a, the node of b at the same path, or NODE_NONE. No symlink is
 * followed, so a path below a symlink of b has no node in b. out has room for a->n nodes. */
void tree_compare_map(const struct tree *a, const struct tree *b, uint32_t *out);

enum tree_compare_status {
    COMPARE_SAME,
    COMPARE_ADDED,
    COMPARE_REMOVED,
    COMPARE_CHANGED,
    COMPARE_TIME_ONLY,
    N_COMPARE_STATUS
};
/* Returns "same", "added", "removed", "changed" or "mtime". */
const char *tree_compare_status_name(enum tree_compare_status status);

struct tree_compare {
    struct tree_compare_row {
        uint32_t a, b; /* nodes; NODE_NONE: the tree does not have the path */
        uint8_t status, what;
    } * rows; /* owned; the paths that differ, in the order of nodes */
    size_t n;
    size_t n_of[N_COMPARE_STATUS];      /* number of paths by status */
    size_t n_what[N_COMPARE_BITS];      /* number of changed paths by kind of difference; a path can
                                           count in several */
    int64_t added_bytes, removed_bytes; /* bytes of contents; a hard link group counts once */
};

/* Compares the trees. They are borrowed for the call only. */
void tree_compare(const struct tree *a, const struct tree *b, struct tree_compare *out);
void tree_compare_finish(struct tree_compare *compare);

#endif
