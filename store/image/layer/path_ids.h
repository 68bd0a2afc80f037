/* SPDX-License-Identifier: MIT
 *
 * Paths of a load as ids of table path, with the parent of each at hand: what merging works on.
 *
 *     struct paths paths = paths_of(db);
 *     int64_t id = paths_id(&paths, bytes_of("usr/lib"), err);     // 0 on error
 *     int64_t parent = paths_parent(&paths, id);                   // usr; of the root, 1: 0
 *     paths_finish(&paths);
 */
#ifndef XSMALL_IMAGE_LAYER_PATH_IDS_H
#define XSMALL_IMAGE_LAYER_PATH_IDS_H

#include "db/path_intern.h"

enum { PATHS_ROOT = 1, PATHS_MAX = 1 << 26 /* ids are indexes here; a session has no more */ };

struct paths {
    struct intern intern;
    int64_t *parents; /* owned; by id: the parent's id; -1 for the root, 0: not known yet */
    size_t n;         /* ids below it have a place */
};

struct paths paths_of(struct db *db);
void paths_finish(struct paths *paths);

/* The id of a canonical path; it and all above it are known then. Their rows are written by
 * paths_write at the latest. Inside a transaction. 0 on error. */
int64_t paths_id(struct paths *paths, struct bytes path, struct err *err);
bool paths_write(struct paths *paths, struct err *err);
/* *id of a canonical path where the session has it, which need not make it known; else 0. */
bool paths_find(struct paths *paths, struct bytes path, int64_t *id, struct err *err);
/* Makes an id out of the session known, with all above it. */
bool paths_know(struct paths *paths, int64_t id, struct err *err);
/* The parent of a known id; 0 for the root. */
int64_t paths_parent(const struct paths *paths, int64_t id);
/* The canonical path of a known id, into out. */
bool paths_text(struct paths *paths, int64_t id, struct buf *out, struct err *err);

#endif
