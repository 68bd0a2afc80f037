/* SPDX-License-Identifier: MIT
 *
 * A directory that is a root file system, read as one layer. It is never left: links are not
 * followed, other file systems mounted in it are not entered; nothing in it can make the reader
 * wait.
 */
#ifndef XSMALL_IMAGE_SOURCE_ROOTFS_DIR_H
#define XSMALL_IMAGE_SOURCE_ROOTFS_DIR_H

#include "image/layer/entry_queue.h"
#include "util/progress.h"

/* Feeds every entry below (and of) the directory root_fd, contents hashed; further names of a hard
 * link, told by device and inode, come behind the first. On failure err names the path. */
bool rootfs_dir_read(int root_fd, struct entry_feed *feed, struct progress *progress,
                     struct err *err);

/* Opens what is at a canonical path for reading, no link followed on the way or at the end; nothing
 * can make it wait. -1 with errno. */
int rootfs_dir_open(int root_fd, struct bytes path);

/* Whether the directory looks like a root file system: it has two of bin, etc, lib, usr, sbin. */
bool rootfs_dir_is_one(int dir_fd);

#endif
