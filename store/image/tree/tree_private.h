/* SPDX-License-Identifier: MIT
 *
 * Shared by the files that build a tree: they number names that come in any order, then fill in the
 * attributes of the numbered nodes. Private to store/image.
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

/* A node before numbering. */
struct tree_item {
    struct bytes name; /* in the tree's arena */
    int64_t path_id;   /* path_id, ordinal and package: as in struct node */
    uint32_t ordinal, package;
    uint32_t parent; /* index of the parent's item; the root, item 0: NODE_NONE */
    uint32_t peer;   /* index of one item of the hard link group, the same index in all items of the
                        group; NODE_NONE: not in a group */
};

/* Creates tree->nodes from n items, sorted and indexed. Each node is a directory with mode 0755 and
 * owner 0:0, as a directory without an entry in any layer. Returns the node number of each item.
 * The number is NODE_NONE for an item that is not connected to item 0; it is left out (a damaged
 * session can have such items). The caller frees the returned array. */
uint32_t *tree_number(struct tree *tree, const struct tree_item *items, uint32_t n);

/* Creates the index (parent, name) → node of tree->nodes. */
void tree_index_make(struct tree *tree);

#endif
