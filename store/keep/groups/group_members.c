/* SPDX-License-Identifier: MIT */
#include "keep/groups/group_members.h"

#include "keep/closure.h"

#include <stdlib.h>

static bool has_slash(struct bytes path)
{
    return path.n > 1 && path.p[path.n - 1] == '/';
}

/* Calls each() for a node and, if it is a link, for its target. Directories and links to
 * directories are not members. */
static void visit(const struct tree *tree, uint32_t node,
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

static void visit_below(const struct tree *tree, uint32_t dir,
                        void (*each)(void *, uint32_t, const struct tree_walk *), void *with)
{
    for (uint32_t i = 1; i <= tree->nodes[dir].n_below; i++)
        visit(tree, dir + i, each, with);
}

void group_members_of_glob(const struct tree *tree, struct bytes glob,
                           void (*each)(void *, uint32_t, const struct tree_walk *), void *with)
{
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    marks_match(tree, glob, &nodes, &n);
    for (size_t i = 0; i < n; i++) {
        if (!has_slash(glob))
            visit(tree, nodes[i], each, with);
        else if (tree->nodes[nodes[i]].kind == NODE_DIR)
            visit_below(tree, nodes[i], each, with);
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
    uint32_t member; /* index in marks->members */
};

static void need_member(void *with, uint32_t node, const struct tree_walk *walk)
{
    const struct seeding *seeding = with;
    closure_need(seeding->closure, node, &reason_group, seeding->member);
    if (walk)
        closure_need_links(seeding->closure, walk, walk->node);
}

void group_members_need(struct closure *closure, struct bytes glob)
{
    struct seeding seeding = {closure, UINT32_MAX};
    group_members_of_glob(closure->tree, glob, need_member, &seeding);
}

static bool seed(struct closure *closure, void *state, struct err *err)
{
    (void)state;
    (void)err;
    const struct marks *marks = closure->input->marks;
    MEM_AUTO uint8_t *done = mem_zero(closure->tree->n, 1); /* a session can repeat a directory */
    for (size_t i = 0; marks && i < marks->n_members; i++) {
        struct seeding seeding = {closure, (uint32_t)i};
        struct bytes path = marks->members[i].path;
        bool below = has_slash(path);
        uint32_t node = tree_find(closure->tree, bytes_from(path.p, path.n - below));
        if (node == NODE_NONE || (below && done[node]))
            continue;
        done[node] |= below;
        if (below)
            visit_below(closure->tree, node, need_member, &seeding);
        else
            visit(closure->tree, node, need_member, &seeding);
    }
    return true;
}

/* The answers of the user can be newer than the kept tree. */
static void print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                  struct buf *out)
{
    uint32_t member = keep->verdicts[node].from;
    buf_add(out, bytes_of("member of file group "));
    if (input->marks && member < input->marks->n_members)
        buf_add(out, input->marks->members[member].group);
}

/* `from` is an index in marks->members. */
const struct reason reason_group = {
    .origin = ORIGIN_NEED, .print = print, .is_last = true, .seed = seed};
