/* SPDX-License-Identifier: MIT
 *
 * Writes a tar of the slim image (export form `tar`: rootfs.tar next to the Dockerfile; the layers
 * of form `image`).
 */
#ifndef XSMALL_EXPORT_FORMS_SLIM_TAR_H
#define XSMALL_EXPORT_FORMS_SLIM_TAR_H

#include "export/tar_tree.h"
#include "image/files/file_contents.h"

/* Writes the archive to fd in tree order. Equal trees produce equal bytes. Omits sockets; the first
 * written name of a hard link is a file. Reads contents again from the images (file_contents.h).
 * progress may be NULL. */
bool slim_tar_write(struct db *db, const struct tar_tree *rootfs, struct progress *progress, int fd,
                    struct err *err);

#endif
