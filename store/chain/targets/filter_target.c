/* SPDX-License-Identifier: MIT */
#include "chain/targets/filter_target.h"

#include <stdlib.h>

#define TARGET_POINTER(name) &target_##name,
static const struct filter_target *const targets[] = {FILTER_TARGETS(TARGET_POINTER)};

enum { N_TARGETS = sizeof targets / sizeof *targets };

const struct filter_target *filter_target_at(size_t i)
{
    return i < N_TARGETS ? targets[i] : NULL;
}

const struct filter_target *filter_target_find(struct bytes name)
{
    for (size_t i = 0; i < N_TARGETS; i++)
        if (bytes_equal(name, bytes_of(targets[i]->name)))
            return targets[i];
    return NULL;
}

const struct filter_target *filter_target_next(const struct filter_target *target)
{
    size_t i = 0;
    while (targets[i] != target)
        i++;
    return targets[(i + 1) % N_TARGETS];
}

void filter_target_print_label(const struct filter_target *target, struct buf *out)
{
    if (target != &target_line)
        buf_printf(out, "%s: ", target->name);
}

bool filter_target_match_rows(const struct filter_target *target,
                              const struct line_paths *line_paths, const struct pattern *pattern,
                              const atomic_bool *cancel, uint64_t **rows, struct err *err)
{
    const struct accesses *accesses = line_paths_accesses(line_paths);
    size_t n = accesses ? accesses->n : 0;
    MEM_AUTO uint64_t *matches = NULL;
    if (n && !target->match_calls(line_paths, pattern, cancel, &matches, err))
        return false;
    uint64_t *found = *rows = mem_zero(n / 64 + 1, sizeof *found);
    for (size_t i = 0, mate = n; i < n; i++) {
        struct access_row row = access_at(accesses, i);
        size_t text = target->text_of(line_paths, &row);
        bool matched = matches[text / 64] >> text % 64 & 1;
        found[i / 64] |= (uint64_t)matched << i % 64;
        if (matched && mate + 1 == i)
            found[mate / 64] |= 1ull << mate % 64;
        if (row.type->pair)
            mate = i;
    }
    return true;
}
