/* SPDX-License-Identifier: MIT
 *
 * A layer's entries as rows of the session, and what merging needs of them in memory. Written while
 * the layer is being read, or read back from a layer that the session has.
 *
 *     layer_rows_begin(&rows, &paths, load, layer);
 *     for (…) // in one transaction, which the caller slices
 *         layer_rows_add(&rows, entry, err) …
 *     layer_rows_write(&rows, err) // while the entries are still there
 *     layer_rows_end(&rows, err)
 *     …
 *     layer_rows_finish(&rows);
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_ROWS_H
#define XSMALL_IMAGE_LAYER_LAYER_ROWS_H

#include "image/layer/entry_queue.h"
#include "image/layer/path_ids.h"

struct layer_row {
    int64_t path, link; /* ids; link: of a hard link's peer, else 0 */
    int64_t size;
    enum entry_kind kind;
    bool gone; /* a later entry of the layer took its place */
};

struct layer_rows {
    struct path_ids *paths; /* borrowed */
    int64_t load, layer;
    struct layer_row *list; /* owned; in the order of the tar, or of path ids */
    size_t n, cap;
    uint32_t *places; /* owned; by path id: place in list + 1 of what is there; while writing */
    size_t n_places;
    struct layer_rows_entry {
        const struct entry *entry; /* borrowed */
        int64_t path;
    } * rows; /* owned; those of table entry that are not written yet */
    size_t n_rows, cap_rows;
    bool keep_digests; /* a rootfs: its id is made of them */
    struct layer_rows_digest {
        unsigned char bytes[16];
    } * digests; /* owned; one for each in list, where kept */
    size_t cap_digests;
    int64_t bytes; /* of regular files, once ended */
};

void layer_rows_begin(struct layer_rows *facts, struct path_ids *paths, int64_t load,
                      int64_t layer);
/* Writes the entry: rows of entry, xattr, need and package_file. Of several entries of one path the
 * last stays. It is borrowed until layer_rows_write. */
bool layer_rows_add(struct layer_rows *facts, const struct entry *entry, struct err *err);
/* Writes the rows that layer_rows_add has put off. */
bool layer_rows_write(struct layer_rows *facts, struct err *err);
/* Behind layer_rows_write: settles what cannot be both (an entry below one that is no directory:
 * the later one stays) and writes the layer's bytes. */
bool layer_rows_end(struct layer_rows *facts, struct err *err);
/* The layer's id by its entries, "xxh3:…", into out; only with keep_digests. */
void layer_rows_identity(struct layer_rows *facts, struct buf *out);
/* Reads a layer of the session back, into facts that were begun. */
bool layer_rows_read(struct layer_rows *facts, struct err *err);
void layer_rows_finish(struct layer_rows *facts);

#endif
