/* SPDX-License-Identifier: MIT */
#include "util/map.h"

#include <stdlib.h>
#include <string.h>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

struct map_slot {
    uint64_t hash; /* 0: free slot (a hash of 0 is stored as 1) */
    size_t key;    /* offset in keys */
    size_t key_n;
    uint64_t value;
};

static uint64_t hash_of(struct bytes key)
{
    uint64_t h = XXH3_64bits(key.n ? key.p : "", key.n);
    return h ? h : 1;
}

/* Returns the slot that holds key, or the free slot where key would be added. */
static struct map_slot *probe(const struct map *map, struct bytes key, uint64_t hash)
{
    for (size_t i = hash & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
        struct map_slot *slot = &map->slots[i];
        if (!slot->hash)
            return slot;
        if (slot->hash == hash && slot->key_n == key.n &&
            (key.n == 0 || memcmp(map->keys.p + slot->key, key.p, key.n) == 0))
            return slot;
    }
}

static void grow(struct map *map)
{
    struct map_slot *old = map->slots;
    size_t old_cap = map->cap;
    map->cap = old_cap ? old_cap * 2 : 64;
    /* Writes to the pages at once. A page that is read before it is written costs a second page
     * fault, which slows all threads. */
    map->slots = mem_array(NULL, map->cap, sizeof *map->slots);
    memset(map->slots, 0, map->cap * sizeof *map->slots);
    for (size_t k = 0; k < old_cap; k++) {
        if (!old[k].hash)
            continue;
        size_t i = old[k].hash & (map->cap - 1);
        while (map->slots[i].hash)
            i = (i + 1) & (map->cap - 1);
        map->slots[i] = old[k];
    }
    free(old);
}

uint64_t *map_at(struct map *map, struct bytes key, bool *is_new)
{
    if ((map->n + 1) * 4 > map->cap * 3)
        grow(map);
    uint64_t hash = hash_of(key);
    struct map_slot *slot = probe(map, key, hash);
    if (is_new)
        *is_new = !slot->hash;
    if (!slot->hash) {
        *slot = (struct map_slot){hash, map->keys.n, key.n, 0};
        buf_add(&map->keys, key);
        map->n++;
    }
    return &slot->value;
}

uint64_t *map_find(const struct map *map, struct bytes key)
{
    if (!map->cap)
        return NULL;
    struct map_slot *slot = probe(map, key, hash_of(key));
    return slot->hash ? &slot->value : NULL;
}

void map_finish(struct map *map)
{
    free(map->slots);
    buf_finish(&map->keys);
    *map = (struct map){0};
}
