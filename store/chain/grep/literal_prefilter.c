/* SPDX-License-Identifier: MIT */
#include "chain/grep/literal_prefilter.h"

#include <string.h>

enum { SAMPLE_BYTES = 64 * 1024 };

void literal_prefilter_set(struct literal_prefilter *needle, struct bytes bytes)
{
    *needle = (struct literal_prefilter){
        .n = bytes.n < sizeof needle->bytes ? bytes.n : sizeof needle->bytes};
    if (needle->n < 2)
        needle->n = 0;
    memcpy(needle->bytes, bytes.n ? bytes.p : "", needle->n);
}

void literal_prefilter_choose(struct literal_prefilter *needle, struct bytes text)
{
    uint32_t counts[256] = {0};
    for (size_t i = 0; i < text.n && i < SAMPLE_BYTES; i++)
        counts[(unsigned char)text.p[i]]++;
    for (size_t i = 0; i < needle->n; i++)
        if (counts[(unsigned char)needle->bytes[i]] <
            counts[(unsigned char)needle->bytes[needle->rare]])
            needle->rare = i;
}

const char *literal_prefilter_find(const struct literal_prefilter *needle, struct bytes text)
{
    if (text.n < needle->n)
        return NULL;
    char rare = needle->bytes[needle->rare];
    const char *at = text.p + needle->rare, *end = text.p + text.n - (needle->n - needle->rare) + 1;
    while ((at = memchr(at, rare, (size_t)(end - at)))) {
        if (!memcmp(at - needle->rare, needle->bytes, needle->n))
            return at - needle->rare;
        at++;
    }
    return NULL;
}
