/* SPDX-License-Identifier: MIT
 *
 * Digests "sha256:HEX" and "sha512:HEX" (OCI image-spec, descriptor.md), computed with libcrypto.
 */
#ifndef XSMALL_IMAGE_FORMAT_DIGEST_H
#define XSMALL_IMAGE_FORMAT_DIGEST_H

#include "image/format/manifest.h"

/* Returns true if text is such a digest, in lower-case hexadecimal digits. */
bool digest_is_one(struct bytes text);

enum digest_of { DIGEST_STORED, DIGEST_DECODED };
struct digest_region {
    int fd; /* borrowed */
    uint64_t offset, size;
    enum digest_of what; /* the bytes as they are stored, or decoded to the end of the stream */
};
/* Computes the digest of a region of a file with the algorithm of the digest `like`. Overwrites
 * out. progress may be NULL. */
bool digest_region(const struct digest_region *region, struct bytes like, struct progress *progress,
                   struct buf *out, struct err *err);

/* Computes "sha256:HEX" of bytes in memory. Overwrites out. */
bool digest_bytes(struct bytes bytes, struct buf *out, struct err *err);
/* Computes "sha256:HEX" of bytes that come in pieces. digest_end resets the stream for the next
 * digest. */
struct digest_stream;
bool digest_begin(struct digest_stream **out, struct err *err);
bool digest_add(struct digest_stream *stream, struct bytes bytes, struct err *err);
bool digest_end(struct digest_stream *stream, struct buf *out, struct err *err);
void digest_destroy(struct digest_stream *stream); /* NULL is allowed */

/* Checks every digest of the image: manifests and config, layers as stored and as decoded. If a
 * digest differs, fails with an error that names the expected and the computed digest. */
bool digest_verify(const struct image_source *source, const struct manifest *manifest,
                   struct progress *progress, struct err *err);

#endif
