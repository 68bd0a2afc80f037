/* SPDX-License-Identifier: MIT
 *
 * Paths of a load as ids of table path, with the parent of each at hand: what merging works on.
 *
 *     struct path_ids paths = path_ids_of(db);
 *     int64_t id = path_ids_intern(&paths, bytes_of("usr/lib"), err);     // 0 on error
 *     int64_t parent = path_ids_parent(&paths, id);                   // usr; of the root, 1: 0
 *     path_ids_finish(&paths);
 */
#ifndef XSMALL_IMAGE_LAYER_PATH_IDS_H
#define XSMALL_IMAGE_LAYER_PATH_IDS_H

#include "db/path_intern.h"
#include "util/lookup.h"

enum { PATHS_ROOT = 1, PATHS_MAX = 1 << 26 /* ids are indexes here; a session has no more */ };

struct path_ids {
    struct path_intern intern;
    int64_t *parents; /* owned; by id: the parent's id; -1 for the root, 0: not known yet */
    size_t n;         /* ids below it have a place */
};

struct path_ids path_ids_of(struct db *db);
void path_ids_finish(struct path_ids *paths);

/* The id of a canonical path; it and all above it are known then. Their rows are written by
 * path_ids_write at the latest. Inside a transaction. 0 on error. */
int64_t path_ids_intern(struct path_ids *paths, struct bytes path, struct err *err);
bool path_ids_write(struct path_ids *paths, struct err *err);
/* Finds the id of a canonical path in the session, without adding the path. */
enum lookup path_ids_find(struct path_ids *paths, struct bytes path, int64_t *id, struct err *err);
/* Reads the parents of an id of the session, up to the root. */
bool path_ids_load_parents(struct path_ids *paths, int64_t id, struct err *err);
/* The parent of a known id; 0 for the root. */
int64_t path_ids_parent(const struct path_ids *paths, int64_t id);
/* The canonical path of a known id, into out. */
bool path_ids_text(struct path_ids *paths, int64_t id, struct buf *out, struct err *err);

#endif
