/* SPDX-License-Identifier: MIT */
#include "util/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void die_without_memory(void)
{
    static const char line[] = "xsmall: out of memory\n";
    fwrite(line, 1, sizeof line - 1, stderr);
    abort();
}

void *mem_alloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p)
        die_without_memory();
    return p;
}

void *mem_array(void *old, size_t n, size_t size)
{
    void *p = reallocarray(old, n ? n : 1, size ? size : 1);
    if (!p)
        die_without_memory();
    return p;
}

enum { HUGE_PAGE = 2 * 1024 * 1024, BIG = HUGE_PAGE / 2 };

static bool is_big(size_t n, size_t size)
{
    return size && n >= BIG / size && n <= SIZE_MAX / 2 / size;
}

void *mem_big(size_t n, size_t size)
{
    if (!is_big(n, size))
        return mem_array(NULL, n, size);
    size_t whole = (n * size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *p = aligned_alloc(HUGE_PAGE, whole);
    if (!p)
        die_without_memory();
    madvise(p, whole, MADV_HUGEPAGE); /* only a hint: not every kernel has huge pages */
    return p;
}

void *mem_zero(size_t n, size_t size)
{
    bool big = is_big(n, size);
    void *p = big ? mem_big(n, size) : calloc(n ? n : 1, size ? size : 1);
    if (!p)
        die_without_memory();
    if (big)
        memset(p, 0, n * size);
    return p;
}

void *mem_grow(void *old, size_t n, size_t more, size_t size)
{
    if (!is_big(more, size))
        return mem_array(old, more, size);
    void *p = mem_big(more, size);
    if (n)
        memcpy(p, old, n * size);
    free(old);
    return p;
}

char *mem_dup(struct bytes b)
{
    char *p = mem_alloc(b.n + 1);
    if (b.n)
        memcpy(p, b.p, b.n);
    p[b.n] = 0;
    return p;
}

void mem_free_at(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}

struct bytes buf_bytes(const struct buf *b)
{
    return (struct bytes){b->p, b->n};
}

void buf_reserve(struct buf *b, size_t more)
{
    size_t need = b->n + more + 1;
    if (need <= b->cap)
        return;
    size_t cap = b->cap * 2 > need ? b->cap * 2 : need;
    b->p = mem_array(b->p, cap, 1);
    b->cap = cap;
}

void buf_add(struct buf *b, struct bytes s)
{
    buf_reserve(b, s.n);
    if (s.n)
        memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = 0;
}

void buf_replace(struct buf *b, struct bytes s)
{
    buf_clear(b);
    buf_add(b, s);
}

void buf_byte(struct buf *b, char c)
{
    buf_reserve(b, 1);
    b->p[b->n++] = c;
    b->p[b->n] = 0;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n > 0) {
        buf_reserve(b, (size_t)n);
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    if (b->p)
        b->p[0] = 0;
}

void buf_finish(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

char *buf_steal(struct buf *b)
{
    buf_reserve(b, 0);
    b->p[b->n] = 0;
    char *p = b->p;
    *b = (struct buf){0};
    return p;
}
