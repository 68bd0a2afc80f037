/* SPDX-License-Identifier: MIT
 *
 * A tar archive of nodes, in pax format: names and links as bytes, times to the nanosecond,
 * extended attributes; the same nodes give the same bytes, whatever the locale.
 *
 *     TAR_WRITER_AUTO struct tar_writer *tar = NULL;
 *     tar_writer_open(fd, &tar, err) &&
 *         tar_writer_add(tar, path, &node, xattrs, n, bytes_from("", 0), err) &&
 *         tar_writer_data(tar, chunk, err) … &&
 *         tar_writer_end(tar, err)
 */
#ifndef XSMALL_IMAGE_LAYER_TAR_WRITER_H
#define XSMALL_IMAGE_LAYER_TAR_WRITER_H

#include "image/layer/entry_queue.h"

struct tar_writer;

/* fd is borrowed, and written from where it stands. */
bool tar_writer_open(int fd, struct tar_writer **out, struct err *err);
/* A member: path without a leading slash, the root is "". peer n > 0: a hard link to the member of
 * that path. Of a file node->size bytes follow with tar_writer_data. Sockets are refused. */
bool tar_writer_add(struct tar_writer *tar, struct bytes path, const struct node *node,
                    const struct entry_xattr *xattrs, size_t n_xattrs, struct bytes peer,
                    struct err *err);
bool tar_writer_data(struct tar_writer *tar, struct bytes chunk, struct err *err);
/* Writes the end of the archive. */
bool tar_writer_end(struct tar_writer *tar, struct err *err);
void tar_writer_close(struct tar_writer *tar); /* NULL is allowed */
void tar_writer_close_at(struct tar_writer **tar);
#define TAR_WRITER_AUTO __attribute__((cleanup(tar_writer_close_at)))

#endif
