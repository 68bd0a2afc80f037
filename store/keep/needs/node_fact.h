/* SPDX-License-Identifier: MIT
 *
 * Facts from the content of a file (enum need_kind in image/tree/tree.h): ELF interpreter, machine,
 * soname.
 *
 *     struct bytes soname = node_fact(node, NEED_SONAME); // n 0: no soname
 */
#ifndef XSMALL_KEEP_NEEDS_NODE_FACT_H
#define XSMALL_KEEP_NEEDS_NODE_FACT_H

#include "image/tree/tree.h"

/* Returns the first value of a kind, borrowed from the tree; n 0: the file has no such value. */
struct bytes node_fact(const struct node *node, enum need_kind kind);

#endif
