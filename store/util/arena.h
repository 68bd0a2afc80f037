/* SPDX-License-Identifier: MIT
 *
 * Memory that is freed all at once: the names of a tree, a page of rows.
 */
#ifndef XSMALL_UTIL_ARENA_H
#define XSMALL_UTIL_ARENA_H

#include "util/bytes.h"

struct arena {
    struct arena_block *block; /* owned; the newest, linked to the older ones */
};

void *arena_alloc(struct arena *arena, size_t n);             /* aligned to 16, zeroed */
struct bytes arena_copy(struct arena *arena, struct bytes b); /* a NUL follows the n bytes */
void arena_finish(struct arena *arena);

#endif
