/* SPDX-License-Identifier: MIT
 *
 * The different paths that a load's logs ask for, numbered from 1; 0 is "no path".
 *
 *     uint32_t cwd = paths_number(&paths, bytes_of("/srv"), PATH_KNOWN);
 *     paths_bytes(&paths, cwd) is "/srv"
 */
#ifndef XSMALL_TRACE_LOG_PATH_TABLE_H
#define XSMALL_TRACE_LOG_PATH_TABLE_H

#include "util/map.h"

enum path_known {
    PATH_UNKNOWN, /* relative, in an unknown directory: the string as it is */
    PATH_KNOWN    /* absolute */
};

struct paths {
    struct map numbers[2];    /* by known: path → number */
    struct paths_item *items; /* owned; number 1 is items[0] */
    size_t n, cap;
};

struct paths_item {
    size_t offset; /* in the keys of its map */
    uint32_t n_bytes;
    bool known;
};

uint32_t paths_number(struct paths *paths, struct bytes path, enum path_known known);
/* Borrowed until the next paths_number; n 0 for number 0. */
struct bytes paths_bytes(const struct paths *paths, uint32_t number);
struct paths_item *paths_item(const struct paths *paths, uint32_t number); /* 1 to n */
void paths_clear(struct paths *paths);

#endif
