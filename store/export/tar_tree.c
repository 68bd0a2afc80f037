/* SPDX-License-Identifier: MIT */
#include "export/tar_tree.h"

#include <stdlib.h>

#include "image/tree/tree_compare.h"
#include "keep/breaks.h"

static void init(struct tar_tree *rootfs, const struct tree *tree, const struct mapped_tree *moved)
{
    *rootfs = (struct tar_tree){.tree = tree};
    rootfs->from = mem_zero(tree->n, sizeof *rootfs->from);
    rootfs->node = mem_array(NULL, tree->n, sizeof *rootfs->node);
    rootfs->trees[ROOTFS_SUBJECT] = moved->input.subject;
    rootfs->trees[ROOTFS_BASE] = moved->input.base;
}

/* No archive holds a socket. */
static void put(struct tar_tree *rootfs, uint32_t at, enum rootfs_from from, uint32_t node)
{
    if (rootfs->trees[from]->nodes[node].kind == NODE_SOCKET)
        return;
    rootfs->from[at] = (uint8_t)from;
    rootfs->node[at] = node;
}

void tar_tree_of_kept(struct tar_tree *rootfs, const struct mapped_tree *moved)
{
    init(rootfs, moved->input.subject, moved);
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        if (moved->keep->verdicts[i].kept)
            put(rootfs, i, ROOTFS_SUBJECT, i);
}

void tar_tree_of_subject(struct tar_tree *rootfs, const struct mapped_tree *moved)
{
    init(rootfs, moved->source, moved);
    rootfs->trees[ROOTFS_SUBJECT] = moved->source;
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        put(rootfs, i, ROOTFS_SUBJECT, i);
}

void tar_tree_of_base(struct tar_tree *rootfs, const struct mapped_tree *moved)
{
    init(rootfs, moved->input.base, moved);
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        put(rootfs, i, ROOTFS_BASE, i);
}

void tar_tree_of_final(struct tar_tree *rootfs, const struct mapped_tree *moved)
{
    if (!moved->input.base) {
        tar_tree_of_kept(rootfs, moved);
        return;
    }
    struct tree *final = final_tree(&moved->input, moved->keep);
    init(rootfs, final, moved);
    rootfs->made = final;
    MEM_AUTO uint32_t *subject = mem_array(NULL, final->n, sizeof *subject);
    MEM_AUTO uint32_t *base = mem_array(NULL, final->n, sizeof *base);
    tree_compare_map(final, moved->input.subject, subject);
    tree_compare_map(final, moved->input.base, base);
    for (uint32_t i = 0; i < final->n; i++) {
        if (subject[i] != NODE_NONE && moved->keep->verdicts[subject[i]].kept)
            put(rootfs, i, ROOTFS_SUBJECT, subject[i]);
        else if (base[i] != NODE_NONE)
            put(rootfs, i, ROOTFS_BASE, base[i]);
    }
}

void tar_tree_finish(struct tar_tree *rootfs)
{
    free(rootfs->from);
    free(rootfs->node);
    tree_destroy(rootfs->made);
    *rootfs = (struct tar_tree){0};
}
