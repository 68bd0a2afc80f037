/* SPDX-License-Identifier: MIT
 *
 * The distinct paths in the calls of a load's logs, numbered from 1; number 0 means "no path".
 *
 *     uint32_t cwd = path_table_number(&paths, bytes_of("/srv"), PATH_KNOWN);
 *     path_table_bytes(&paths, cwd) is "/srv"
 *
 * A path can have a route: the way to it as the kernel walks, which table asked of share/schema.sql
 * describes. The same path with another route is another number.
 */
#ifndef XSMALL_TRACE_LOG_PATH_TABLE_H
#define XSMALL_TRACE_LOG_PATH_TABLE_H

#include "util/map.h"

enum path_known {
    PATH_UNKNOWN, /* relative to an unknown directory: the string is stored unchanged */
    PATH_KNOWN    /* absolute */
};

struct path_table {
    struct map numbers[3];         /* of unknown paths, of known ones, and of known ones with a
                                      route (path, NUL, route) → number */
    struct path_table_item *items; /* owned; number 1 is items[0] */
    size_t n, cap;
};

struct path_table_item {
    size_t offset; /* offset in the keys of its map */
    uint32_t n_bytes;
    uint32_t n_route; /* 0: the route is the path */
    bool known;
};

uint32_t path_table_number(struct path_table *paths, struct bytes path, enum path_known known);
/* Returns the number of a known path with a route. A route that is equal to the path, or empty, is
 * no route. Neither contains a NUL. */
uint32_t path_table_routed(struct path_table *paths, struct bytes path, struct bytes route);
/* Borrowed until a path is added; n 0 for number 0. */
struct bytes path_table_bytes(const struct path_table *paths, uint32_t number);
/* The same for the route; it is the path if the number has no route. */
struct bytes path_table_route(const struct path_table *paths, uint32_t number);
struct path_table_item *path_table_item(const struct path_table *paths,
                                        uint32_t number); /* 1 to n */
void path_table_clear(struct path_table *paths);

#endif
