/* SPDX-License-Identifier: MIT
 *
 * Packs 256 numbers. Each number uses as many bits as the difference between the greatest and the
 * least number needs. Any number can be read without unpacking the others.
 *
 *     struct bit_packed column;
 *     bit_pack(numbers, &arena, &column);
 *     bit_packed_at(&column, 255) == numbers[255]
 */
#ifndef XSMALL_UTIL_BIT_PACK_H
#define XSMALL_UTIL_BIT_PACK_H

#include "util/arena.h"

enum { BIT_PACK_N = 256 };

struct bit_packed {
    const uint64_t *words; /* in the arena; NULL where width is 0 */
    uint32_t base;
    uint32_t width; /* bits a number, at most 32 */
};

void bit_pack(const uint32_t numbers[BIT_PACK_N], struct arena *arena, struct bit_packed *out);
uint32_t bit_packed_at(const struct bit_packed *column, size_t i); /* i < BIT_PACK_N */

#endif
