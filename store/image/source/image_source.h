/* SPDX-License-Identifier: MIT
 *
 * An open source of images: a directory, or an archive with an index of its members. Which of the
 * two is detected by content; how a reference is opened is in source_kind.h.
 *
 * Not here: what the members mean (format/image_format.h).
 *
 *     SOURCE_AUTO struct image_source source = SOURCE_NONE;
 *     if (!image_source_open(&source, "image.tar", image_format_is_sign, progress, err))
 *         return false;
 *     if (image_source_has(&source, bytes_of("manifest.json")))
 *         image_source_read(&source, bytes_of("manifest.json"), &json, err) …
 */
#ifndef XSMALL_IMAGE_SOURCE_IMAGE_SOURCE_H
#define XSMALL_IMAGE_SOURCE_IMAGE_SOURCE_H

#include "image/layer/blob.h"
#include "util/lookup.h"
#include "util/map.h"

struct image_source {
    char *path; /* owned; absolute; of what is no file the reference, "-" for standard input */
    char *name; /* owned; that an engine's reference goes by in FROM; NULL: none */
    int fd;     /* owned: the directory; the archive, or, where the archive as a whole is
                   compressed and holds an image, its plain bytes in a temporary file; so too what
                   was fetched */
    bool is_dir;
    uint64_t size;      /* of what fd holds; 0 for a directory */
    uint64_t file_size; /* of the file at path; 0 for a directory */
    int64_t mtime_ns;   /* of the file at path; 0 for a directory, and for what is no file */
    enum codec codec;   /* of the archive as a whole */
    struct map index;   /* canonical member name → place in members + 1; archives only */
    struct source_member *members; /* owned */
    size_t n, cap;
};
#define SOURCE_NONE ((struct image_source){.fd = -1})

/* A member's content in source.fd; of a directory's file, offset 0. */
struct image_source_extent {
    struct buf name; /* canonical, links followed; owned: image_source_extent_finish */
    uint64_t offset, size;
};
void image_source_extent_finish(struct image_source_extent *extent);
#define EXTENT_AUTO __attribute__((cleanup(image_source_extent_finish)))

/* Opens what a reference means (source_kind.h). A compressed archive is decoded into a temporary
 * file if is_sign returns true for the canonical name of a member: then it holds an image (see
 * image_format_is_sign). progress may be NULL. err names the reference. */
bool image_source_open(struct image_source *source, const char *ref,
                       bool (*is_sign)(struct bytes member), struct progress *progress,
                       struct err *err);
void image_source_finish(struct image_source *source);
#define SOURCE_AUTO __attribute__((cleanup(image_source_finish)))

/* Whether there is a file of that name, links between members followed. */
bool image_source_has(const struct image_source *source, struct bytes name);
/* Finds such a file. ABSENT also if a link leads nowhere or out of the directory. */
enum lookup image_source_find(const struct image_source *source, struct bytes name,
                              struct image_source_extent *out, struct err *err);
/* The same for a file that must be there: if it is absent, err names it. */
bool image_source_require(const struct image_source *source, struct bytes name,
                          struct image_source_extent *out, struct err *err);
/* A descriptor that reads it with pread at its offset, yours to close; -1 and err on failure. */
int image_source_member_fd(const struct image_source *source,
                           const struct image_source_extent *extent, struct err *err);
/* Finds and reads a small file into out (overwritten). ERR for one of more than 16 MiB. */
enum lookup image_source_find_text(const struct image_source *source, struct bytes name,
                                   struct buf *out, struct err *err);
/* The same for a file that must be there. */
bool image_source_read(const struct image_source *source, struct bytes name, struct buf *out,
                       struct err *err);

#endif
