/* SPDX-License-Identifier: MIT
 *
 * Layers put on top of each other: the tree that the container sees (OCI image-spec, layer.md), as
 * rows of table merged with their owners, and what of each layer it does not show.
 *
 * Not here: reading layers; everything is in memory as facts (layer_rows.h).
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
    const struct layer_rows *facts; /* borrowed; the same may stand in several places */
    int64_t dead_bytes;             /* out: contents written here that the tree does not show */
};

struct layer_merge {
    struct db *db;
    struct path_ids *paths;
    int64_t image, load;
    struct layer_merge_input *layers; /* n of them, lowest first; borrowed */
    size_t n;
    struct progress *progress;
};

/* Merges the layers, sets dead_bytes of each, and writes the rows of the image; inside a
 * transaction, which it slices. */
bool layer_merge_write(const struct layer_merge *merge, struct err *err);

#endif
