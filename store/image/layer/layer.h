/* SPDX-License-Identifier: MIT
 *
 * Reads tar archives: all entries of a layer, or the list of members of an image's archive. Only
 * layer.c, tar_xattrs.c, tar_writer.c and foreign_decoder.c call archive_* (libarchive).
 *
 * Not here: finding the layers of an image (manifest.h), merging them (layer_merge.h).
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_H
#define XSMALL_IMAGE_LAYER_LAYER_H

#include "image/layer/blob.h"
#include "image/layer/entry_queue.h"

/* Feeds every entry of the layer that is stored in size bytes at offset of fd, in the order of the
 * tar, with the contents hashed. Reads to the end of the stream, also after the end of the tar. On
 * failure err describes the error but does not name the layer. */
bool layer_read(int fd, uint64_t offset, uint64_t size, struct entry_feed *feed,
                struct progress *progress, struct err *err);

/* A member of an archive. Strings are borrowed until the next member. */
struct layer_member {
    struct bytes name; /* as it is written in the archive */
    struct bytes link; /* target of a symlink or hard link; else n is 0 */
    enum layer_member_kind {
        LAYER_MEMBER_FILE,
        LAYER_MEMBER_SYMLINK,
        LAYER_MEMBER_HARDLINK,
        LAYER_MEMBER_OTHER
    } kind;
    uint64_t offset, size; /* position of a file's content in the decoded archive */
};

/* Calls each() for the members of the tar in fd (size bytes, can be compressed) until each()
 * returns false. Contents are skipped; with a seek if the tar is not compressed. */
bool layer_members(int fd, uint64_t size, struct progress *progress,
                   bool (*each)(void *with, const struct layer_member *member), void *with,
                   struct err *err);

/* A regular file to read from a layer by its name. Used for sparse files, because their content is
 * not in one piece in the layer. */
struct layer_file {
    struct bytes path; /* canonical, as in the archive; no two of unknown position are the same */
    int64_t
        header; /* offset in bytes of the file's first header in the decoded layer; -1: unknown */
    size_t n_left; /* private to layer_contents */
    void *with;    /* for the caller */
};

struct layer_files {
    struct layer_file *all; /* n of them; layer_contents sorts the array */
    size_t n;
    /* Receives the contents in pieces, in order and without gaps, one file after the other. Holes
     * are passed as zeros. chunk.n is 0 when the file is complete. */
    bool (*take)(void *with, const struct layer_file *file, uint64_t at, struct bytes chunk,
                 struct err *err);
    void *with;
};

/* Reads all files. Of several members with the name of a file of unknown position, reads the last
 * one. progress is used only to cancel. */
bool layer_contents(int fd, uint64_t offset, uint64_t size, const struct layer_files *files,
                    struct progress *progress, struct err *err);

/* Returns true if fd has a tar archive, also a compressed one. Checks only the first header. */
bool layer_is_tar(int fd, uint64_t size);

#endif
