/* SPDX-License-Identifier: MIT
 *
 * Bytes with a length, borrowed (`struct bytes`) and owned (`struct buf`), and allocation functions
 * that abort the program when memory runs out.
 *
 * Paths and log text are bytes: never assumed UTF-8, never assumed NUL-terminated.
 *
 *     BUF_AUTO struct buf out = {0};
 *     buf_add(&out, bytes_of("usr/"));
 *     buf_printf(&out, "%d", 3);
 *     use(buf_bytes(&out));
 */
#ifndef XSMALL_UTIL_BYTES_H
#define XSMALL_UTIL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const char *p; /* borrowed; may be NULL only where n is 0 */
    size_t n;
};

/* A growable byte string. All fields zero means an empty string. p is owned. Once bytes were added,
 * a NUL follows the n bytes; n does not count it. */
struct buf {
    char *p;
    size_t n, cap;
};

/* malloc, calloc and realloc that never return NULL. When memory runs out, they print a line to
 * stderr and abort; no decision is lost, because the session holds all decisions. mem_array checks
 * n * size for overflow. */
void *mem_alloc(size_t n);
void *mem_zero(size_t n, size_t size);
void *mem_array(void *old, size_t n, size_t size);
/* Allocates an array that the caller fills at once; the memory is not zeroed. Large arrays use huge
 * pages, which cut the page faults to 1/512. mem_zero and mem_grow also use huge pages. */
void *mem_big(size_t n, size_t size);
/* Grows an array of n elements, all of them in use, to `more` elements. */
void *mem_grow(void *old, size_t n, size_t more, size_t size);
char *mem_dup(struct bytes b); /* a NUL-terminated copy, owned by the caller */

/* Grows an owned array so that index n is valid: ARRAY_ROOM(list, n, cap). */
#define ARRAY_ROOM(list, n, cap)                                                                   \
    ((n) < (cap) ? (void)0                                                                         \
                 : (void)((list) = mem_grow((list), (cap), (cap) ? (cap)*2 : 8, sizeof *(list)),   \
                          (cap) = (cap) ? (cap)*2 : 8))

/* Returns the bytes of a NUL-terminated string; NULL is the empty string. */
static inline struct bytes bytes_of(const char *z)
{
    return (struct bytes){z, z ? strlen(z) : 0};
}

static inline struct bytes bytes_from(const char *p, size_t n)
{
    return (struct bytes){p, n};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Compares as memcmp, then by length: C order. */
static inline int bytes_compare(struct bytes a, struct bytes b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

static inline bool bytes_starts(struct bytes b, struct bytes prefix)
{
    return b.n >= prefix.n && (prefix.n == 0 || memcmp(b.p, prefix.p, prefix.n) == 0);
}

static inline bool bytes_ends(struct bytes b, struct bytes suffix)
{
    return b.n >= suffix.n &&
           (suffix.n == 0 || memcmp(b.p + b.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* Returns b without its first n bytes; empty if b is shorter. */
static inline struct bytes bytes_skip(struct bytes b, size_t n)
{
    if (n > b.n)
        n = b.n;
    return n ? (struct bytes){b.p + n, b.n - n} : b;
}

/* Returns the offset of the first byte c, or b.n if b has no c. */
static inline size_t bytes_index(struct bytes b, char c)
{
    const char *at = b.n ? memchr(b.p, c, b.n) : NULL;
    return at ? (size_t)(at - b.p) : b.n;
}

/* Returns the offset of the last byte c, or b.n if b has no c. */
static inline size_t bytes_rindex(struct bytes b, char c)
{
    const char *at = b.n ? memrchr(b.p, c, b.n) : NULL;
    return at ? (size_t)(at - b.p) : b.n;
}

/* Removes the bytes up to the first c, and that c, from *rest. Returns them without the c; all of
 * *rest if it has no c. The lines of a text:
 *     while (text.n)
 *         use(bytes_split(&text, '\n'));
 */
static inline struct bytes bytes_split(struct bytes *rest, char c)
{
    struct bytes part = bytes_from(rest->p, bytes_index(*rest, c));
    *rest = bytes_skip(*rest, part.n + 1);
    return part;
}

struct bytes buf_bytes(const struct buf *b); /* borrowed until the next change */
/* Returns the bytes, NUL-terminated; "" if no bytes were added yet. Borrowed until the next change.
 */
static inline const char *buf_str(const struct buf *b)
{
    return b->p ? b->p : "";
}
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, struct bytes s);
void buf_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_replace(struct buf *b, struct bytes s); /* replaces all bytes; s must not point into b */
void buf_clear(struct buf *b);                   /* sets the length to 0, keeps the memory */
void buf_finish(struct buf *b);
/* Moves the NUL-terminated bytes out of b; the caller owns them, and b is empty. */
char *buf_steal(struct buf *b);

void mem_free_at(void *pointer_to_pointer);
#define BUF_AUTO __attribute__((cleanup(buf_finish)))
#define MEM_AUTO __attribute__((cleanup(mem_free_at)))

/* Moves a pointer out of an owning local: `return mem_steal(&thing);` */
#define mem_steal(at)                                                                              \
    ({                                                                                             \
        __auto_type stolen_ = *(at);                                                               \
        *(at) = NULL;                                                                              \
        stolen_;                                                                                   \
    })

#endif
