/* SPDX-License-Identifier: MIT
 * Runs a fuzz target without libFuzzer: on each given file (seeds and earlier findings) unchanged,
 * and on N mutations of it that are the same in each run.
 *
 *     replay_TARGET N [FILE ...]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_BYTES = 1 << 20 };

static uint32_t chance(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525 + 1013904223; /* Numerical Recipes' generator */
    return (uint32_t)((uint64_t)*state * below >> 32);
}

/* Changes, removes or doubles a few bytes; returns the new length. */
static size_t mutate(uint8_t *data, size_t n, uint32_t *state)
{
    for (uint32_t i = chance(state, 6) + 1; i > 0 && n > 0; i--) {
        size_t at = chance(state, (uint32_t)n), k = 1 + chance(state, 16);
        k = k < n - at ? k : n - at;
        switch (chance(state, 4)) {
        case 0:
            data[at] = (uint8_t)chance(state, 256);
            break;
        case 1:
            data[at] ^= (uint8_t)(1u << chance(state, 8));
            break;
        case 2:
            memmove(data + at, data + at + k, n - at - k);
            n -= k;
            break;
        default:
            if (n + k > MAX_BYTES)
                break;
            memmove(data + at + k, data + at, n - at);
            n += k;
        }
    }
    return n;
}

/* In a block of its exact size, so that the sanitizer detects reads past its end. */
static void run(const uint8_t *data, size_t n)
{
    uint8_t *own = malloc(n ? n : 1);
    if (!own)
        abort();
    memcpy(own, data, n);
    LLVMFuzzerTestOneInput(own, n);
    free(own);
}

static void replay(const uint8_t *seed, size_t n, long n_mutations)
{
    static uint8_t data[MAX_BYTES];
    uint32_t state = 1;
    run(seed, n);
    for (long i = 0; i < n_mutations; i++) {
        memcpy(data, seed, n);
        run(data, mutate(data, n, &state));
    }
}

int main(int argc, char **argv)
{
    static uint8_t seed[MAX_BYTES];
    if (argc < 2)
        return 2;
    run(seed, 0);
    for (int i = 2; i < argc; i++) {
        FILE *file = fopen(argv[i], "rbe");
        if (!file) {
            perror(argv[i]);
            return 2;
        }
        size_t n = fread(seed, 1, sizeof seed, file);
        fclose(file);
        replay(seed, n, strtol(argv[1], NULL, 10));
    }
    return 0;
}
