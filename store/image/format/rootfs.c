/* SPDX-License-Identifier: MIT
 *
 * A bare root file system, as a directory or a tar archive: it has one layer, which is the source
 * itself, no config, and no identity before its entries are read.
 */
#include "image/format/image_format.h"

#include "image/source/rootfs_dir.h"

static enum lookup list_rootfs(struct db *db, const struct image_source *source,
                               struct candidates *out, struct err *err)
{
    (void)db;
    (void)out;
    if (source->only_blobs) {
        err_set(err, "only blobs, without the manifest that names them; expected index.json or "
                     "manifest.json next to them");
        return LOOKUP_ERR;
    }
    return !source->is_dir || rootfs_dir_is_one(source->fd) ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

static bool read_rootfs(struct db *db, const struct image_source *source,
                        const struct candidate *candidate, struct manifest *manifest,
                        struct err *err)
{
    (void)db;
    (void)candidate;
    (void)err;
    buf_add(&manifest->config, bytes_of("{}"));
    manifest_add_layer(manifest, bytes_from("", 0))->extent.size = source->size;
    return true;
}

const struct image_format rootfs_format = {
    .name = "rootfs-tar",
    .dir_name = "rootfs-dir",
    .what = "a root file system as a tar archive or a directory",
    .is_dir = rootfs_dir_is_one,
    .list = list_rootfs,
    .read = read_rootfs,
};
