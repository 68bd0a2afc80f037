/* SPDX-License-Identifier: MIT
 *
 * Lists failed look-ups. A search tries one name in a list of directories (PATH, the search path of
 * the loader or of a compiler). Therefore the failures of all paths with the same last component
 * are one row.
 */
#include <errno.h>
#include <stdlib.h>

#include "report/pivot_private.h"
#include "util/map.h"
#include "util/path.h"

static bool is_absence(int32_t error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/* Returns whether the result of an access shows that the path exists. Some errors show it too: not
 * a symbolic link, already exists, is a directory. */
static bool is_there(const struct access_type *way)
{
    return way->error ? way->error == EINVAL || way->error == EEXIST || way->error == EISDIR
                      : way->kind != ACCESS_REMOVED;
}

/* The look-ups of one path. */
struct looked {
    uint32_t times, line, name; /* name: index + 1 in the searches, 0: not set */
    int32_t error;
    bool there;
};

static void look(const struct pivot_input *input, const struct uses *uses,
                 const struct pivot_filter *filter, struct looked *looked)
{
    const struct accesses *accesses = input->accesses;
    for (size_t i = 0; i < accesses->n; i++) {
        if (!uses->times[i])
            continue;
        struct access_row row = access_at(accesses, i);
        struct looked *at = &looked[row.path];
        at->there = at->there || is_there(row.type);
        if (!is_absence(row.type->error) || !uses_pass(input, filter, i))
            continue;
        if (!at->times || uses->lines[i] < at->line) {
            at->line = uses->lines[i];
            at->error = row.type->error;
        }
        at->times += uses->times[i];
    }
}

/* Makes the searches with the number of their places; `names` maps names to searches. */
static void name_all(const struct accesses *accesses, struct looked *looked, struct map *names,
                     struct pivot *out)
{
    size_t cap = 0;
    for (size_t i = 0; i < accesses->n_paths; i++) {
        bool is_new;
        if (!looked[i].times)
            continue;
        struct bytes name = path_base(accesses->paths[i].path);
        uint64_t *at = map_at(names, name, &is_new);
        if (is_new) {
            ARRAY_ROOM(out->searches, out->n, cap);
            out->searches[out->n] = (struct pivot_search){.name = name, .found = UINT32_MAX};
            *at = ++out->n;
        }
        looked[i].name = (uint32_t)*at;
        out->searches[*at - 1].n++;
        out->searches[*at - 1].times += looked[i].times;
    }
}

static int by_line(const void *a, const void *b)
{
    const struct pivot_place *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static void place_all(const struct accesses *accesses, const struct looked *looked,
                      const struct map *names, struct pivot *out)
{
    uint32_t total = 0;
    for (size_t i = 0; i < out->n; i++) {
        out->searches[i].first = total;
        total += out->searches[i].n;
        out->searches[i].n = 0;
    }
    out->places = mem_array(NULL, total + 1, sizeof *out->places);
    for (size_t i = 0; i < accesses->n_paths; i++) {
        if (looked[i].there) {
            const uint64_t *at = map_find(names, path_base(accesses->paths[i].path));
            if (at && out->searches[*at - 1].found == UINT32_MAX)
                out->searches[*at - 1].found = (uint32_t)i;
        }
        if (!looked[i].times)
            continue;
        struct pivot_search *search = &out->searches[looked[i].name - 1];
        out->places[search->first + search->n++] =
            (struct pivot_place){(uint32_t)i, looked[i].times, looked[i].line, looked[i].error};
    }
    for (size_t i = 0; i < out->n; i++)
        qsort(out->places + out->searches[i].first, out->searches[i].n, sizeof *out->places,
              by_line);
}

static int by_interest(const void *a, const void *b)
{
    const struct pivot_search *x = a, *y = b;
    bool found_x = x->found != UINT32_MAX, found_y = y->found != UINT32_MAX;
    if (found_x != found_y)
        return found_x ? 1 : -1;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return bytes_compare(x->name, y->name);
}

void pivot_make_searches(const struct pivot_input *input, const struct uses *uses,
                         const struct pivot_filter *filter, struct pivot *out)
{
    MEM_AUTO struct looked *looked = mem_zero(input->accesses->n_paths + 1, sizeof *looked);
    struct map names = {0};
    look(input, uses, filter, looked);
    name_all(input->accesses, looked, &names, out);
    place_all(input->accesses, looked, &names, out);
    map_finish(&names);
    if (out->n)
        qsort(out->searches, out->n, sizeof *out->searches, by_interest);
}
