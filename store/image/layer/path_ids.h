/* SPDX-License-Identifier: MIT
 *
 * Maps the paths of a load to ids of table path, and each id to its parent. Merging works on these
 * ids.
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

enum { PATHS_ROOT = 1, PATHS_MAX = 1 << 26 /* ids are array indexes; no session has more */ };

struct path_ids {
    struct path_intern intern;
    int64_t *parents; /* owned; by id: id of the parent; -1: the root; 0: not known yet */
    size_t n;         /* parents has room for ids less than n */
};

struct path_ids path_ids_of(struct db *db);
void path_ids_finish(struct path_ids *paths);

/* Returns the id of a canonical path, 0 on error. Adds the path and its parents if they are new;
 * path_ids_write must write their rows later. The caller must have a transaction open. */
int64_t path_ids_intern(struct path_ids *paths, struct bytes path, struct err *err);
bool path_ids_write(struct path_ids *paths, struct err *err);
/* Finds the id of a canonical path in the session, without adding the path. */
enum lookup path_ids_find(struct path_ids *paths, struct bytes path, int64_t *id, struct err *err);
/* Reads the parents of an id from the session, up to the root. */
bool path_ids_load_parents(struct path_ids *paths, int64_t id, struct err *err);
/* Returns the parent of a known id; 0 for the root. */
int64_t path_ids_parent(const struct path_ids *paths, int64_t id);
/* Writes the canonical path of a known id to out. */
bool path_ids_text(struct path_ids *paths, int64_t id, struct buf *out, struct err *err);

#endif
