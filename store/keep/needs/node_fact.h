/* SPDX-License-Identifier: MIT
 *
 * What a file's content states (enum need_kind in image/tree/tree.h): its ELF interpreter, its
 * machine, its soname.
 *
 *     struct bytes soname = node_fact(node, NEED_SONAME); // n 0: none
 */
#ifndef XSMALL_KEEP_NEEDS_NODE_FACT_H
#define XSMALL_KEEP_NEEDS_NODE_FACT_H

#include "image/tree/tree.h"

/* The first value of a kind, borrowed from the tree; n 0: the file states none. */
struct bytes node_fact(const struct node *node, enum need_kind kind);

#endif
