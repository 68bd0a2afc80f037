/* SPDX-License-Identifier: MIT
 * Random numbers that are the same for the same seed: xorshift64. XSMALL_SEED=N sets the seed. */
#ifndef XSMALL_TESTS_CHANCE_H
#define XSMALL_TESTS_CHANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct chance {
    uint64_t number; /* the seed as the person gives it */
    uint64_t state;  /* never 0 */
};

static inline struct chance chance_begin(uint64_t otherwise)
{
    const char *wanted = getenv("XSMALL_SEED");
    uint64_t number = wanted ? strtoull(wanted, NULL, 10) : otherwise;
    return (struct chance){number, number * 0x9e3779b97f4a7c15u | 1};
}

static inline uint64_t chance_below(struct chance *chance, uint64_t below)
{
    chance->state ^= chance->state << 13;
    chance->state ^= chance->state >> 7;
    chance->state ^= chance->state << 17;
    return (chance->state >> 11) % below;
}

static inline bool chance_one_in(struct chance *chance, uint64_t n)
{
    return chance_below(chance, n) == 0;
}

/* Returns a random element of an array. */
#define CHANCE_PICK(chance, list) ((list)[chance_below((chance), sizeof(list) / sizeof *(list))])

#endif
