/* SPDX-License-Identifier: MIT */
#include "export/tar_tree.h"

#include <stdlib.h>

#include "image/tree/tree_compare.h"
#include "keep/breaks.h"

static void init(struct tar_tree *rootfs, const struct tree *tree, const struct mapped_tree *mapped)
{
    *rootfs = (struct tar_tree){.tree = tree};
    rootfs->from = mem_zero(tree->n, sizeof *rootfs->from);
    rootfs->node = mem_array(NULL, tree->n, sizeof *rootfs->node);
    rootfs->trees[ROOTFS_SUBJECT] = mapped->input.subject;
    rootfs->trees[ROOTFS_BASE] = mapped->input.base;
}

/* An archive cannot contain sockets. */
static void set_source(struct tar_tree *rootfs, uint32_t at, enum rootfs_from from, uint32_t node)
{
    if (rootfs->trees[from]->nodes[node].kind == NODE_SOCKET)
        return;
    rootfs->from[at] = (uint8_t)from;
    rootfs->node[at] = node;
}

void tar_tree_of_kept(struct tar_tree *rootfs, const struct mapped_tree *mapped)
{
    init(rootfs, mapped->input.subject, mapped);
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        if (mapped->keep->verdicts[i].kept)
            set_source(rootfs, i, ROOTFS_SUBJECT, i);
}

void tar_tree_of_subject(struct tar_tree *rootfs, const struct mapped_tree *mapped)
{
    init(rootfs, mapped->source, mapped);
    rootfs->trees[ROOTFS_SUBJECT] = mapped->source;
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        set_source(rootfs, i, ROOTFS_SUBJECT, i);
}

void tar_tree_of_base(struct tar_tree *rootfs, const struct mapped_tree *mapped)
{
    init(rootfs, mapped->input.base, mapped);
    for (uint32_t i = 0; i < rootfs->tree->n; i++)
        set_source(rootfs, i, ROOTFS_BASE, i);
}

void tar_tree_of_final(struct tar_tree *rootfs, const struct mapped_tree *mapped)
{
    if (!mapped->input.base) {
        tar_tree_of_kept(rootfs, mapped);
        return;
    }
    struct tree *final = final_tree(&mapped->input, mapped->keep);
    init(rootfs, final, mapped);
    rootfs->made = final;
    MEM_AUTO uint32_t *subject = mem_array(NULL, final->n, sizeof *subject);
    MEM_AUTO uint32_t *base = mem_array(NULL, final->n, sizeof *base);
    tree_compare_map(final, mapped->input.subject, subject);
    tree_compare_map(final, mapped->input.base, base);
    for (uint32_t i = 0; i < final->n; i++) {
        if (subject[i] != NODE_NONE && mapped->keep->verdicts[subject[i]].kept)
            set_source(rootfs, i, ROOTFS_SUBJECT, subject[i]);
        else if (base[i] != NODE_NONE)
            set_source(rootfs, i, ROOTFS_BASE, base[i]);
    }
}

void tar_tree_finish(struct tar_tree *rootfs)
{
    free(rootfs->from);
    free(rootfs->node);
    tree_destroy(rootfs->made);
    *rootfs = (struct tar_tree){0};
}
