/* SPDX-License-Identifier: MIT */
#include "util/bit_pack.h"

#include <assert.h>

enum { WORD = 64 };

/* Writes the number into the bits from `bit` on. These bits must be 0; they may span two words. */
static void store_bits(uint64_t *words, size_t bit, size_t width, uint64_t number)
{
    size_t shift = bit % WORD;
    words[bit / WORD] |= number << shift;
    if (shift + width > WORD) {
        assert(shift);
        words[bit / WORD + 1] |= number >> (WORD - shift);
    }
}

void bit_pack(const uint32_t numbers[BIT_PACK_N], struct arena *arena, struct bit_packed *out)
{
    uint32_t least = UINT32_MAX, greatest = 0;
    for (size_t i = 0; i < BIT_PACK_N; i++) {
        least = numbers[i] < least ? numbers[i] : least;
        greatest = numbers[i] > greatest ? numbers[i] : greatest;
    }
    *out = (struct bit_packed){.base = least};
    while (out->width < 32 && (greatest - least) >> out->width)
        out->width++;
    if (!out->width)
        return;
    /* 256 numbers fill the last word completely, for any width. */
    uint64_t *words = arena_alloc(arena, BIT_PACK_N * out->width / 8);
    for (size_t i = 0; i < BIT_PACK_N; i++)
        store_bits(words, i * out->width, out->width, numbers[i] - least);
    out->words = words;
}

uint32_t bit_packed_at(const struct bit_packed *column, size_t i)
{
    if (!column->width)
        return column->base;
    size_t bit = i * column->width, shift = bit % WORD;
    uint64_t number = column->words[bit / WORD] >> shift;
    if (shift + column->width > WORD)
        number |= column->words[bit / WORD + 1] << (WORD - shift);
    return column->base + (uint32_t)(number & ((1ull << column->width) - 1));
}
