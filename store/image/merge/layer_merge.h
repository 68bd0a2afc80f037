/* SPDX-License-Identifier: MIT
 *
 * Layers put on top of each other: the tree that the container sees (OCI image-spec, layer.md), as
 * rows of table merged with their owners, and what of each layer it does not show.
 *
 * Not here: reading layers; everything is in memory as facts (layer_rows.h).
 *
 *     struct layer_merge_input layers[] = {{.facts = &base}, {.facts = &app}};
 *     layer_merge_write(db, &paths, image, load, layers, 2, progress, err)
 */
#ifndef XSMALL_IMAGE_MERGE_LAYER_MERGE_H
#define XSMALL_IMAGE_MERGE_LAYER_MERGE_H

#include "image/layer/layer_rows.h"
#include "util/progress.h"

struct layer_merge_input {
    const struct layer_rows *facts; /* borrowed; the same may stand in several places */
    int64_t dead_bytes;             /* out: contents written here that the tree does not show */
};

/* Merges the layers, lowest first, and writes the rows of the image; inside a transaction, which it
 * slices. */
bool layer_merge_write(struct db *db, struct path_ids *paths, int64_t image, int64_t load,
                       struct layer_merge_input *layers, size_t n, struct progress *progress,
                       struct err *err);

#endif
