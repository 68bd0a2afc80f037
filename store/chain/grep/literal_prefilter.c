/* SPDX-License-Identifier: MIT */
#include "chain/grep/literal_prefilter.h"

#include <string.h>

enum { SAMPLE_BYTES = 64 * 1024 };

void literal_prefilter_set(struct literal_prefilter *literal, struct bytes bytes)
{
    *literal = (struct literal_prefilter){
        .n = bytes.n < sizeof literal->bytes ? bytes.n : sizeof literal->bytes};
    if (literal->n < 2)
        literal->n = 0;
    memcpy(literal->bytes, bytes.n ? bytes.p : "", literal->n);
}

void literal_prefilter_choose(struct literal_prefilter *literal, struct bytes text)
{
    uint32_t counts[256] = {0};
    for (size_t i = 0; i < text.n && i < SAMPLE_BYTES; i++)
        counts[(unsigned char)text.p[i]]++;
    for (size_t i = 0; i < literal->n; i++)
        if (counts[(unsigned char)literal->bytes[i]] <
            counts[(unsigned char)literal->bytes[literal->rare]])
            literal->rare = i;
}

const char *literal_prefilter_find(const struct literal_prefilter *literal, struct bytes text)
{
    if (text.n < literal->n)
        return NULL;
    char rare = literal->bytes[literal->rare];
    const char *at = text.p + literal->rare,
               *end = text.p + text.n - (literal->n - literal->rare) + 1;
    while ((at = memchr(at, rare, (size_t)(end - at)))) {
        if (!memcmp(at - literal->rare, literal->bytes, literal->n))
            return at - literal->rare;
        at++;
    }
    return NULL;
}
