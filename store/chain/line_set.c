/* SPDX-License-Identifier: MIT
 *
 * CRoaring adds many single values fast and long ranges fast, but many short ranges slowly.
 * Therefore short ranges are collected as single values.
 */
#include "chain/line_set.h"

#include <roaring/roaring.h>
#include <stdlib.h>

enum {
    SHORT_RUN = 32,    /* lines */
    MAX_SINGLE = 8192, /* values collected before they are added */
    RANGE_BYTES = 8    /* size of a stored range */
};

roaring_bitmap_t *line_set_copy(const roaring_bitmap_t *set)
{
    return set ? roaring_bitmap_copy(set) : NULL;
}

void line_set_free(roaring_bitmap_t *set)
{
    if (set)
        roaring_bitmap_free(set);
}

static void flush(struct line_set_maker *maker)
{
    if (!maker->set)
        maker->set = roaring_bitmap_create();
    roaring_bitmap_add_many(maker->set, maker->n_single, maker->single);
    maker->n_single = 0;
}

void line_set_add(struct line_set_maker *maker, uint32_t first, uint32_t n)
{
    if (!maker->single)
        maker->single = mem_array(NULL, MAX_SINGLE, sizeof *maker->single);
    if (n >= SHORT_RUN || maker->n_single + n > MAX_SINGLE)
        flush(maker);
    if (n >= SHORT_RUN) {
        roaring_bitmap_add_range(maker->set, first, (uint64_t)first + n);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        maker->single[maker->n_single++] = first + i;
}

/* Returns the first bit at or after `from` whose value is `set`, or n. */
static size_t find_bit(const uint64_t *bits, size_t from, size_t n, bool set)
{
    while (from < n) {
        uint64_t word = (set ? bits[from / 64] : ~bits[from / 64]) >> from % 64;
        if (word) {
            from += (size_t)__builtin_ctzll(word);
            return from < n ? from : n;
        }
        from = (from / 64 + 1) * 64;
    }
    return n;
}

void line_set_add_bits(struct line_set_maker *maker, uint32_t first, const uint64_t *bits, size_t n)
{
    for (size_t at = find_bit(bits, 0, n, true); at < n;) {
        size_t end = find_bit(bits, at, n, false);
        line_set_add(maker, first + (uint32_t)at, (uint32_t)(end - at));
        at = find_bit(bits, end, n, true);
    }
}

roaring_bitmap_t *line_set_end(struct line_set_maker *maker)
{
    flush(maker);
    roaring_bitmap_t *set = maker->set;
    free(maker->single);
    *maker = (struct line_set_maker){0};
    roaring_bitmap_run_optimize(set);
    return set;
}

static void append_u32(uint32_t value, struct buf *out)
{
    for (int i = 0; i < 4; i++)
        buf_byte(out, (char)(value >> 8 * i));
}

static uint32_t read_u32(const char *p)
{
    const unsigned char *bytes = (const unsigned char *)p;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Consecutive lines; n 0: empty. */
struct range {
    uint32_t first, n;
};

static void store_range(struct range range, struct buf *out)
{
    if (!range.n)
        return;
    append_u32(range.first, out);
    append_u32(range.n, out);
}

/* Adds a line to the range. If the line does not follow the range, stores the range and begins a
 * new one. */
static void extend_range(struct range *range, uint32_t line, struct buf *out)
{
    if (!range->n || line != range->first + range->n) {
        store_range(*range, out);
        *range = (struct range){line, 0};
    }
    range->n++;
}

void line_set_store(const roaring_bitmap_t *set, struct buf *out)
{
    roaring_uint32_iterator_t at;
    uint32_t lines[1024], n_read;
    struct range range = {0};
    roaring_init_iterator(set, &at);
    while ((n_read = roaring_read_uint32_iterator(&at, lines, 1024)) > 0) {
        for (uint32_t i = 0; i < n_read; i++)
            extend_range(&range, lines[i], out);
    }
    store_range(range, out);
}

roaring_bitmap_t *line_set_load(struct bytes ranges, uint32_t n_lines)
{
    struct line_set_maker maker = {0};
    uint64_t end = 0; /* end of the previous range */
    bool ok = ranges.n % RANGE_BYTES == 0;
    for (size_t i = 0; ok && i < ranges.n; i += RANGE_BYTES) {
        uint32_t first = read_u32(ranges.p + i), n = read_u32(ranges.p + i + 4);
        ok = n > 0 && first >= end && (uint64_t)first + n <= n_lines;
        if (ok)
            line_set_add(&maker, first, n);
        end = (uint64_t)first + n;
    }
    roaring_bitmap_t *set = line_set_end(&maker);
    if (ok)
        return set;
    line_set_free(set);
    return NULL;
}
