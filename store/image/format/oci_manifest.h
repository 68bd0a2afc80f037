/* SPDX-License-Identifier: MIT
 *
 * Images of OCI indexes and manifests (image-spec: image-index.md, manifest.md), for all formats
 * that store them. The formats differ only in the name of the member that has a blob.
 *
 *     static bool member_of(struct bytes digest, enum oci_blob kind, struct buf *out) …
 *     struct oci_store store = {"index.json", member_of};
 *     oci_manifest_list(&store, db, source, candidates, err)
 */
#ifndef XSMALL_IMAGE_FORMAT_OCI_MANIFEST_H
#define XSMALL_IMAGE_FORMAT_OCI_MANIFEST_H

#include "image/format/image_format.h"

enum oci_blob { OCI_BLOB_MANIFEST /* also an index */, OCI_BLOB_DATA /* config, layer */ };

struct oci_store {
    const char *document; /* the member that is the topmost index or manifest */
    /* Writes to out (overwritten) the name of the member that has the blob. Returns false if digest
     * is not a digest. */
    bool (*member)(struct bytes digest, enum oci_blob kind, struct buf *out);
};

/* Splits "ALGORITHM:HEX". Returns false if digest has another form. */
bool oci_digest_split(struct bytes digest, struct bytes *algorithm, struct bytes *hex);

/* Lists the images of the topmost document. The kind of a blob is detected by its content, because
 * media types are often missing or wrong. Skips attestations, artifacts, and images whose config is
 * absent; if nothing else is there, returns ERR, and err names what was skipped. Returns ABSENT if
 * the topmost document is absent or not an index or manifest. */
enum lookup oci_manifest_list(const struct oci_store *store, struct db *db,
                              const struct image_source *source, struct candidates *out,
                              struct err *err);
/* Reads a candidate of oci_manifest_list into manifest. */
bool oci_manifest_read(const struct oci_store *store, struct db *db,
                       const struct image_source *source, const struct candidate *candidate,
                       struct manifest *manifest, struct err *err);

#endif
