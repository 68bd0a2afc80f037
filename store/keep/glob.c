/* SPDX-License-Identifier: MIT */
#include "keep/glob.h"

bool glob_is_pattern(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '*' || text.p[i] == '?' || text.p[i] == '[')
            return true;
    return false;
}

/* Returns whether c is in the class that begins after the '[' at pattern[*at]; moves *at after its
 * ']'. Without a closing bracket the '[' is literal and *at does not move. */
static bool match_class(struct bytes pattern, size_t *at, unsigned char c)
{
    size_t i = *at;
    bool negated = i < pattern.n && (pattern.p[i] == '!' || pattern.p[i] == '^');
    bool found = false;
    i += negated;
    for (size_t first = i; i < pattern.n && (pattern.p[i] != ']' || i == first); i++) {
        if (pattern.p[i] == '\\' && i + 1 < pattern.n)
            i++;
        unsigned char low = (unsigned char)pattern.p[i], high = low;
        if (i + 2 < pattern.n && pattern.p[i + 1] == '-' && pattern.p[i + 2] != ']') {
            high = (unsigned char)pattern.p[i + 2];
            i += 2;
        }
        found = found || (low <= c && c <= high);
    }
    if (i >= pattern.n)
        return false;
    *at = i + 1;
    return found != negated;
}

/* Returns whether a byte matches the element at pattern[*at]; moves *at after the element. */
static bool match_one(struct bytes pattern, size_t *at, char c)
{
    char p = pattern.p[(*at)++];
    if (p == '?')
        return true;
    if (p == '[') {
        size_t before = *at;
        bool in_class = match_class(pattern, at, (unsigned char)c);
        return *at == before ? c == '[' : in_class;
    }
    if (p == '\\' && *at < pattern.n)
        p = pattern.p[(*at)++];
    return p == c;
}

/* Backtracking: only the last star has to match one more byte; earlier stars do not change. */
bool glob_match(struct bytes pattern, struct bytes name)
{
    size_t at = 0, i = 0, star = SIZE_MAX, star_i = 0;
    while (i < name.n) {
        if (at < pattern.n && pattern.p[at] == '*') {
            star = ++at;
            star_i = i;
            continue;
        }
        if (at < pattern.n && match_one(pattern, &at, name.p[i])) {
            i++;
            continue;
        }
        if (star == SIZE_MAX)
            return false;
        at = star;
        i = ++star_i;
    }
    while (at < pattern.n && pattern.p[at] == '*')
        at++;
    return at == pattern.n;
}
