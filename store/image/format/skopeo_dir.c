/* SPDX-License-Identifier: MIT
 *
 * The directory that skopeo copy writes for dir:PATH, or a tar archive of it (containers/image,
 * directory/directory_transport.go): manifest.json is the manifest or the index of the image; next
 * to it are the blobs under their hexadecimal digests, and the manifests of an index as
 * HEX.manifest.json. Digests that are not sha256 are stored as ALGORITHM-HEX.
 */
#include "image/format/oci_manifest.h"

#define DOCUMENT "manifest.json"

static bool blob_member(struct bytes digest, enum oci_blob kind, struct buf *out)
{
    struct bytes algorithm, hex;
    if (!oci_digest_split(digest, &algorithm, &hex))
        return false;
    buf_clear(out);
    if (!bytes_equal(algorithm, bytes_of("sha256")))
        buf_printf(out, "%.*s-", (int)algorithm.n, algorithm.p);
    buf_printf(out, "%.*s%s", (int)hex.n, hex.p, kind == OCI_BLOB_MANIFEST ? ".manifest.json" : "");
    return true;
}

static const struct oci_store store = {DOCUMENT, blob_member};

static enum lookup list_images(struct db *db, const struct image_source *source,
                               struct candidates *out, struct err *err)
{
    BUF_AUTO struct buf json = {0};
    enum lookup found = image_source_find_text(source, bytes_of(DOCUMENT), &json, err);
    if (found != LOOKUP_FOUND)
        return found;
    /* A root file system can have a file with this name. */
    if (!db_json_valid(db, buf_bytes(&json)) ||
        (db_json_length(db, buf_bytes(&json), "$.manifests") < 0 &&
         db_json_length(db, buf_bytes(&json), "$.layers") < 0 &&
         db_json_length(db, buf_bytes(&json), "$.fsLayers") < 0))
        return LOOKUP_ABSENT;
    return oci_manifest_list(&store, db, source, out, err);
}

static bool read_image(struct db *db, const struct image_source *source,
                       const struct candidate *candidate, struct manifest *manifest,
                       struct err *err)
{
    return oci_manifest_read(&store, db, source, candidate, manifest, err);
}

const struct image_format skopeo_dir_format = {
    .name = "skopeo-dir-archive",
    .dir_name = "skopeo-dir",
    .what = "skopeo copy to dir:PATH",
    .sign = DOCUMENT,
    .list = list_images,
    .read = read_image,
};
