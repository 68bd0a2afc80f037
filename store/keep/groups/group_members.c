/* SPDX-License-Identifier: MIT */
#include "keep/groups/group_members.h"

#include <stdlib.h>

static bool has_slash(struct bytes path)
{
    return path.n > 1 && path.p[path.n - 1] == '/';
}

/* A node, and what it leads to if it is a link. A link to a directory is none: it stands on the way
 * to what is in that. */
static void give(const struct tree *tree, uint32_t node,
                 void (*each)(void *, uint32_t, const struct tree_walk *), void *with)
{
    struct tree_walk walk;
    BUF_AUTO struct buf path = {0};
    if (tree->nodes[node].kind == NODE_DIR)
        return;
    if (tree->nodes[node].kind != NODE_LINK) {
        each(with, node, NULL);
        return;
    }
    tree_path(tree, node, &path);
    uint32_t end = tree_resolve(tree, buf_bytes(&path), TREE_FOLLOW, &walk);
    if (end != NODE_NONE && tree->nodes[end].kind == NODE_DIR)
        return;
    each(with, node, NULL);
    if (end != NODE_NONE)
        each(with, end, &walk);
}

static void give_below(const struct tree *tree, uint32_t dir,
                       void (*each)(void *, uint32_t, const struct tree_walk *), void *with)
{
    for (uint32_t i = 1; i <= tree->nodes[dir].n_below; i++)
        give(tree, dir + i, each, with);
}

void group_members_of_glob(const struct tree *tree, struct bytes glob,
                           void (*each)(void *, uint32_t, const struct tree_walk *), void *with)
{
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    marks_match(tree, glob, &nodes, &n);
    for (size_t i = 0; i < n; i++) {
        if (!has_slash(glob))
            give(tree, nodes[i], each, with);
        else if (tree->nodes[nodes[i]].kind == NODE_DIR)
            give_below(tree, nodes[i], each, with);
    }
}

void group_members_print(const struct tree *tree, struct bytes glob, struct buf *out)
{
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    marks_match(tree, glob, &nodes, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_dir = tree->nodes[nodes[i]].kind == NODE_DIR;
        if (is_dir != has_slash(glob))
            continue;
        buf_byte(out, 0);
        tree_path(tree, nodes[i], out);
        if (is_dir)
            buf_byte(out, '/');
    }
}

struct seeding {
    struct closure *closure;
    uint32_t member; /* its index */
};

static void seed(void *with, uint32_t node, const struct tree_walk *walk)
{
    struct seeding *seeding = with;
    closure_need(seeding->closure, node, REASON_FAMILY, seeding->member);
    if (walk)
        closure_need_hops(seeding->closure, walk);
}

void group_members_seed(struct closure *closure)
{
    const struct marks *marks = closure->input->marks;
    MEM_AUTO uint8_t *done = mem_zero(closure->tree->n, 1); /* a session can say it many times */
    for (size_t i = 0; marks && i < marks->n_members; i++) {
        struct seeding seeding = {closure, (uint32_t)i};
        struct bytes path = marks->members[i].path;
        bool below = has_slash(path);
        uint32_t node = tree_find(closure->tree, bytes_from(path.p, path.n - below));
        if (node == NODE_NONE || (below && done[node]))
            continue;
        done[node] |= below;
        if (below)
            give_below(closure->tree, node, seed, &seeding);
        else
            give(closure->tree, node, seed, &seeding);
    }
}
