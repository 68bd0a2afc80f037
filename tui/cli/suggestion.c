/* SPDX-License-Identifier: MIT */
#include "cli/suggestion.h"

#include <string.h>

enum { WORD_MAX = 32 };

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns the number of edits (optimal string alignment) between words of at most WORD_MAX bytes.
 */
static size_t edits(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t rows[3][WORD_MAX + 1]; /* of the last three letters of a */
    for (size_t k = 0; k <= n_b; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= n_a; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= n_b; k++) {
            row[k] = min(min(row[k - 1], above[k]) + 1, above[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = min(row[k], two_above[k - 2] + 1);
        }
    }
    return rows[n_a % 3][n_b];
}

void suggestion_try(struct suggestion *suggestion, const char *typed, const char *known)
{
    size_t n_typed = strlen(typed), n_known = strlen(known);
    size_t limit = n_typed <= 3 ? 1 : 2;
    if (!n_typed || n_typed > WORD_MAX || n_known > WORD_MAX)
        return;
    size_t distance = edits(typed, n_typed, known, n_known);
    if (distance > limit && n_typed >= 2 && !strncmp(typed, known, n_typed))
        distance = limit; /* a prefix */
    if (distance > limit || (suggestion->best && distance >= suggestion->distance))
        return;
    suggestion->best = known;
    suggestion->distance = distance;
}
