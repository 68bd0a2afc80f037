/* SPDX-License-Identifier: MIT */
#include "screen/search_match.h"

#include <string.h>

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_exact(struct bytes needle)
{
    for (size_t i = 0; i < needle.n; i++)
        if (needle.p[i] >= 'A' && needle.p[i] <= 'Z')
            return true;
    return false;
}

static bool starts_folded(struct bytes text, struct bytes needle)
{
    if (text.n < needle.n)
        return false;
    for (size_t i = 0; i < needle.n; i++)
        if (fold(text.p[i]) != needle.p[i])
            return false;
    return true;
}

bool search_match_at(struct bytes text, struct bytes needle)
{
    if (!needle.n)
        return false;
    return is_exact(needle) ? bytes_starts(text, needle) : starts_folded(text, needle);
}

bool search_match_in(struct bytes text, struct bytes needle)
{
    if (!needle.n || text.n < needle.n)
        return false;
    if (is_exact(needle))
        return memmem(text.p, text.n, needle.p, needle.n);
    for (size_t at = 0; at + needle.n <= text.n; at++)
        if (starts_folded(bytes_skip(text, at), needle))
            return true;
    return false;
}
