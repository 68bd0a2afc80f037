/* SPDX-License-Identifier: MIT
 *
 * The paths of the accesses, resolved in the tree of an image by their routes: as the kernel walked
 * when the program was traced.
 *
 *     struct tree_walk walk;
 *     uint32_t node = access_resolve(subject, &accesses->paths[i], TREE_FOLLOW, &walk);
 *     uint32_t slim = tree_resolve_route(final, access_route(subject, &accesses->paths[i]),
 *                                        TREE_FOLLOW, &walk);
 */
#ifndef XSMALL_CHAIN_ACCESS_ROUTE_H
#define XSMALL_CHAIN_ACCESS_ROUTE_H

#include "image/tree/tree.h"
#include "trace/access.h"

/* Returns what to resolve for a path: its route. If the subject image does not have a directory
 * that a ".." of the route leaves, the program made that directory, so it is not known whether a
 * symlink was at that place: then the path, in which ".." is removed textually. Borrowed from path.
 */
struct bytes access_route(const struct tree *subject, const struct access_path *path);
/* Resolves a path in the subject image and returns walk->node. */
uint32_t access_resolve(const struct tree *subject, const struct access_path *path,
                        enum tree_last last, struct tree_walk *walk);

#endif
