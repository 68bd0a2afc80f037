/* SPDX-License-Identifier: MIT
 *
 * Tar archives: a layer read whole, or the members of an image's archive listed. The files that
 * call archive_* are layer.c and tar_writer.c.
 *
 * Not here: which layers there are (manifest.h), and what they make of each other (layer_merge.h).
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_H
#define XSMALL_IMAGE_LAYER_LAYER_H

#include "image/layer/blob.h"
#include "image/layer/entry_queue.h"

/* Feeds every entry of the layer in size bytes at offset of fd, in the order of the tar, contents
 * hashed, and reads on to the end of the stream behind the tar. On failure err says what is wrong
 * with the layer, not which one. */
bool layer_read(int fd, uint64_t offset, uint64_t size, struct entry_feed *feed,
                struct progress *progress, struct err *err);

/* A member of an archive. Strings are borrowed until the next one. */
struct layer_member {
    struct bytes name; /* as it is written there */
    struct bytes link; /* a symlink's or hard link's target; else n 0 */
    enum layer_member_kind {
        LAYER_MEMBER_FILE,
        LAYER_MEMBER_SYMLINK,
        LAYER_MEMBER_HARDLINK,
        LAYER_MEMBER_OTHER
    } kind;
    uint64_t offset, size; /* of a file's content in the (decoded) archive */
};

/* Calls each() for the members of the tar in fd (size bytes, perhaps compressed) until it returns
 * false. Contents are skipped, where nothing must be decoded with a seek. */
bool layer_members(int fd, uint64_t size, struct progress *progress,
                   bool (*each)(void *with, const struct layer_member *member), void *with,
                   struct err *err);

/* Decodes what is compressed with xz or bzip2 (CODEC_OTHER) and hands it out in pieces. */
bool layer_unpack(int fd, uint64_t size, struct progress *progress,
                  bool (*take)(void *with, struct bytes chunk, struct err *err), void *with,
                  struct err *err);

/* Regular files wanted of a layer by their names: those whose content has no one place in it, which
 * are the sparse ones. */
struct layer_file {
    struct bytes path; /* canonical; no two are the same */
    size_t n_left;     /* layer_contents' own */
    void *with;        /* the caller's own */
};

struct layer_files {
    struct layer_file *all; /* is sorted */
    size_t n;
    /* Their contents in pieces, in order and without gaps, a file after the other; holes come as
     * zeros; chunk.n 0: the file is complete. */
    bool (*take)(void *with, const struct layer_file *file, uint64_t at, struct bytes chunk,
                 struct err *err);
    void *with;
};

/* Hands out all of them; of several of one name the last. Progress only cancels. */
bool layer_contents(int fd, uint64_t offset, uint64_t size, const struct layer_files *files,
                    struct progress *progress, struct err *err);

/* Whether fd holds a tar archive, perhaps compressed: its first header is one. */
bool layer_is_tar(int fd, uint64_t size);

#endif
