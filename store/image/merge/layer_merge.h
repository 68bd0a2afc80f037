/* SPDX-License-Identifier: MIT
 *
 * Merges layers into the tree that the container sees (OCI image-spec, layer.md). Writes the tree
 * as rows of table merged, with the owning packages, and counts the bytes of each layer that the
 * tree hides.
 *
 * Not here: reading layers; all entries are already in memory (layer_rows.h).
 *
 *     struct layer_merge_input layers[] = {{.facts = &base}, {.facts = &app}};
 *     struct layer_merge merge = {db, &paths, image, load, layers, 2, progress};
 *     layer_merge_write(&merge, err)
 */
#ifndef XSMALL_IMAGE_MERGE_LAYER_MERGE_H
#define XSMALL_IMAGE_MERGE_LAYER_MERGE_H

#include "image/layer/layer_rows.h"
#include "util/progress.h"

struct layer_merge_input {
    const struct layer_rows *facts; /* borrowed; several layers can share one */
    int64_t dead_bytes;             /* out: bytes of contents of this layer that the tree hides */
};

struct layer_merge {
    struct db *db;
    struct path_ids *paths;
    int64_t image, load;
    struct layer_merge_input *layers; /* n of them, lowest first; borrowed */
    size_t n;
    struct progress *progress;
};

/* Merges the layers, sets dead_bytes of each layer, and writes the rows of the image. The caller
 * must have a transaction open; the function commits and begins it again between parts of the work.
 */
bool layer_merge_write(const struct layer_merge *merge, struct err *err);

#endif
