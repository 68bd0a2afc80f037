/* SPDX-License-Identifier: MIT
 *
 * What a tar of the slim image holds: the kept tree alone, or laid over the base.
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
    const struct tree *tree;                 /* the paths in the archive */
    uint8_t *from;                           /* owned; enum rootfs_from, by node of tree */
    uint32_t *node;                          /* owned; by node of tree: in trees[from] */
    const struct tree *trees[N_ROOTFS_FROM]; /* whose attributes, links and contents it has */
    struct tree *made;                       /* owned; may be NULL */
};

/* What is kept, as a layer over the base, or the whole image where there is none. Borrows from
 * mapped, as the others do. */
void tar_tree_of_kept(struct tar_tree *rootfs, const struct mapped_tree *mapped);
void tar_tree_of_base(struct tar_tree *rootfs, const struct mapped_tree *mapped);
void tar_tree_of_subject(struct tar_tree *rootfs, const struct mapped_tree *mapped); /* unmoved */
/* Both, as the container will see them. */
void tar_tree_of_final(struct tar_tree *rootfs, const struct mapped_tree *mapped);
void tar_tree_finish(struct tar_tree *rootfs);

#endif
