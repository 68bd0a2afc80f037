/* SPDX-License-Identifier: MIT
 *
 * A layer's entries as rows of the session, and what merging needs of them in memory. Written while
 * the layer is being read, or read back from a layer that the session has.
 *
 *     facts_begin(&facts, &paths, load, layer);
 *     for (…) facts_add(&facts, entry, err) …           // one transaction, sliced by the caller
 *     facts_write(&facts, err)                          // before the entries go
 *     facts_end(&facts, err)
 *     …
 *     facts_finish(&facts);
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_ROWS_H
#define XSMALL_IMAGE_LAYER_LAYER_ROWS_H

#include "image/layer/entry_queue.h"
#include "image/layer/path_ids.h"

struct fact {
    int64_t path, link; /* ids; link: of a hard link's peer, else 0 */
    int64_t size;
    enum entry_kind kind;
    bool gone; /* a later entry of the layer took its place */
};

struct facts {
    struct paths *paths; /* borrowed */
    int64_t load, layer;
    struct fact *list; /* owned; in the order of the tar, or of path ids */
    size_t n, cap;
    uint32_t *places; /* owned; by path id: place in list + 1 of what is there; while writing */
    size_t n_places;
    struct fact_row {
        const struct feed_entry *entry; /* borrowed */
        int64_t path;
    } * rows; /* owned; those of table entry that are not written yet */
    size_t n_rows, cap_rows;
    bool keep_digests; /* a rootfs: its id is made of them */
    struct fact_digest {
        unsigned char bytes[16];
    } * digests; /* owned; one for each in list, where kept */
    size_t cap_digests;
    int64_t bytes; /* of regular files, once ended */
};

void facts_begin(struct facts *facts, struct paths *paths, int64_t load, int64_t layer);
/* Writes the entry: rows of entry, xattr, need and package_file. Of several entries of one path the
 * last stays. It is borrowed until facts_write. */
bool facts_add(struct facts *facts, const struct feed_entry *entry, struct err *err);
/* Writes the rows that facts_add has put off. */
bool facts_write(struct facts *facts, struct err *err);
/* Behind facts_write: settles what cannot be both (an entry below one that is no directory: the
 * later one stays) and writes the layer's bytes. */
bool facts_end(struct facts *facts, struct err *err);
/* The layer's id by its entries, "xxh3:…", into out; only with keep_digests. */
void facts_identity(struct facts *facts, struct buf *out);
/* Reads a layer of the session back, into facts that were begun. */
bool facts_read(struct facts *facts, struct err *err);
void facts_finish(struct facts *facts);

#endif
