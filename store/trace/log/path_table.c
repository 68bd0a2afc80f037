/* SPDX-License-Identifier: MIT */
#include "trace/log/path_table.h"

#include <stdlib.h>

enum { ROUTED = 2 /* index of the map of paths with a route */ };

uint32_t path_table_number(struct path_table *paths, struct bytes path, enum path_known known)
{
    bool is_new;
    struct map *map = &paths->numbers[known];
    uint64_t *number = map_at(map, path, &is_new);
    if (is_new) {
        ARRAY_ROOM(paths->items, paths->n, paths->cap);
        paths->items[paths->n++] = (struct path_table_item){.offset = map->keys.n - path.n,
                                                            .n_bytes = (uint32_t)path.n,
                                                            .known = known == PATH_KNOWN};
        *number = paths->n;
    }
    return (uint32_t)*number;
}

uint32_t path_table_routed(struct path_table *paths, struct bytes path, struct bytes route)
{
    BUF_AUTO struct buf key = {0};
    bool is_new;
    if (!route.n || bytes_equal(path, route))
        return path_table_number(paths, path, PATH_KNOWN);
    buf_add(&key, path);
    buf_byte(&key, 0);
    buf_add(&key, route);
    struct map *map = &paths->numbers[ROUTED];
    uint64_t *number = map_at(map, buf_bytes(&key), &is_new);
    if (is_new) {
        ARRAY_ROOM(paths->items, paths->n, paths->cap);
        paths->items[paths->n++] = (struct path_table_item){.offset = map->keys.n - key.n,
                                                            .n_bytes = (uint32_t)path.n,
                                                            .n_route = (uint32_t)route.n,
                                                            .known = true};
        *number = paths->n;
    }
    return (uint32_t)*number;
}

struct path_table_item *path_table_item(const struct path_table *paths, uint32_t number)
{
    return &paths->items[number - 1];
}

struct bytes path_table_bytes(const struct path_table *paths, uint32_t number)
{
    if (!number)
        return (struct bytes){0};
    const struct path_table_item *item = path_table_item(paths, number);
    const struct map *map = &paths->numbers[item->n_route ? ROUTED : item->known];
    return bytes_from(map->keys.p + item->offset, item->n_bytes);
}

struct bytes path_table_route(const struct path_table *paths, uint32_t number)
{
    struct bytes path = path_table_bytes(paths, number);
    uint32_t n_route = number ? path_table_item(paths, number)->n_route : 0;
    return n_route ? bytes_from(path.p + path.n + 1, n_route) : path;
}

void path_table_clear(struct path_table *paths)
{
    for (size_t i = 0; i < sizeof paths->numbers / sizeof *paths->numbers; i++)
        map_finish(&paths->numbers[i]);
    free(paths->items);
    *paths = (struct path_table){0};
}
