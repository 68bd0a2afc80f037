/* SPDX-License-Identifier: MIT
 *
 * About how much of a registry and of a network an image takes: layers there are gzipped.
 *
 * For a layer that is stored compressed, its own ratio is used. Of layers stored plain 64
 * pieces of 128 KiB, spread evenly over the wanted bytes, are compressed. No more than an estimate:
 * it knows nothing of the order of files in the new layer.
 */
#ifndef XSMALL_EXPORT_GZIP_ESTIMATE_H
#define XSMALL_EXPORT_GZIP_ESTIMATE_H

#include "image/tree/tree.h"
#include "util/progress.h"

/* Adds the estimate for the tree's wanted nodes (wanted[node]; NULL: all) to *bytes, hard links
 * once. False with ERR_NO where the pieces cannot be had: the source was removed, or an engine's.
 * progress may be NULL. */
bool gzip_estimate_add(struct db *db, const struct tree *tree, const bool *wanted,
                       struct progress *progress, int64_t *bytes, struct err *err);

#endif
