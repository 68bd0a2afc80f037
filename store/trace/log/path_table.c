/* SPDX-License-Identifier: MIT */
#include "trace/log/path_table.h"

#include <stdlib.h>

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

struct path_table_item *path_table_item(const struct path_table *paths, uint32_t number)
{
    return &paths->items[number - 1];
}

struct bytes path_table_bytes(const struct path_table *paths, uint32_t number)
{
    if (!number)
        return (struct bytes){0};
    const struct path_table_item *item = path_table_item(paths, number);
    return bytes_from(paths->numbers[item->known].keys.p + item->offset, item->n_bytes);
}

void path_table_clear(struct path_table *paths)
{
    map_finish(&paths->numbers[PATH_UNKNOWN]);
    map_finish(&paths->numbers[PATH_KNOWN]);
    free(paths->items);
    *paths = (struct path_table){0};
}
