/* SPDX-License-Identifier: MIT
 *
 * Reads a directory that is a root file system as one layer. The reader never leaves the directory:
 * it does not follow symlinks and does not enter other file systems mounted below. No file in the
 * directory can block the reader.
 */
#ifndef XSMALL_IMAGE_SOURCE_ROOTFS_DIR_H
#define XSMALL_IMAGE_SOURCE_ROOTFS_DIR_H

#include "image/layer/entry_queue.h"
#include "util/progress.h"

/* Feeds an entry for the directory root_fd and for every path below it, with the contents hashed.
 * Hard links are detected by device and inode; the first name comes before the other names. On
 * failure err names the path. */
bool rootfs_dir_read(int root_fd, struct entry_feed *feed, struct progress *progress,
                     struct err *err);

/* Opens the file at a canonical path for reading, without following symlinks and without blocking.
 * Returns -1 and sets errno on failure. */
int rootfs_dir_open(int root_fd, struct bytes path);

/* Returns true if the directory looks like a root file system: it has at least two of bin, etc,
 * lib, usr, sbin. */
bool rootfs_dir_is_one(int dir_fd);

#endif
