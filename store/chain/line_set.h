/* SPDX-License-Identifier: MIT
 *
 * A set of lines, built in ascending order, and its stored form as ranges.
 *
 *     struct line_set_maker maker = {0};
 *     line_set_add(&maker, 10, 3);              // lines 10, 11, 12
 *     roaring_bitmap_t *set = line_set_end(&maker);
 */
#ifndef XSMALL_CHAIN_LINE_SET_H
#define XSMALL_CHAIN_LINE_SET_H

#include "util/bitmap_type.h"
#include "util/bytes.h"

/* All zero: an empty set. */
struct line_set_maker {
    roaring_bitmap_t *set; /* owned; NULL until the first line */
    uint32_t *single;      /* owned; lines of short ranges, not in set yet */
    size_t n_single;
};

/* Adds n lines (at least 1), beginning with first. */
void line_set_add(struct line_set_maker *maker, uint32_t first, uint32_t n);
/* Adds line first + i for each bit i < n that is set in bits. */
void line_set_add_bits(struct line_set_maker *maker, uint32_t first, const uint64_t *bits,
                       size_t n);
/* Returns the set and empties maker. The caller owns the set: line_set_free. */
roaring_bitmap_t *line_set_end(struct line_set_maker *maker);

/* Returns a copy, which the caller owns; NULL if set is NULL. */
roaring_bitmap_t *line_set_copy(const roaring_bitmap_t *set);
void line_set_free(roaring_bitmap_t *set); /* NULL is allowed, unlike for CRoaring */

/* Appends the set as pairs of little-endian uint32: first line, number of lines. */
void line_set_store(const roaring_bitmap_t *set, struct buf *out);
/* Reads the pairs that line_set_store wrote. A session can come from an untrusted source: returns
 * NULL if the pairs are not sorted, overlap, or exceed n_lines. */
roaring_bitmap_t *line_set_load(struct bytes ranges, uint32_t n_lines);

#endif
