/* SPDX-License-Identifier: MIT
 *
 * The contents of a tar of the slim image: the kept tree alone, or merged into the base.
 *
 *     struct tar_tree rootfs;
 *     tar_tree_of_kept(&rootfs, &mapped);
 *     slim_tar_write(db, &rootfs, progress, fd, err);
 *     tar_tree_finish(&rootfs);
 */
#ifndef XSMALL_EXPORT_TAR_TREE_H
#define XSMALL_EXPORT_TAR_TREE_H

#include "export/mapped_tree.h"

enum rootfs_from { ROOTFS_NOT, ROOTFS_SUBJECT, ROOTFS_BASE, N_ROOTFS_FROM };

struct tar_tree {
    const struct tree *tree;                 /* paths in the archive */
    uint8_t *from;                           /* owned; enum rootfs_from, by node of tree */
    uint32_t *node;                          /* owned; by node of tree: node in trees[from] */
    const struct tree *trees[N_ROOTFS_FROM]; /* sources of attributes and contents */
    struct tree *made;                       /* owned; may be NULL */
};

/* Makes the tree of the kept files: a layer over the base, or the whole image if there is no base.
 * Borrows from mapped, like the next functions. */
void tar_tree_of_kept(struct tar_tree *rootfs, const struct mapped_tree *mapped);
void tar_tree_of_base(struct tar_tree *rootfs, const struct mapped_tree *mapped);
/* Makes the tree of the whole subject, without map rules. */
void tar_tree_of_subject(struct tar_tree *rootfs, const struct mapped_tree *mapped);
/* Makes the tree of kept files and base together, as in the container. */
void tar_tree_of_final(struct tar_tree *rootfs, const struct mapped_tree *mapped);
void tar_tree_finish(struct tar_tree *rootfs);

#endif
