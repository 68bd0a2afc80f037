/* SPDX-License-Identifier: MIT */
#include "util/arena.h"

#include <stdlib.h>
#include <string.h>

/* Each block is twice as large as the previous one, up to the size of a huge page. */
enum { BLOCK_FIRST = 64 * 1024, BLOCK_MOST = 2 * 1024 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    _Alignas(16) char bytes[];
};

static struct arena_block *make_block(size_t bytes)
{
    struct arena_block *block = mem_big(bytes, 1);
    *block = (struct arena_block){.size = bytes - sizeof *block};
    return block;
}

/* Returns a block with room for n bytes. A large request gets a block of its own, linked after the
 * current one. */
static struct arena_block *add_block(struct arena *arena, size_t n)
{
    struct arena_block *block = arena->block, *fresh;
    size_t bytes = block ? 2 * (sizeof *block + block->size) : BLOCK_FIRST;
    if (bytes > BLOCK_MOST)
        bytes = BLOCK_MOST;
    if (n > bytes / 4) {
        fresh = make_block(sizeof *fresh + n);
        if (block) {
            fresh->older = block->older;
            block->older = fresh;
            return fresh;
        }
    } else {
        fresh = make_block(bytes);
        fresh->older = block;
    }
    return arena->block = fresh;
}

static char *take(struct arena *arena, size_t n)
{
    struct arena_block *block = arena->block;
    if (!block || block->size - block->used < n)
        block = add_block(arena, n);
    char *p = block->bytes + block->used;
    block->used += n;
    return p;
}

void *arena_alloc(struct arena *arena, size_t n)
{
    struct arena_block *block = arena->block;
    if (block && block->used % 16 && block->size - block->used >= 16)
        block->used += 16 - block->used % 16;
    n = (n + 15) / 16 * 16; /* if fewer than 16 bytes are left, a new aligned block is needed */
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
