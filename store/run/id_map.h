/* SPDX-License-Identifier: MIT
 *
 * Chooses which user and group ids of the host the ids of a sandbox are.
 *
 * No id in the sandbox is id 0 of the host, or the caller's id, unless there is no other way:
 *   - root: a range of 65 536 ids that no user, group or subordinate range of this host has
 *   - another user with a range in /etc/subuid and /etc/subgid: that range (newuidmap(1))
 *   - another user without one: a single id, 0, which is the caller's. Files of other owners belong
 *     to 0 then, and programs cannot change their user.
 *
 *     struct id_map map;
 *     if (!id_map_choose(&map, err)) …
 */
#ifndef XSMALL_RUN_ID_MAP_H
#define XSMALL_RUN_ID_MAP_H

#include <stdint.h>
#include <sys/types.h>

#include "util/err.h"

enum id_map_kind {
    ID_MAP_RANGE,       /* root: written by this process */
    ID_MAP_SUBORDINATE, /* written by newuidmap and newgidmap */
    ID_MAP_SINGLE       /* one id */
};

enum { ID_MAP_COUNT = 65536 };

struct id_map {
    enum id_map_kind kind;
    uint32_t first_uid, first_gid; /* ids of the host that are 0 in the sandbox */
    uint32_t count;                /* of ids: ID_MAP_COUNT or less, at least 1 */
};

/* Chooses the ids for the calling user. Fails if user namespaces are disabled, and names the
 * setting. */
bool id_map_choose(struct id_map *map, struct err *err);

/* Writes uid_map and gid_map of process pid, which has created a user namespace in the user
 * namespace of the caller. The caller has the rights in its own namespace to map `map`'s ids. */
bool id_map_write(const struct id_map *map, pid_t pid, struct err *err);

/* Maps the caller's own ids and `map`'s ids to themselves in the new user namespace of process pid,
 * for a caller that is not root. Uses newuidmap and newgidmap if the map has a range. */
bool id_map_write_outer(const struct id_map *map, pid_t pid, struct err *err);

#endif
