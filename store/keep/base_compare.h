/* SPDX-License-Identifier: MIT
 *
 * Compares a node of the subject image with the base's node at the same literal path.
 *
 * Not here: the consequences (keep.c subtracts the base; export removes base paths that block a
 * kept path).
 *
 *     uint32_t *map = mem_array(NULL, subject->n, sizeof *map);
 *     tree_compare_map(subject, base, map);
 *     enum in_base same = base_compare(subject, node, base, map[node]);
 */
#ifndef XSMALL_KEEP_BASE_COMPARE_H
#define XSMALL_KEEP_BASE_COMPARE_H

#include "image/tree/tree_compare.h"
#include "keep/keep.h"

/* Compares the subject's node `here` with the base's node `there` (NODE_NONE: absent in the base).
 * Ignores times, and the permission bits of symlinks (symlink(7)). */
enum in_base base_compare(const struct tree *subject, uint32_t here, const struct tree *base,
                          uint32_t there);

#endif
