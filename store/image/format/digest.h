/* SPDX-License-Identifier: MIT
 *
 * Digests of what is stored: "sha256:HEX" and "sha512:HEX" (OCI image-spec, descriptor.md), by
 * libcrypto.
 */
#ifndef XSMALL_IMAGE_FORMAT_DIGEST_H
#define XSMALL_IMAGE_FORMAT_DIGEST_H

#include "image/format/manifest.h"

/* Whether text is one of the two, in lower-case hexadecimal digits. */
bool digest_is_one(struct bytes text);

enum digest_of { DIGEST_STORED, DIGEST_DECODED };
struct digest_region {
    int fd; /* borrowed */
    uint64_t offset, size;
    enum digest_of what; /* the bytes as they are stored, or decoded to the end of the stream */
};
/* The digest of a region of a file, by the algorithm of the digest `like`. out is overwritten.
 * progress may be NULL. */
bool digest_region(const struct digest_region *region, struct bytes like, struct progress *progress,
                   struct buf *out, struct err *err);

/* "sha256:HEX" of bytes in memory. out is overwritten. */
bool digest_bytes(struct bytes bytes, struct buf *out, struct err *err);
/* The same for bytes that come in pieces; digest_end begins again. */
struct digest_stream;
bool digest_begin(struct digest_stream **out, struct err *err);
bool digest_add(struct digest_stream *stream, struct bytes bytes, struct err *err);
bool digest_end(struct digest_stream *stream, struct buf *out, struct err *err);
void digest_destroy(struct digest_stream *stream); /* NULL is allowed */

/* Hashes whatever of the image has a digest: manifests and config, layers as stored and decoded.
 * Fails where one differs, naming it and what it is instead. */
bool digest_verify(const struct image_source *source, const struct manifest *manifest,
                   struct progress *progress, struct err *err);

#endif
