/* SPDX-License-Identifier: MIT
 *
 * Finds the nodes that a PATH of the command line names. A glob is matched against the whole tree
 * in one pass: each node has the set of pattern components that its path can have reached, one bit
 * each, computed from the set of its parent. So "**" costs no more than "*".
 */
#include "keep/marks.h"

#include <stdlib.h>

#include "keep/glob.h"
#include "util/path.h"

enum { MAX_COMPONENTS = 63 }; /* in a pattern */

struct found {
    uint32_t *nodes; /* owned */
    size_t n, cap;
};

static void add(struct found *found, uint32_t node)
{
    ARRAY_ROOM(found->nodes, found->n, found->cap);
    found->nodes[found->n++] = node;
}

static void add_walk(struct found *found, const struct tree_walk *walk)
{
    for (uint32_t i = 0; i < walk->n_hops; i++)
        add(found, walk->hops[i]);
    if (walk->node != NODE_NONE)
        add(found, walk->node);
}

/* Matches the literal path: its symlinks and its target; a dangling symlink matches itself. */
static bool match_literal(const struct tree *tree, struct bytes path, struct found *found)
{
    struct tree_walk walk;
    if (tree_resolve(tree, path, TREE_FOLLOW, &walk) == NODE_NONE &&
        tree_resolve(tree, path, TREE_NOFOLLOW, &walk) == NODE_NONE)
        return false;
    add_walk(found, &walk);
    return true;
}

static bool is_any_depth(struct bytes part)
{
    return part.n == 2 && part.p[0] == '*' && part.p[1] == '*';
}

/* Adds to a set of reached components those that are reached if "**" matches no directory. */
static uint64_t settle(const struct bytes *parts, size_t n, uint64_t set)
{
    for (size_t i = 0; i < n; i++)
        if ((set >> i & 1) && is_any_depth(parts[i]))
            set |= 1ull << (i + 1);
    return set;
}

static uint64_t advance(const struct bytes *parts, size_t n, uint64_t set, struct bytes name)
{
    uint64_t next = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(set >> i & 1))
            continue;
        if (is_any_depth(parts[i]))
            next |= 1ull << i;
        else if (glob_match(parts[i], name))
            next |= 1ull << (i + 1);
    }
    return settle(parts, n, next);
}

static void add_matches(const struct tree *tree, uint32_t top, const struct bytes *parts, size_t n,
                        struct found *found)
{
    const struct node *nodes = tree->nodes;
    MEM_AUTO uint64_t *sets = mem_array(NULL, nodes[top].n_below + 1u, sizeof *sets);
    sets[0] = settle(parts, n, 1);
    for (uint32_t i = top; i <= top + nodes[top].n_below; i++) {
        if (i > top)
            sets[i - top] = advance(parts, n, sets[nodes[i].parent - top], nodes[i].name);
        if (!(sets[i - top] >> n & 1))
            continue;
        add(found, i);
        struct tree_walk walk;
        BUF_AUTO struct buf path = {0};
        if (nodes[i].kind != NODE_LINK)
            continue;
        tree_path(tree, i, &path);
        if (tree_resolve(tree, buf_bytes(&path), TREE_FOLLOW, &walk) != NODE_NONE)
            add_walk(found, &walk);
    }
}

/* Follows symlinks in the part before the first glob component, and at the end. */
static void match_pattern(const struct tree *tree, struct bytes path, struct found *found)
{
    struct bytes parts[MAX_COMPONENTS];
    size_t n = 0, prefix = 0;
    struct bytes rest = path;
    for (struct bytes part; (part = path_next(&rest)).n;) {
        if (!n && !glob_is_pattern(part)) {
            prefix = (size_t)(part.p + part.n - path.p);
            continue;
        }
        if (n == MAX_COMPONENTS)
            return;
        parts[n++] = part;
    }
    struct tree_walk walk;
    uint32_t top =
        tree_resolve(tree, prefix ? bytes_from(path.p, prefix) : bytes_of("/"), TREE_FOLLOW, &walk);
    if (!n || top == NODE_NONE || tree->nodes[top].kind != NODE_DIR)
        return;
    add_matches(tree, top, parts, n, found);
    for (uint32_t i = 0; found->n && i < walk.n_hops; i++)
        add(found, walk.hops[i]);
}

/* Splits a pattern into components; returns their number, 0 if there are none or too many. */
static size_t split(struct bytes pattern, struct bytes parts[MAX_COMPONENTS])
{
    size_t n = 0;
    for (struct bytes part; (part = path_next(&pattern)).n;) {
        if (n == MAX_COMPONENTS)
            return 0;
        parts[n++] = part;
    }
    if (n && is_any_depth(parts[n - 1])) {
        if (n == MAX_COMPONENTS)
            return 0;
        parts[n++] = bytes_of("*");
    }
    return n;
}

bool marks_is_glob(struct bytes pattern)
{
    struct bytes parts[MAX_COMPONENTS];
    return split(pattern, parts) > 0;
}

bool marks_glob(const struct tree *tree, struct bytes pattern, uint8_t *out)
{
    struct bytes parts[MAX_COMPONENTS];
    size_t n = split(pattern, parts);
    if (!n)
        return false;
    MEM_AUTO uint64_t *sets = mem_array(NULL, tree->n, sizeof *sets);
    sets[NODE_ROOT] = settle(parts, n, 1);
    out[NODE_ROOT] = 0;
    for (uint32_t i = 1; i < tree->n; i++) {
        sets[i] = advance(parts, n, sets[tree->nodes[i].parent], tree->nodes[i].name);
        out[i] = sets[i] >> n & 1;
    }
    return true;
}

static int compare_nodes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool marks_match(const struct tree *tree, struct bytes path, uint32_t **nodes, size_t *n)
{
    BUF_AUTO struct buf absolute = {0};
    struct found found = {0};
    *nodes = NULL;
    *n = 0;
    if (!path.n)
        return true;
    if (path.p[0] != '/')
        buf_byte(&absolute, '/');
    buf_add(&absolute, path);
    while (absolute.n > 1 && absolute.p[absolute.n - 1] == '/')
        absolute.p[--absolute.n] = 0;
    if (!match_literal(tree, buf_bytes(&absolute), &found))
        match_pattern(tree, buf_bytes(&absolute), &found);
    if (found.n)
        qsort(found.nodes, found.n, sizeof *found.nodes, compare_nodes);
    for (size_t i = 0; i < found.n; i++)
        if (!i || found.nodes[i] != found.nodes[i - 1])
            found.nodes[(*n)++] = found.nodes[i];
    *nodes = found.nodes;
    return true;
}
