/* SPDX-License-Identifier: MIT
 *
 * Where the members of one layer are placed, as an unpacker would place them one after the other
 * in an empty directory: symlinks of the layer are followed in the directories of a name, a later
 * member replaces an earlier one, and a hard link is one more name of the file that it finds.
 *
 * Not here: lower layers (layer_merge.h). A symlink of a lower layer is not followed, as overlayfs
 * does not follow it. Used only by layer_rows.c.
 *
 *     layer_place_find(rows, entry->path, LAYER_PLACE_WRITE, &path, err) &&
 *         layer_place_clear(rows, path, err)
 *     … // append the entry to rows->list
 *     layer_place_set(rows, path)
 *     …
 *     layer_place_end(rows, err)
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_PLACE_H
#define XSMALL_IMAGE_LAYER_LAYER_PLACE_H

#include "image/layer/layer_rows.h"

enum layer_place_how {
    LAYER_PLACE_WRITE, /* for a new entry: an earlier entry that is in the way is removed */
    LAYER_PLACE_LOOK,  /* nothing is removed; the last component is not followed */
    LAYER_PLACE_FOLLOW /* the same, but the last component is followed too */
};

/* Resolves a canonical path of the layer. If a directory of the path cannot be resolved (a file, a
 * loop), *out is the id of the path as it is written. */
bool layer_place_find(struct layer_rows *rows, struct bytes path, enum layer_place_how how,
                      int64_t *out, struct err *err);
/* Removes the entry at a resolved path. Names of it that were linked before keep the content. */
bool layer_place_clear(struct layer_rows *rows, int64_t path, struct err *err);
/* Records that the last element of rows->list is the entry at path. */
void layer_place_set(struct layer_rows *rows, int64_t path);
/* Makes room at path for a hard link to the resolved path link. Sets *group to index + 1 of the
 * linked entry; 0: the layer has no such entry yet. Sets *same if path already is a name of that
 * entry: the hard link then changes nothing. */
bool layer_place_link(struct layer_rows *rows, int64_t path, int64_t link, uint32_t *group,
                      bool *same, struct err *err);
/* Removes the entries whose directory was replaced by something else, and writes the final target
 * of each hard link. */
bool layer_place_end(struct layer_rows *rows, struct err *err);
void layer_place_finish(struct layer_rows *rows);

#endif
