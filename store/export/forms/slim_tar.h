/* SPDX-License-Identifier: MIT
 *
 * A tar of the slim image's tree (export form `tar`: rootfs.tar next to the Dockerfile; the layers
 * of form `image`).
 */
#ifndef XSMALL_EXPORT_FORMS_SLIM_TAR_H
#define XSMALL_EXPORT_FORMS_SLIM_TAR_H

#include "export/tar_tree.h"
#include "image/files/file_contents.h"

/* Writes the archive, sorted as the tree is, to fd. The same tree gives the same bytes. Sockets are
 * left out; a name whose hard link's first one is not there is a file of its own. Contents are read
 * again from the images (file_contents.h); progress may be NULL. */
bool slim_tar_write(struct db *db, const struct tar_tree *rootfs, struct progress *progress, int fd,
                    struct err *err);

#endif
