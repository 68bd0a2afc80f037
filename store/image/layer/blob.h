/* SPDX-License-Identifier: MIT
 *
 * Reads the bytes of a layer as a stream: a region of a file, read with pread and decoded. The
 * codec is detected by the first bytes, never by a name or a media type.
 *
 * Not here: what the bytes mean (layer.h).
 *
 *     BLOB_AUTO struct blob blob = {0};
 *     struct bytes chunk;
 *     if (!blob_open(&blob, fd, offset, size, progress, err)) return false;
 *     do {
 *         if (!blob_next(&blob, &chunk, err)) return false;
 *         use(chunk);
 *     } while (chunk.n);
 */
#ifndef XSMALL_IMAGE_LAYER_BLOB_H
#define XSMALL_IMAGE_LAYER_BLOB_H

#include "util/bytes.h"
#include "util/err.h"
#include "util/progress.h"

enum codec {
    CODEC_PLAIN,
    CODEC_GZIP,
    CODEC_ZSTD,
    CODEC_NONE, /* a directory: no bytes at all */
    CODEC_XZ,
    CODEC_BZIP2
};
const char *codec_name(enum codec codec); /* as in table image_layer */
bool codec_is_slow(enum codec codec);     /* slow to decode */

struct blob {
    int fd;                  /* borrowed */
    uint64_t begin, at, end; /* file offsets of the region; bytes from `at` are not read yet */
    enum codec codec;
    struct progress *progress; /* borrowed; NULL: no counting, no cancel */
    bool uncounted;            /* progress is used only to cancel */
    uint64_t out_bytes;        /* bytes returned so far */
    char *in;                  /* owned; stored bytes */
    size_t in_at, in_n;
    char *out;                    /* owned; decoded bytes; NULL for plain */
    struct blob_decoder *decoder; /* owned; NULL for plain */
};

/* Detects the codec of the bytes at offset. */
bool blob_sniff(int fd, uint64_t offset, uint64_t size, enum codec *out, struct err *err);

/* Opens size bytes at offset of fd, which must stay open. */
bool blob_open(struct blob *blob, int fd, uint64_t offset, uint64_t size, struct progress *progress,
               struct err *err);
/* Opens size bytes at offset of fd without decoding them. */
void blob_open_stored(struct blob *blob, int fd, uint64_t offset, uint64_t size,
                      struct progress *progress);
/* Returns in out the next decoded bytes, borrowed until the next call; n is 0 at the end. Fails if
 * the file ends before the region, the compressed data is damaged or cut, or the load was
 * cancelled. */
bool blob_next(struct blob *blob, struct bytes *out, struct err *err);
void blob_finish(struct blob *blob);
#define BLOB_AUTO __attribute__((cleanup(blob_finish)))

/* Fails if the ratio of decoded to stored bytes is too high (decompression bomb). blob_next does
 * the same check. */
bool blob_no_bomb(uint64_t stored, uint64_t decoded, struct err *err);

/* Reads exactly n bytes at offset, or fails. */
bool blob_pread(int fd, void *to, size_t n, uint64_t offset, struct err *err);

#endif
