/* SPDX-License-Identifier: MIT
 *
 * Estimates the size of an image in a registry or on the network, where layers are gzipped.
 *
 * For a layer that is stored compressed, its own ratio is used. For uncompressed layers, 64 pieces
 * of 128 KiB, evenly distributed over the wanted bytes, are compressed. The result is only an
 * estimate, because the order of the files in the new layer is different.
 */
#ifndef XSMALL_EXPORT_GZIP_ESTIMATE_H
#define XSMALL_EXPORT_GZIP_ESTIMATE_H

#include "image/tree/tree.h"
#include "util/progress.h"

/* Adds the estimate for the wanted nodes of the tree (wanted[node]; NULL: all) to *bytes; a hard
 * link counts once. Returns false with ERR_NO if the contents are not available: the source was
 * removed, or is in a container engine. progress may be NULL. */
bool gzip_estimate_add(struct db *db, const struct tree *tree, const bool *wanted,
                       struct progress *progress, int64_t *bytes, struct err *err);

#endif
