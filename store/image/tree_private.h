/* SPDX-License-Identifier: MIT
 *
 * What the files that make a tree share: nodes in any order, numbered at the end. Nobody outside
 * store/image includes it.
 *
 *     struct tree *tree = mem_zero(1, sizeof *tree);
 *     items[0] = (struct tree_item){.parent = NODE_NONE, .peer = NODE_NONE, …}; // the root
 *     items[1] = (struct tree_item){.parent = 0, .peer = NODE_NONE, …};
 *     tree_number(tree, items, 2);
 */
#ifndef XSMALL_IMAGE_TREE_PRIVATE_H
#define XSMALL_IMAGE_TREE_PRIVATE_H

#include "image/tree.h"

/* A node before it has its number. Names and links are in the tree's arena. */
struct tree_item {
    struct node node;
    uint32_t parent; /* index of the parent's item; the root, item 0: NODE_NONE */
    uint32_t peer;   /* index of any one item of its hard link group, the same for all of them;
                        NODE_NONE: not in one */
};

/* Sorts, numbers and indexes the items into tree->nodes. Items that do not hang on item 0, as in a
 * session that a stranger made, are left out. items is freed. */
void tree_number(struct tree *tree, struct tree_item *items, uint32_t n);

/* The index (parent, name) → node over tree->nodes. */
void tree_index_make(struct tree *tree);

#endif
