/* SPDX-License-Identifier: MIT
 *
 * OCI layout (image-spec, image-layout.md): oci-layout, index.json, blobs/ALGORITHM/HEX. Some tools
 * omit the member oci-layout, which only has a version number.
 */
#include <sys/stat.h>

#include "image/format/oci_manifest.h"

#define SIGN  "oci-layout"
#define INDEX "index.json"
#define BLOBS "blobs/sha256"

static bool blob_member(struct bytes digest, enum oci_blob kind, struct buf *out)
{
    struct bytes algorithm, hex;
    (void)kind;
    if (!oci_digest_split(digest, &algorithm, &hex))
        return false;
    buf_clear(out);
    buf_printf(out, "blobs/%.*s/%.*s", (int)algorithm.n, algorithm.p, (int)hex.n, hex.p);
    return true;
}

static const struct oci_store store = {INDEX, blob_member};

static bool has_blobs(int dir_fd)
{
    struct stat st;
    return fstatat(dir_fd, BLOBS, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static enum lookup list_images(struct db *db, const struct image_source *source,
                               struct candidates *out, struct err *err)
{
    bool has_sign = image_source_has(source, bytes_of(SIGN));
    bool has_index = image_source_has(source, bytes_of(INDEX));
    if (source->is_dir && !has_index && has_blobs(source->fd)) {
        err_set(err, BLOBS " without " INDEX ": an OCI layout that is not complete");
        return LOOKUP_ERR;
    }
    BUF_AUTO struct buf json = {0};
    /* Without the sign, a file index.json can be anything. */
    if (!has_sign && !(has_index && image_source_read(source, bytes_of(INDEX), &json, NULL) &&
                       db_json_valid(db, buf_bytes(&json)) &&
                       db_json_length(db, buf_bytes(&json), "$.manifests") >= 0))
        return LOOKUP_ABSENT;
    return oci_manifest_list(&store, db, source, out, err);
}

static bool read_image(struct db *db, const struct image_source *source,
                       const struct candidate *candidate, struct manifest *manifest,
                       struct err *err)
{
    return oci_manifest_read(&store, db, source, candidate, manifest, err);
}

const struct image_format oci_layout_format = {
    .name = "oci-archive",
    .dir_name = "oci-dir",
    .what = "an OCI layout: buildah, skopeo, buildkit",
    .sign = SIGN,
    .archive_sign = INDEX,
    .is_dir = has_blobs,
    .list = list_images,
    .read = read_image,
};
