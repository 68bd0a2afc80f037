/* SPDX-License-Identifier: MIT */
#include "export/tar_tree.h"

#include <stdlib.h>

#include "image/tree/tree_compare.h"
#include "keep/breaks.h"

static void init(struct rootfs *rootfs, const struct tree *tree, const struct moved *moved)
{
    *rootfs = (struct rootfs){.tree = tree};
    rootfs->from = mem_zero(tree->n, sizeof *rootfs->from);
    rootfs->node = mem_array(NULL, tree->n, sizeof *rootfs->node);
    rootfs->trees[ROOTFS_SUBJECT] = moved->input.subject;
    rootfs->trees[ROOTFS_BASE] = moved->input.base;
}

/* No archive holds a socket. */
static void put(struct rootfs *rootfs, uint32_t at, enum rootfs_from from, uint32_t node)
{
    if (rootfs->trees[from]->nodes[node].kind == NODE_SOCKET)
        return;
    rootfs->from[at] = (uint8_t)from;
    rootfs->node[at] = node;
}

void rootfs_of_kept(struct rootfs *rootfs, const struct moved *moved)
{
    init(rootfs, moved->input.subject, moved);
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        if (moved->keep->verdicts[i].kept)
            put(rootfs, i, ROOTFS_SUBJECT, i);
}

void rootfs_of_subject(struct rootfs *rootfs, const struct moved *moved)
{
    init(rootfs, moved->source, moved);
    rootfs->trees[ROOTFS_SUBJECT] = moved->source;
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        put(rootfs, i, ROOTFS_SUBJECT, i);
}

void rootfs_of_base(struct rootfs *rootfs, const struct moved *moved)
{
    init(rootfs, moved->input.base, moved);
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        put(rootfs, i, ROOTFS_BASE, i);
}

void rootfs_of_final(struct rootfs *rootfs, const struct moved *moved)
{
    if (!moved->input.base) {
        rootfs_of_kept(rootfs, moved);
        return;
    }
    struct tree *final = final_tree(&moved->input, moved->keep);
    init(rootfs, final, moved);
    rootfs->made = final;
    MEM_AUTO uint32_t *subject = mem_array(NULL, final->n, sizeof *subject);
    MEM_AUTO uint32_t *base = mem_array(NULL, final->n, sizeof *base);
    compare_map(final, moved->input.subject, subject);
    compare_map(final, moved->input.base, base);
    for (uint32_t i = 0; i < final->n; i++) {
        if (subject[i] != NODE_NONE && moved->keep->verdicts[subject[i]].kept)
            put(rootfs, i, ROOTFS_SUBJECT, subject[i]);
        else if (base[i] != NODE_NONE)
            put(rootfs, i, ROOTFS_BASE, base[i]);
    }
}

void rootfs_finish(struct rootfs *rootfs)
{
    free(rootfs->from);
    free(rootfs->node);
    tree_destroy(rootfs->made);
    *rootfs = (struct rootfs){0};
}
