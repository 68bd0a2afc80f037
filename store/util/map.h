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
    struct map_slot *slots; /* owned; a power of two of them */
    size_t n, cap;
    struct buf keys; /* the keys' bytes, one behind the other */
};

/* The value's place for key, made with value 0 if there is none (*is_new, may be NULL, says so).
 * Valid until the next map_at. */
uint64_t *map_at(struct map *map, struct bytes key, bool *is_new);
/* The value's place, or NULL. */
uint64_t *map_find(const struct map *map, struct bytes key);
void map_finish(struct map *map);

#endif
