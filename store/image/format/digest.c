/* SPDX-License-Identifier: MIT */
#include "image/format/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "util/spool.h"

bool digest_is_one(struct bytes text)
{
    size_t n = bytes_starts(text, bytes_of("sha256:"))   ? 64
               : bytes_starts(text, bytes_of("sha512:")) ? 128
                                                         : 0;
    struct bytes hex = bytes_skip(text, strlen("sha256:"));
    if (!n || hex.n != n)
        return false;
    for (size_t i = 0; i < hex.n; i++)
        if (!((hex.p[i] >= '0' && hex.p[i] <= '9') || (hex.p[i] >= 'a' && hex.p[i] <= 'f')))
            return false;
    return true;
}

static void free_hash(EVP_MD_CTX **at)
{
    EVP_MD_CTX_free(*at);
}

static void write_digest(struct bytes like, const unsigned char *digest, unsigned n,
                         struct buf *out)
{
    buf_clear(out);
    buf_add(out, bytes_from(like.p, bytes_index(like, ':') + 1));
    for (unsigned i = 0; i < n; i++)
        buf_printf(out, "%02x", digest[i]);
}

bool digest_region(const struct digest_region *region, struct bytes like, struct progress *progress,
                   struct buf *out, struct err *err)
{
    BLOB_AUTO struct blob blob = {0};
    __attribute__((cleanup(free_hash))) EVP_MD_CTX *hash = EVP_MD_CTX_new();
    const EVP_MD *kind = bytes_starts(like, bytes_of("sha512:")) ? EVP_sha512() : EVP_sha256();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n;
    struct bytes chunk;
    if (region->what == DIGEST_STORED)
        blob_open_stored(&blob, region->fd, region->offset, region->size, progress);
    else if (!blob_open(&blob, region->fd, region->offset, region->size, progress, err))
        return false;
    bool ok = hash && EVP_DigestInit_ex(hash, kind, NULL) == 1;
    do {
        if (!blob_next(&blob, &chunk, err))
            return false;
        ok = ok && EVP_DigestUpdate(hash, chunk.n ? chunk.p : "", chunk.n) == 1;
    } while (chunk.n);
    if (!ok || EVP_DigestFinal_ex(hash, digest, &n) != 1)
        return err_set(err, "libcrypto: hashing failed");
    write_digest(like, digest, n, out);
    return true;
}

struct digest_stream {
    EVP_MD_CTX *hash; /* owned */
};

bool digest_begin(struct digest_stream **out, struct err *err)
{
    *out = mem_zero(1, sizeof **out);
    (*out)->hash = EVP_MD_CTX_new();
    return ((*out)->hash && EVP_DigestInit_ex((*out)->hash, EVP_sha256(), NULL) == 1) ||
           err_set(err, "libcrypto: hashing failed");
}

bool digest_add(struct digest_stream *stream, struct bytes bytes, struct err *err)
{
    return EVP_DigestUpdate(stream->hash, bytes.n ? bytes.p : "", bytes.n) == 1 ||
           err_set(err, "libcrypto: hashing failed");
}

bool digest_end(struct digest_stream *stream, struct buf *out, struct err *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n;
    if (EVP_DigestFinal_ex(stream->hash, digest, &n) != 1 ||
        EVP_DigestInit_ex(stream->hash, EVP_sha256(), NULL) != 1)
        return err_set(err, "libcrypto: hashing failed");
    write_digest(bytes_of("sha256:"), digest, n, out);
    return true;
}

void digest_destroy(struct digest_stream *stream)
{
    if (!stream)
        return;
    EVP_MD_CTX_free(stream->hash);
    free(stream);
}

bool digest_bytes(struct bytes bytes, struct buf *out, struct err *err)
{
    struct digest_stream *stream;
    bool ok = digest_begin(&stream, err) && digest_add(stream, bytes, err) &&
              digest_end(stream, out, err);
    digest_destroy(stream);
    return ok;
}

/* Checks one digest. */
static bool check(const struct image_source *source, const struct image_source_extent *extent,
                  enum digest_of what, const char *wanted, struct progress *progress,
                  struct err *err)
{
    BUF_AUTO struct buf is = {0};
    FD_AUTO int fd = image_source_member_fd(source, extent, err);
    if (fd < 0)
        return false;
    atomic_fetch_add(&progress->total_bytes, extent->size);
    struct digest_region region = {fd, extent->offset, extent->size, what};
    if (!digest_region(&region, bytes_of(wanted), progress, &is, err))
        return false;
    return !strcmp(is.p, wanted) ||
           err_set(err, "%s: its %s has the digest %s, not %s", extent->name.p,
                   what == DIGEST_STORED ? "content" : "decoded content", is.p, wanted);
}

static bool check_documents(const struct image_source *source, const struct manifest *manifest,
                            struct progress *progress, struct err *err)
{
    for (size_t i = 0; i < manifest->n_documents; i++) {
        const struct manifest_document *document = &manifest->documents[i];
        EXTENT_AUTO struct image_source_extent extent = {0};
        if (!image_source_require(source, bytes_of(document->member), &extent, err) ||
            !check(source, &extent, DIGEST_STORED, document->digest, progress, err))
            return false;
    }
    return true;
}

/* Returns true if an earlier layer with the same location was checked; equal layers usually share
 * one location. */
static bool was_checked(const struct manifest *manifest, size_t at)
{
    const struct manifest_layer *layer = &manifest->layers[at];
    for (size_t i = 0; i < at; i++)
        if (!strcmp(manifest->layers[i].diff_id, layer->diff_id) &&
            bytes_equal(buf_bytes(&manifest->layers[i].extent.name),
                        buf_bytes(&layer->extent.name)))
            return true;
    return false;
}

bool digest_verify(const struct image_source *source, const struct manifest *manifest,
                   struct progress *progress, struct err *err)
{
    progress->phase = PROGRESS_VERIFY;
    if (!manifest->identity) /* a root file system has no expected digest */
        return true;
    if (!check_documents(source, manifest, progress, err))
        return err_wrap(err, "%s", source->path);
    for (size_t i = 0; i < manifest->n; i++) {
        const struct manifest_layer *layer = &manifest->layers[i];
        if (was_checked(manifest, i))
            continue;
        if ((layer->digest &&
             !check(source, &layer->extent, DIGEST_STORED, layer->digest, progress, err)) ||
            !check(source, &layer->extent, DIGEST_DECODED, layer->diff_id, progress, err))
            return err_wrap(err, "%s: layer %zu (%s)", source->path, i + 1, layer->diff_id);
    }
    return true;
}
