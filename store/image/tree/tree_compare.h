/* SPDX-License-Identifier: MIT
 *
 * Two trees compared: paths that only one of them has, and what differs at those that both have.
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

/* What differs, as bits. */
enum tree_compare_what {
    COMPARE_KIND = 1,
    COMPARE_CONTENT = 2, /* of a file; a device's numbers */
    COMPARE_LINK = 4,    /* a symlink's target */
    COMPARE_MODE = 8,    /* not of symlinks, which have none (symlink(7)) */
    COMPARE_OWNER = 16,
    COMPARE_XATTRS = 32,
    COMPARE_HARDLINK = 64, /* the first name of its group, or whether it is in one */
    COMPARE_TIME = 128,
    N_COMPARE_BITS = 8
};
/* "kind", "content", "link", "mode", "owner", "xattrs", "hardlink", "mtime": of one bit's number.
 */
const char *tree_compare_bit_name(unsigned bit);

/* The bits of two nodes, all but COMPARE_HARDLINK. With COMPARE_KIND content and link do not count.
 */
unsigned tree_compare_attributes(const struct node *a, const struct node *b);

/* For each node of a the node of b at the same path taken literally, or NODE_NONE. No link is
 * followed: below what is no directory in b there is nothing. out has a->n places. */
void tree_compare_map(const struct tree *a, const struct tree *b, uint32_t *out);

enum tree_compare_status {
    COMPARE_SAME,
    COMPARE_ADDED,
    COMPARE_REMOVED,
    COMPARE_CHANGED,
    COMPARE_TIME_ONLY,
    N_COMPARE_STATUS
};
/* "same", "added", "removed", "changed", "mtime". */
const char *tree_compare_status_name(enum tree_compare_status status);

struct tree_compare {
    struct tree_compare_row {
        uint32_t a, b; /* nodes; NODE_NONE: not there */
        uint8_t status, what;
    } * rows; /* owned; what differs, in the order of nodes */
    size_t n;
    size_t n_of[N_COMPARE_STATUS]; /* paths of each status */
    size_t n_what[N_COMPARE_BITS]; /* changed paths by what differs; a path may count in several */
    int64_t added_bytes, removed_bytes; /* contents; a hard-link group once */
};

/* The trees are borrowed, and needed only while it runs. */
void tree_compare(const struct tree *a, const struct tree *b, struct tree_compare *out);
void tree_compare_finish(struct tree_compare *compare);

#endif
