/* SPDX-License-Identifier: MIT
 *
 * The distinct paths in the calls of a load's logs, numbered from 1; number 0 means "no path".
 *
 *     uint32_t cwd = path_table_number(&paths, bytes_of("/srv"), PATH_KNOWN);
 *     path_table_bytes(&paths, cwd) is "/srv"
 */
#ifndef XSMALL_TRACE_LOG_PATH_TABLE_H
#define XSMALL_TRACE_LOG_PATH_TABLE_H

#include "util/map.h"

enum path_known {
    PATH_UNKNOWN, /* relative to an unknown directory: the string is stored unchanged */
    PATH_KNOWN    /* absolute */
};

struct path_table {
    struct map numbers[2];         /* by known: path → number */
    struct path_table_item *items; /* owned; number 1 is items[0] */
    size_t n, cap;
};

struct path_table_item {
    size_t offset; /* offset in the keys of its map */
    uint32_t n_bytes;
    bool known;
};

uint32_t path_table_number(struct path_table *paths, struct bytes path, enum path_known known);
/* Borrowed until the next path_table_number; n 0 for number 0. */
struct bytes path_table_bytes(const struct path_table *paths, uint32_t number);
struct path_table_item *path_table_item(const struct path_table *paths,
                                        uint32_t number); /* 1 to n */
void path_table_clear(struct path_table *paths);

#endif
