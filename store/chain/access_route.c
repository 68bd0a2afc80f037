/* SPDX-License-Identifier: MIT */
#include "chain/access_route.h"

#include <string.h>

/* Returns the route up to its last ".."; n 0 if it has no "..". */
static struct bytes part_with_ups(struct bytes route)
{
    for (size_t i = route.n; i >= 3; i--)
        if (!memcmp(route.p + i - 3, "/..", 3) && (i == route.n || route.p[i] == '/'))
            return bytes_from(route.p, i);
    return bytes_from(route.p, 0);
}

struct bytes access_route(const struct tree *subject, const struct access_path *path)
{
    struct tree_walk walk;
    if (path->route.p == path->path.p) /* the usual case */
        return path->path;
    struct bytes ups = part_with_ups(path->route);
    if (ups.n && tree_resolve_route(subject, ups, TREE_FOLLOW, &walk) == NODE_NONE)
        return path->path;
    return path->route;
}

uint32_t access_resolve(const struct tree *subject, const struct access_path *path,
                        enum tree_last last, struct tree_walk *walk)
{
    return tree_resolve_route(subject, access_route(subject, path), last, walk);
}
