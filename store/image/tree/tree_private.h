/* SPDX-License-Identifier: MIT
 *
 * What the files that make a tree share: names in any order are numbered, then what else is known
 * of them is written to their nodes. Nobody outside store/image includes it.
 *
 *     struct tree *tree = mem_zero(1, sizeof *tree);
 *     items[0] = (struct tree_item){.parent = NODE_NONE, .peer = NODE_NONE}; // the root
 *     items[1] = (struct tree_item){.name = …, .parent = 0, .peer = NODE_NONE};
 *     uint32_t *numbers = tree_number(tree, items, 2);
 *     if (numbers[1] != NODE_NONE)
 *         tree->nodes[numbers[1]].kind = …
 */
#ifndef XSMALL_IMAGE_TREE_TREE_PRIVATE_H
#define XSMALL_IMAGE_TREE_TREE_PRIVATE_H

#include "image/tree/tree.h"

/* A node before it has its number. */
struct tree_item {
    struct bytes name; /* in the tree's arena */
    int64_t path_id;   /* this, ordinal and package as in struct node */
    uint32_t ordinal, package;
    uint32_t parent; /* index of the parent's item; the root, item 0: NODE_NONE */
    uint32_t peer;   /* index of any one item of its hard link group, the same for all of them;
                        NODE_NONE: not in one */
};

/* Makes tree->nodes of the n items, sorted and indexed: all of them what a directory is that no
 * layer describes, 0755 0:0. Returns each item's number; NODE_NONE where it does not hang on item
 * 0, as in a session that a stranger made, and is left out. What is returned is yours: free. */
uint32_t *tree_number(struct tree *tree, const struct tree_item *items, uint32_t n);

/* The index (parent, name) → node over tree->nodes. */
void tree_index_make(struct tree *tree);

#endif
