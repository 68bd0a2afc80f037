/* SPDX-License-Identifier: MIT
 *
 * Reads a finished tree. The index of children is a hash table with open addressing over (parent,
 * name), at most half full. A node needs no list of children, because the numbers directly after
 * the node are its subtree.
 */
#include "image/tree/tree_private.h"

#include <assert.h>
#include <stdlib.h>

#include "util/path.h"

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

const char *const node_kinds[] = {
    [NODE_DIR] = "dir",     [NODE_FILE] = "file", [NODE_LINK] = "link",    [NODE_CHAR] = "char",
    [NODE_BLOCK] = "block", [NODE_FIFO] = "fifo", [NODE_SOCKET] = "socket"};

const char *const need_names[N_NEED_KINDS] = {
    [NEED_INTERPRETER] = "interpreter",
    [NEED_NEEDED] = "needed",
    [NEED_RUNPATH] = "runpath",
    [NEED_RPATH] = "rpath",
    [NEED_SONAME] = "soname",
    [NEED_SCRIPT] = "script",
    [NEED_SCRIPT_ARG] = "script-arg",
    [NEED_MACHINE] = "machine",
    [NEED_VERSION_NEEDED] = "version-needed",
    [NEED_VERSION_DEFINED] = "version-defined",
    [NEED_DIRECTORY] = "directory",
    [NEED_INCLUDE] = "include",
};

struct tree_index {
    uint32_t mask;
    uint32_t slots[]; /* node numbers; NODE_NONE: free */
};

static uint32_t slot_of(uint32_t parent, struct bytes name)
{
    return (uint32_t)XXH3_64bits_withSeed(name.n ? name.p : "", name.n, parent);
}

void tree_index_make(struct tree *tree)
{
    uint32_t size = 16;
    while (size / 2 < tree->n)
        size *= 2;
    struct tree_index *index = mem_alloc(sizeof *index + (size_t)size * sizeof index->slots[0]);
    index->mask = size - 1;
    for (uint32_t i = 0; i < size; i++)
        index->slots[i] = NODE_NONE;
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t i = slot_of(tree->nodes[node].parent, tree->nodes[node].name) & index->mask;
        while (index->slots[i] != NODE_NONE)
            i = (i + 1) & index->mask;
        index->slots[i] = node;
    }
    tree->index = index;
}

void tree_destroy(struct tree *tree)
{
    if (!tree)
        return;
    free(tree->nodes);
    free(tree->index);
    arena_finish(&tree->arena);
    free(tree);
}

uint32_t tree_child(const struct tree *tree, uint32_t dir, struct bytes name)
{
    const struct tree_index *index = tree->index;
    for (uint32_t i = slot_of(dir, name) & index->mask;; i = (i + 1) & index->mask) {
        uint32_t node = index->slots[i];
        if (node == NODE_NONE)
            return NODE_NONE;
        if (tree->nodes[node].parent == dir && bytes_equal(tree->nodes[node].name, name))
            return node;
    }
}

uint32_t tree_find(const struct tree *tree, struct bytes path)
{
    uint32_t node = NODE_ROOT;
    for (struct bytes part; node != NODE_NONE && (part = path_next(&path)).n;)
        node = tree_child(tree, node, part);
    return node;
}

void tree_path(const struct tree *tree, uint32_t node, struct buf *out)
{
    assert(node < tree->n);
    if (node == NODE_ROOT) {
        buf_byte(out, '/');
        return;
    }
    /* The path is written from its end: first the length is computed, then each name is copied to
     * its position. */
    size_t n = 0;
    for (uint32_t at = node; at != NODE_ROOT; at = tree->nodes[at].parent)
        n += tree->nodes[at].name.n + 1;
    buf_reserve(out, n);
    size_t end = out->n + n;
    out->n = end;
    out->p[end] = 0;
    for (uint32_t at = node; at != NODE_ROOT; at = tree->nodes[at].parent) {
        struct bytes name = tree->nodes[at].name;
        end -= name.n;
        for (size_t i = 0; i < name.n; i++)
            out->p[end + i] = name.p[i];
        out->p[--end] = '/';
    }
}

uint32_t tree_first(const struct tree *tree, uint32_t dir)
{
    return tree->nodes[dir].n_below ? dir + 1 : NODE_NONE;
}

uint32_t tree_next(const struct tree *tree, uint32_t node)
{
    uint32_t parent = tree->nodes[node].parent;
    if (parent == NODE_NONE)
        return NODE_NONE;
    uint32_t next = node + tree->nodes[node].n_below + 1;
    return next <= parent + tree->nodes[parent].n_below ? next : NODE_NONE;
}
