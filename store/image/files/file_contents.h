/* SPDX-License-Identifier: MIT
 *
 * Reads the contents of an image's files again from the source of the image (semantics.md, File
 * contents), because the session does not store contents.
 *
 * A file in an uncompressed layer or in a directory is read in place. A compressed layer is decoded
 * up to the last requested file.
 *
 *     CONTENTS_AUTO struct file_contents *contents = NULL;
 *     if (!file_contents_open(db, tree, progress, &contents, err)) …
 *     file_contents_each(contents, nodes, n, take, with, err)
 *
 * Use from one thread only. db and tree must outlive the object.
 */
#ifndef XSMALL_IMAGE_FILES_FILE_CONTENTS_H
#define XSMALL_IMAGE_FILES_FILE_CONTENTS_H

#include "image/tree/tree.h"
#include "util/progress.h"

struct file_contents;

/* Opens the source of the tree's image; an engine must export the image again. Fails if the source
 * is missing or has changed. progress may be NULL; its cancel flag aborts every read. */
bool file_contents_open(struct db *db, const struct tree *tree, struct progress *progress,
                        struct file_contents **out, struct err *err);
void file_contents_close(struct file_contents *contents); /* NULL is allowed */
void file_contents_close_at(struct file_contents **contents);
#define CONTENTS_AUTO __attribute__((cleanup(file_contents_close_at)))

/* Receives a piece of a file, in order and without gaps. chunk.n is 0 when the file is complete and
 * its hash is equal to the hash in the session. */
typedef bool file_contents_take(void *with, uint32_t node, uint64_t at, struct bytes chunk,
                                struct err *err);
/* Passes whole regular files to take, one after the other, in the order of their position in the
 * layer; then the sparse files of the layer, if any. Each layer is decoded once. Nodes that share
 * contents are passed separately. The order of nodes does not matter. Progress counts the bytes of
 * the files. */
bool file_contents_each(struct file_contents *contents, const uint32_t *nodes, size_t n,
                        file_contents_take *take, void *with, struct err *err);

/* Passes a layer of the image (ordinal from 1) to take in pieces, as a decoded tar stream; node and
 * `at` are always 0. Fails for a directory, which has no tar stream. */
bool file_contents_layer(struct file_contents *contents, uint32_t ordinal, file_contents_take *take,
                         void *with, struct err *err);

#endif
