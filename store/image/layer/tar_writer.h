/* SPDX-License-Identifier: MIT
 *
 * Writes nodes as a tar archive in pax format: names and links as bytes, times in nanoseconds,
 * extended attributes. The same nodes always produce the same bytes, in every locale.
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

/* Opens a writer. fd is borrowed; writing begins at its current position. */
bool tar_writer_open(int fd, struct tar_writer **out, struct err *err);
/* Adds a member. path has no leading slash; the root is "". If peer.n > 0, the member is a hard
 * link to the member with that path. For a file, pass node->size bytes to tar_writer_data next.
 * Fails for sockets. */
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
