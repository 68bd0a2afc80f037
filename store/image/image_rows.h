/* SPDX-License-Identifier: MIT
 *
 * The rows of tables image, layer and image_layer. Each call is inside a transaction of the caller
 * where it writes.
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
/* Finds the complete image of a role. out is overwritten; it is all zero unless FOUND. */
enum lookup image_rows_find_image(struct db *db, const char *role, struct image_row *out,
                                  struct err *err);
void image_row_finish(struct image_row *image);
#define IMAGE_ROW_AUTO __attribute__((cleanup(image_row_finish)))

/* Whether a row already says where the source is. */
bool image_rows_is_at(const struct image_row *image, const struct image_source *source,
                      const char *kind);
/* The same image in another place, or with another date: its source, and where its layers lie. */
bool image_rows_move(struct db *db, int64_t image, const struct image_source *source,
                     const struct manifest *manifest, struct err *err);

/* A new image row; identity for a rootfs whose manifest has none. */
bool image_rows_add_image(struct db *db, const struct image_request *request,
                          const struct image_source *source, const struct manifest *manifest,
                          const char *identity, int64_t *id, struct err *err);
/* Its layers: ids[i] is the layer of manifest->layers[i]. */
bool image_rows_add_layers(struct db *db, int64_t image, const struct image_source *source,
                           const struct manifest *manifest, const int64_t *ids, struct err *err);
bool image_rows_set_dead(struct db *db, int64_t image, size_t ordinal, int64_t dead_bytes,
                         struct err *err);

/* Finds the layer of a diff_id that is complete, or belongs to this load. */
enum lookup image_rows_find_layer(struct db *db, const char *diff_id, int64_t load, int64_t *id,
                                  struct err *err);
bool image_rows_add_layer(struct db *db, const char *diff_id, int64_t load, int64_t *id,
                          struct err *err);
bool image_rows_name_layer(struct db *db, int64_t layer, const char *diff_id, struct err *err);
/* Makes the rows of a layer orphans, which loading_clean removes. */
bool image_rows_orphan_layer(struct db *db, int64_t layer, struct err *err);

#endif
