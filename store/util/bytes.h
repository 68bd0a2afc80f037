/* SPDX-License-Identifier: MIT
 *
 * Bytes with a length, borrowed (`struct bytes`) and owned (`struct buf`), and memory that ends the
 * program when there is none left.
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

struct bytes {
    const char *p; /* borrowed; may be NULL only where n is 0 */
    size_t n;
};

/* A growable byte string. All zero is an empty one. p is owned and, once anything was added,
 * followed by a NUL that n does not count. */
struct buf {
    char *p;
    size_t n, cap;
};

/* malloc, calloc and realloc that never return NULL: out of memory prints a line to stderr and
 * aborts (nothing decided is lost: it is in the session). mem_array checks n * size. */
void *mem_alloc(size_t n);
void *mem_zero(size_t n, size_t size);
void *mem_array(void *old, size_t n, size_t size);
char *mem_dup(struct bytes b); /* a NUL-terminated copy, yours */

/* Grows an owned array so that index n is valid: ARRAY_ROOM(list, n, cap). */
#define ARRAY_ROOM(list, n, cap)                                                                   \
    do {                                                                                           \
        if ((n) >= (cap)) {                                                                        \
            (cap) = (cap) ? (cap)*2 : 8;                                                           \
            (list) = mem_array((list), (cap), sizeof *(list));                                     \
        }                                                                                          \
    } while (0)

struct bytes bytes_of(const char *z); /* a NUL-terminated string; NULL is empty */
struct bytes bytes_from(const char *p, size_t n);
bool bytes_equal(struct bytes a, struct bytes b);
int bytes_compare(struct bytes a, struct bytes b); /* memcmp, then length: C order */
bool bytes_starts(struct bytes b, struct bytes prefix);
bool bytes_ends(struct bytes b, struct bytes suffix);
struct bytes bytes_skip(struct bytes b, size_t n); /* without its first n, at most all */
/* Offset of the first byte c, or b.n. */
size_t bytes_index(struct bytes b, char c);
/* Offset of the last byte c, or b.n. */
size_t bytes_rindex(struct bytes b, char c);

struct bytes buf_bytes(const struct buf *b); /* borrowed until the next change */
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, struct bytes s);
void buf_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *b); /* length 0, memory kept */
void buf_finish(struct buf *b);
char *buf_steal(struct buf *b); /* its NUL-terminated bytes, yours; b is empty then */

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
