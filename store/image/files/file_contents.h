/* SPDX-License-Identifier: MIT
 *
 * The contents of an image's files, read again from the source that it was loaded from
 * (semantics.md, File contents): the session holds none.
 *
 * A file of a plain layer or of a directory is read where it lies; compressed layers are decoded up
 * to the last that is wanted of them.
 *
 *     CONTENTS_AUTO struct file_contents *contents = NULL;
 *     if (!file_contents_open(db, tree, progress, &contents, err)) …
 *     file_contents_each(contents, nodes, n, take, with, err)
 *
 * Belongs to one thread. db and tree must live as long.
 */
#ifndef XSMALL_IMAGE_FILES_FILE_CONTENTS_H
#define XSMALL_IMAGE_FILES_FILE_CONTENTS_H

#include "image/tree/tree.h"
#include "util/progress.h"

struct file_contents;

/* Opens the source of the tree's image; an engine is asked for it again. Refuses one that is not
 * there any more, or not what it was. progress may be NULL; its cancel ends every reading. */
bool file_contents_open(struct db *db, const struct tree *tree, struct progress *progress,
                        struct file_contents **out, struct err *err);
void file_contents_close(struct file_contents *contents); /* NULL is allowed */
void file_contents_close_at(struct file_contents **contents);
#define CONTENTS_AUTO __attribute__((cleanup(file_contents_close_at)))

/* A piece of a file, in order and without gaps; chunk.n 0: the file is complete, and its contents
 * are those that were loaded (their hash is compared). */
typedef bool file_contents_take(void *with, uint32_t node, uint64_t at, struct bytes chunk,
                                struct err *err);
/* Hands out whole regular files, one after the other, in the order in which they lie, each layer
 * decoded once; then, where there are any, its sparse files. Nodes that share their contents are
 * handed out each. The order of nodes does not matter. Progress tells the files' bytes. */
bool file_contents_each(struct file_contents *contents, const uint32_t *nodes, size_t n,
                        file_contents_take *take, void *with, struct err *err);

/* A layer of the image (ordinal from 1) as a tar stream, decoded, handed to take in pieces; its
 * node and `at` are 0. Refuses a directory, which has none. */
bool file_contents_layer(struct file_contents *contents, uint32_t ordinal, file_contents_take *take,
                         void *with, struct err *err);

#endif
