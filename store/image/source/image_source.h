/* SPDX-License-Identifier: MIT
 *
 * An open source of images: a directory, or an archive with an index of its members. Which of the
 * two is detected by content; how a reference is opened is in source_kind.h.
 *
 * Not here: what the members mean (format/image_format.h).
 *
 *     SOURCE_AUTO struct image_source source = SOURCE_NONE;
 *     if (!image_source_open(&source, "image.tar", image_format_sign, progress, err))
 *         return false;
 *     if (image_source_has(&source, bytes_of("manifest.json")))
 *         image_source_read(&source, bytes_of("manifest.json"), &json, err) …
 */
#ifndef XSMALL_IMAGE_SOURCE_IMAGE_SOURCE_H
#define XSMALL_IMAGE_SOURCE_IMAGE_SOURCE_H

#include "image/layer/blob.h"
#include "util/lookup.h"
#include "util/map.h"

/* What the name of a member shows about its archive. */
enum source_sign {
    SOURCE_SIGN_NONE,
    SOURCE_SIGN_BLOB, /* named after a digest: a part of an image */
    SOURCE_SIGN_IMAGE /* the archive holds an image */
};

struct image_source {
    char *path; /* owned; absolute path; if the source is not a file, its reference ("-" for
                   standard input) */
    char *name; /* owned; name of an engine's image in FROM; NULL: no name */
    int fd; /* owned; the directory, or the archive. A temporary file if the archive was fetched, or
               if it holds an image and is compressed as a whole (the file then has the decompressed
               bytes) */
    bool is_dir;
    uint64_t size;      /* size of the file of fd in bytes; 0 for a directory */
    uint64_t file_size; /* of the file at path; 0 for a directory */
    int64_t mtime_ns; /* of the file at path; 0 for a directory, and if the source is not a file */
    enum codec codec; /* codec of the archive as a whole */
    bool only_blobs;  /* the archive has parts of an image, and no other files */
    char *folder; /* owned; the folder of an archive that holds the image. All members are in it,
                     and the names of members are relative to it. NULL: the top of the archive */
    struct map index; /* canonical member name → index in members + 1; only of archives that hold an
                         image */
    struct source_member *members; /* owned */
    size_t n, cap;
};
#define SOURCE_NONE ((struct image_source){.fd = -1})

/* The position of a member's content in source.fd. The offset is 0 for a file in a directory. */
struct image_source_extent {
    struct buf name; /* canonical, links followed; owned: image_source_extent_finish */
    uint64_t offset, size;
};
void image_source_extent_finish(struct image_source_extent *extent);
#define EXTENT_AUTO __attribute__((cleanup(image_source_extent_finish)))

/* Opens the source of a reference (source_kind.h). sign_of returns what the canonical name of a
 * member shows (see image_format_sign). If the archive holds an image, its members are indexed; if
 * it is also compressed, it is first decoded into a temporary file. progress may be NULL. err names
 * the reference. */
bool image_source_open(struct image_source *source, const char *ref,
                       enum source_sign (*sign_of)(struct bytes member), struct progress *progress,
                       struct err *err);
void image_source_finish(struct image_source *source);
#define SOURCE_AUTO __attribute__((cleanup(image_source_finish)))

/* Returns true if the source has a file with this name. Symlinks between members are followed. */
bool image_source_has(const struct image_source *source, struct bytes name);
/* Finds a file by name. Returns ABSENT also if a symlink is dangling or leads out of the directory.
 */
enum lookup image_source_find(const struct image_source *source, struct bytes name,
                              struct image_source_extent *out, struct err *err);
/* Finds a file that must exist. If it is absent, returns false and err names it. */
bool image_source_require(const struct image_source *source, struct bytes name,
                          struct image_source_extent *out, struct err *err);
/* Returns a descriptor from which pread at extent->offset reads the member; -1 and err on failure.
 * The caller closes it. */
int image_source_member_fd(const struct image_source *source,
                           const struct image_source_extent *extent, struct err *err);
/* Finds and reads a small file into out (overwritten). Returns ERR if the file is larger than 16
 * MiB. */
enum lookup image_source_find_text(const struct image_source *source, struct bytes name,
                                   struct buf *out, struct err *err);
/* Reads a small file that must exist. */
bool image_source_read(const struct image_source *source, struct bytes name, struct buf *out,
                       struct err *err);

#endif
