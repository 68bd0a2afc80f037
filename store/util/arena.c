/* SPDX-License-Identifier: MIT */
#include "util/arena.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    _Alignas(16) char bytes[];
};

static char *take(struct arena *arena, size_t n)
{
    struct arena_block *block = arena->block;
    if (!block || block->size - block->used < n) {
        size_t size = n > BLOCK_BYTES / 4 ? n : BLOCK_BYTES;
        struct arena_block *fresh = mem_alloc(sizeof *fresh + size);
        *fresh = (struct arena_block){.size = size};
        if (block && size == n) { /* a big one of its own, behind the current block */
            fresh->older = block->older;
            block->older = fresh;
        } else {
            fresh->older = block;
            arena->block = fresh;
        }
        block = fresh;
    }
    char *p = block->bytes + block->used;
    block->used += n;
    return p;
}

void *arena_alloc(struct arena *arena, size_t n)
{
    struct arena_block *block = arena->block;
    if (block && block->used % 16 && block->size - block->used >= 16)
        block->used += 16 - block->used % 16;
    n = (n + 15) / 16 * 16; /* a rest of less than 16 is too short for it: a new block, aligned */
    return memset(take(arena, n), 0, n);
}

struct bytes arena_copy(struct arena *arena, struct bytes b)
{
    char *p = take(arena, b.n + 1);
    if (b.n)
        memcpy(p, b.p, b.n);
    p[b.n] = 0;
    return (struct bytes){p, b.n};
}

void arena_finish(struct arena *arena)
{
    while (arena->block) {
        struct arena_block *older = arena->block->older;
        free(arena->block);
        arena->block = older;
    }
}
