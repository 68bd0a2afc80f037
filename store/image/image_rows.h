/* SPDX-License-Identifier: MIT
 *
 * Reads and writes the rows of tables image, layer and image_layer. The caller must have a
 * transaction open for each call that writes.
 */
#ifndef XSMALL_IMAGE_IMAGE_ROWS_H
#define XSMALL_IMAGE_IMAGE_ROWS_H

#include "image/image.h"
#include "image/format/manifest.h"

/* An image of the session. Strings are owned. */
struct image_row {
    int64_t id;
    char *ref, *kind, *source, *identity, *name;
    int64_t size, mtime_ns;
};
/* Finds the completely loaded image of a role. Overwrites out, which is all zero unless FOUND is
 * returned. */
enum lookup image_rows_find_image(struct db *db, const char *role, struct image_row *out,
                                  struct err *err);
void image_row_finish(struct image_row *image);
#define IMAGE_ROW_AUTO __attribute__((cleanup(image_row_finish)))

/* Returns true if the row already has the location of the source. */
bool image_rows_is_at(const struct image_row *image, const struct image_source *source,
                      const char *kind);
/* Updates the source and the layer locations of an image that is the same but was moved or has
 * another date. */
bool image_rows_move(struct db *db, int64_t image, const struct image_source *source,
                     const struct manifest *manifest, struct err *err);

/* Adds an image row. identity is used for a rootfs, whose manifest has no identity. */
bool image_rows_add_image(struct db *db, const struct image_request *request,
                          const struct image_source *source, const struct manifest *manifest,
                          const char *identity, int64_t *id, struct err *err);
/* Adds the rows of the image's layers: ids[i] is the layer id of manifest->layers[i]. */
bool image_rows_add_layers(struct db *db, int64_t image, const struct image_source *source,
                           const struct manifest *manifest, const int64_t *ids, struct err *err);
bool image_rows_set_dead(struct db *db, int64_t image, size_t ordinal, int64_t dead_bytes,
                         struct err *err);

/* Finds the layer with this diff_id, if it is complete or belongs to this load. */
enum lookup image_rows_find_layer(struct db *db, const char *diff_id, int64_t load, int64_t *id,
                                  struct err *err);
bool image_rows_add_layer(struct db *db, const char *diff_id, int64_t load, int64_t *id,
                          struct err *err);
bool image_rows_name_layer(struct db *db, int64_t layer, const char *diff_id, struct err *err);
/* Makes the rows of a layer orphans, which loading_clean removes. */
bool image_rows_orphan_layer(struct db *db, int64_t layer, struct err *err);

#endif
