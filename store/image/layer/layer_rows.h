/* SPDX-License-Identifier: MIT
 *
 * The entries of a layer: writes them as rows of the session while the layer is read, or reads them
 * back from the session. Keeps in memory the columns that merging uses.
 *
 *     layer_rows_begin(&rows, &paths, load, layer);
 *     for (…) // in a transaction, which the caller commits now and then
 *         layer_rows_add(&rows, entry, err) …
 *     layer_rows_write(&rows, err) // before the entries are freed
 *     layer_rows_end(&rows, err)
 *     …
 *     layer_rows_finish(&rows);
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_ROWS_H
#define XSMALL_IMAGE_LAYER_LAYER_ROWS_H

#include "image/layer/entry_queue.h"
#include "image/layer/path_ids.h"

struct layer_row {
    int64_t path, link; /* path ids; link: the peer of a hard link, else 0 */
    union {
        int64_t size;      /* of a file's content; 0 for other kinds */
        int64_t next_name; /* only while writing, of a hard link: see layer_place.c */
    };
    uint32_t group; /* only while writing: see layer_place.c */
    uint8_t kind;   /* enum entry_kind */
    bool gone;      /* a later entry of the layer replaced this entry */
};

struct layer_rows {
    struct path_ids *paths; /* borrowed */
    int64_t load, layer;
    struct layer_row *list; /* owned; in the order of the tar, or of path ids */
    size_t n, cap;
    uint32_t *places, *cuts; /* owned; by path id; only while writing: see layer_place.c */
    size_t n_places, n_cuts;
    struct map targets;     /* of symlinks that were followed: offsets in target_text */
    struct buf target_text; /* each NUL-terminated */
    struct layer_rows_entry {
        const struct entry *entry; /* borrowed */
        int64_t path;
    } * rows; /* owned; rows of table entry that are not written yet */
    size_t n_rows, cap_rows;
    bool keep_digests; /* for a rootfs, whose id is computed from the digests */
    struct layer_rows_digest {
        unsigned char bytes[16];
    } * digests; /* owned; one per element of list, if keep_digests */
    size_t cap_digests;
    int64_t bytes; /* of regular files; set by layer_rows_end */
};

void layer_rows_begin(struct layer_rows *facts, struct path_ids *paths, int64_t load,
                      int64_t layer);
/* Adds an entry: rows of tables entry, xattr, need and package_file. Entries are applied in order,
 * as an unpacker applies them (layer_place.h), so the rows do not depend on the order any more. The
 * entry is borrowed until layer_rows_write. */
bool layer_rows_add(struct layer_rows *facts, const struct entry *entry, struct err *err);
/* Writes the rows that layer_rows_add has collected. */
bool layer_rows_write(struct layer_rows *facts, struct err *err);
/* Call after layer_rows_write. Removes the entries that a later entry removed (a file in place of
 * their directory) and writes the size of the layer. */
bool layer_rows_end(struct layer_rows *facts, struct err *err);
/* Writes to out the layer's id, computed from its entries: "xxh3:…". Needs keep_digests. */
void layer_rows_identity(struct layer_rows *facts, struct buf *out);
/* Reads a layer back from the session. Call layer_rows_begin first. */
bool layer_rows_read(struct layer_rows *facts, struct err *err);
void layer_rows_finish(struct layer_rows *facts);

#endif
