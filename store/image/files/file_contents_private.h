/* SPDX-License-Identifier: MIT
 *
 * Shared by file_contents.c and file_contents_each.c; not for other files.
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
    uint32_t ordinal; /* 0: no layer */
    int fd;           /* owned; -1: not open */
    struct image_source_extent extent;
    enum codec codec;
    bool is_dir; /* the source is a root file system's directory */
    /* The stream of the open layer, if it is compressed: */
    struct blob blob;
    bool is_streaming;
    struct bytes rest; /* decoded bytes that were not returned yet; borrowed from blob */
    uint64_t at;       /* offset of rest's first byte in the decoded layer */
};

/* The location of a file's bytes. */
struct file_contents_place {
    uint32_t ordinal;
    bool has_offset;
    uint64_t offset, size; /* in the decoded layer */
    int64_t header;        /* of a sparse file: position of its header in the decoded layer; -1 */
    int64_t source_path;   /* id of the path at which the layer has the file */
    int64_t mtime_s;
    uint32_t mtime_ns;
};

/* Finds the location of a regular file's bytes. */
bool file_contents_locate(struct file_contents *contents, uint32_t node,
                          struct file_contents_place *out, struct err *err);
/* Opens the layer, unless it is already open. */
bool file_contents_go_to(struct file_contents *contents, uint32_t ordinal, struct err *err);
/* Reads up to n bytes at `from` of the decoded layer; out->n is 0 only at its end. The bytes are
 * borrowed until the next call. If the layer is not compressed, the bytes are read into buffer,
 * which must have room for n bytes. */
bool file_contents_some(struct file_contents *contents, uint64_t from, size_t n, char *buffer,
                        struct bytes *out, struct err *err);
/* Opens a file of a directory source. Returns -1 and fills err if the file has changed since it was
 * loaded. */
int file_contents_open_file(struct file_contents *contents, const struct file_contents_place *place,
                            struct err *err);
/* Writes to out the canonical path at which the layer has the file. */
bool file_contents_path(struct file_contents *contents, const struct file_contents_place *place,
                        struct buf *out, struct err *err);

#endif
