/* SPDX-License-Identifier: MIT
 *
 * path_resolution(7) inside an image. A symlink in the middle of a path pushes its target on a
 * stack of paths that must still be walked, as in the kernel. The limit of 40 symlinks bounds the
 * stack.
 */
#include "image/tree/tree.h"

#include <errno.h>

#include "util/path.h"

enum { LINKS_MAX = 40 };

struct resolving {
    const struct tree *tree;
    struct tree_walk *walk;
    enum tree_last last;
    struct bytes rest[LINKS_MAX + 1]; /* the rest of the path and of each symlink's target */
    size_t depth;
    uint32_t node, root;
    bool must_be_dir;
};

/* Returns the next component of the innermost path; n is 0 if all paths are walked. */
static struct bytes next_part(struct resolving *at)
{
    while (at->depth) {
        struct bytes part = path_next(&at->rest[at->depth - 1]);
        if (part.n)
            return part;
        at->depth--;
    }
    return bytes_from("", 0);
}

/* Returns true if only slashes are left, or nothing. Sets *slash if there is at least one slash. */
static bool is_at_end(const struct resolving *at, bool *slash)
{
    *slash = false;
    for (size_t i = 0; i < at->depth; i++) {
        struct bytes rest = at->rest[i];
        *slash = *slash || rest.n;
        if (path_next(&rest).n)
            return false;
    }
    return true;
}

/* Follows a symlink: its target is walked next, from the directory of the symlink. */
static int enter_link(struct resolving *at, uint32_t link)
{
    struct tree_walk *walk = at->walk;
    struct bytes target = at->tree->nodes[link].link;
    if (walk->n_hops == LINKS_MAX)
        return ELOOP;
    if (!target.n)
        return ENOENT;
    walk->hops[walk->n_hops++] = link;
    if (target.p[0] == '/')
        at->node = at->root;
    while (at->depth && !at->rest[at->depth - 1].n) /* walked to the end: reuse its slot */
        at->depth--;
    at->rest[at->depth++] = target;
    return 0;
}

/* Goes to the parent directory. */
static void leave(struct resolving *at)
{
    struct tree_walk *walk = at->walk;
    if (at->node == at->root)
        return;
    if (walk->n_left < TREE_LEFT_MAX && (!walk->n_left || walk->left[walk->n_left - 1] != at->node))
        walk->left[walk->n_left++] = at->node;
    at->node = at->tree->nodes[at->node].parent;
}

static int step(struct resolving *at, struct bytes part)
{
    const struct tree *tree = at->tree;
    bool slash, end = is_at_end(at, &slash);
    if (tree->nodes[at->node].kind != NODE_DIR)
        return ENOTDIR;
    at->must_be_dir = end && slash;
    if (bytes_equal(part, bytes_of(".")))
        return 0;
    if (bytes_equal(part, bytes_of(".."))) {
        leave(at);
        return 0;
    }
    uint32_t child = tree_child(tree, at->node, part);
    if (child == NODE_NONE)
        return ENOENT;
    bool follow = !end || slash || at->last == TREE_FOLLOW;
    if (tree->nodes[child].kind == NODE_LINK && follow) {
        /* A slash after the symlink must not be lost with the path that contains it. */
        return enter_link(at, child);
    }
    at->node = child;
    return 0;
}

/* Walks a path from the current node. */
static void walk_path(struct resolving *at, struct bytes path, enum tree_last last)
{
    struct tree_walk *walk = at->walk;
    at->last = last;
    at->must_be_dir = false;
    at->depth = 0;
    at->rest[at->depth++] = path;
    for (struct bytes part; !walk->error && (part = next_part(at)).n;)
        walk->error = step(at, part);
    if (!walk->error && at->must_be_dir && at->tree->nodes[at->node].kind != NODE_DIR)
        walk->error = ENOTDIR;
}

static struct resolving begin(const struct tree *tree, struct bytes path, struct tree_walk *walk)
{
    walk->n_hops = walk->n_left = 0;
    walk->node = NODE_NONE;
    walk->error = path.n ? 0 : ENOENT;
    return (struct resolving){.tree = tree, .walk = walk, .node = NODE_ROOT, .root = NODE_ROOT};
}

uint32_t tree_resolve(const struct tree *tree, struct bytes path, enum tree_last last,
                      struct tree_walk *walk)
{
    struct resolving at = begin(tree, path, walk);
    walk_path(&at, path, last);
    if (!walk->error)
        walk->node = at.node;
    return walk->node;
}

/* Returns the index of the next sign in a route, "//" or "/./"; route.n if there is none. */
static size_t find_sign(struct bytes route)
{
    for (size_t i = 0; i + 1 < route.n; i++)
        if (route.p[i] == '/' &&
            (route.p[i + 1] == '/' || bytes_starts(bytes_skip(route, i), bytes_of("/./"))))
            return i;
    return route.n;
}

uint32_t tree_resolve_route(const struct tree *tree, struct bytes route, enum tree_last last,
                            struct tree_walk *walk)
{
    struct resolving at = begin(tree, route, walk);
    size_t sign;
    while (!walk->error && (sign = find_sign(route)) < route.n) {
        walk_path(&at, bytes_from(route.p, sign), TREE_FOLLOW);
        at.root = route.p[sign + 1] == '/' ? at.node : NODE_ROOT;
        route = bytes_skip(route, sign + (route.p[sign + 1] == '/' ? 2 : 3));
    }
    walk_path(&at, route, last);
    if (!walk->error)
        walk->node = at.node;
    return walk->node;
}
