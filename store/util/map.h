/* SPDX-License-Identifier: MIT
 *
 * A hash map from byte strings to numbers, for interning: names, paths, accesses.
 * Open addressing, XXH3; keys are copied into the map. Nothing is ever removed.
 *
 *     struct map seen = {0};
 *     uint64_t *id = map_at(&seen, key, &is_new);
 *     if (is_new)
 *         *id = next++;
 *     map_finish(&seen);
 */
#ifndef XSMALL_UTIL_MAP_H
#define XSMALL_UTIL_MAP_H

#include "util/bytes.h"

struct map {
    struct map_slot *slots; /* owned; cap is a power of two */
    size_t n, cap;
    struct buf keys; /* the bytes of all keys, one after the other */
};

/* Returns the address of the value for key. If the key is new, adds it with value 0. Sets *is_new
 * accordingly; is_new may be NULL. The address is valid until the next map_at. */
uint64_t *map_at(struct map *map, struct bytes key, bool *is_new);
/* Returns the address of the value for key, or NULL if the map does not have the key. */
uint64_t *map_find(const struct map *map, struct bytes key);
void map_finish(struct map *map);

#endif
