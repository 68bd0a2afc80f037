/* SPDX-License-Identifier: MIT
 *
 * Shared by layer_rows.c and layer_place.c; not for other files. Rows are addressed by the layer
 * and the path; each function first writes the rows that layer_rows_add has collected.
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_ROWS_PRIVATE_H
#define XSMALL_IMAGE_LAYER_LAYER_ROWS_PRIVATE_H

#include "image/layer/layer_rows.h"

struct db *layer_rows_db(const struct layer_rows *rows);
/* Returns true for a whiteout or an opaque marker: it is applied to lower layers only. */
bool layer_rows_is_marker(enum entry_kind kind);
/* Removes the rows of an entry, except markers. */
bool layer_rows_remove(struct layer_rows *rows, int64_t path, struct err *err);
/* Replaces the hard link at `to` by the entry at `from`. */
bool layer_rows_move(struct layer_rows *rows, int64_t from, int64_t to, struct err *err);
/* Writes the target of the hard link at a path. */
bool layer_rows_relink(struct layer_rows *rows, int64_t path, int64_t link, struct err *err);
/* Appends the target of the symlink at a path to out. */
bool layer_rows_target(struct layer_rows *rows, int64_t path, struct buf *out, struct err *err);
/* Makes the digest of an element depend also on the digest of another one. */
void layer_rows_join_digests(struct layer_rows *rows, size_t other, size_t at);

#endif
