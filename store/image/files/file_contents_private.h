/* SPDX-License-Identifier: MIT
 *
 * What file_contents.c and file_contents_each.c share; nobody else includes it.
 */
#ifndef XSMALL_IMAGE_FILES_FILE_CONTENTS_PRIVATE_H
#define XSMALL_IMAGE_FILES_FILE_CONTENTS_PRIVATE_H

#include "image/files/file_contents.h"
#include "image/source/image_source.h"

struct file_contents {
    struct db *db;             /* borrowed */
    const struct tree *tree;   /* borrowed */
    struct progress *progress; /* borrowed; may be NULL */
    struct image_source source;
    /* The layer that is open: */
    uint32_t ordinal; /* 0: none */
    int fd;           /* owned; -1: none */
    struct image_source_extent extent;
    enum codec codec;
    bool is_dir; /* the source is a root file system's directory */
    /* The stream of a compressed one: */
    struct blob blob;
    bool is_streaming;
    struct bytes rest; /* decoded, not handed out yet; borrowed from blob */
    uint64_t at;       /* of rest's first byte in the decoded layer */
};

/* Where a file's bytes are. */
struct file_contents_place {
    uint32_t ordinal;
    bool has_offset;
    uint64_t offset, size; /* in the decoded layer */
    int64_t source_path;   /* id of the path that it was written at */
    int64_t mtime_s;
    uint32_t mtime_ns;
};

/* Of a regular file. */
bool file_contents_locate(struct file_contents *contents, uint32_t node,
                          struct file_contents_place *out, struct err *err);
/* Opens the layer, unless it is open. */
bool file_contents_go_to(struct file_contents *contents, uint32_t ordinal, struct err *err);
/* Up to n bytes at `from` of the decoded layer, borrowed until the next call; n 0 only at its end.
 * Of a plain layer they are read into buffer, which must have room for n. */
bool file_contents_some(struct file_contents *contents, uint64_t from, size_t n, char *buffer,
                        struct bytes *out, struct err *err);
/* A file in the directory that is the source, as it was when it was loaded; -1 and err if not. */
int file_contents_open_file(struct file_contents *contents, const struct file_contents_place *place,
                            struct err *err);
/* The path that a file was written at, canonical, into out. */
bool file_contents_path(struct file_contents *contents, const struct file_contents_place *place,
                        struct buf *out, struct err *err);

#endif
