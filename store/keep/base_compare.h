/* SPDX-License-Identifier: MIT
 *
 * What the base image has of the subject: nodes at the same literal path, compared.
 *
 * Not here: what follows from it (keep.c subtracts the base, export removes what is in the way).
 *
 *     uint32_t *map = mem_array(NULL, subject->n, sizeof *map);
 *     tree_compare_map(subject, base, map);
 *     enum in_base same = base_compare(subject, node, base, map[node]);
 */
#ifndef XSMALL_KEEP_BASE_COMPARE_H
#define XSMALL_KEEP_BASE_COMPARE_H

#include "image/tree/tree_compare.h"
#include "keep/keep.h"

/* How the base's node `there` (NODE_NONE: absent) compares with the subject's node `here`. Times do
 * not count; neither do a link's permission bits (symlink(7)). */
enum in_base base_compare(const struct tree *subject, uint32_t here, const struct tree *base,
                          uint32_t there);

#endif
