/* SPDX-License-Identifier: MIT
 *
 *     thread ─┐
 *     thread ─┴─ descriptors ─┐
 *     forked ─── descriptors ─┴─ table, sorted by fd, copied by the first of the two that changes
 * it
 */
#include "trace/follow/descriptors.h"

#include <stdlib.h>
#include <string.h>

struct table {
    size_t refs;
    struct descriptor *items; /* owned */
    size_t n, cap;
};

struct descriptors {
    size_t refs;
    struct table *table;
    struct descriptors_sum *sum; /* borrowed */
};

struct descriptors *descriptors_create(struct descriptors_sum *sum)
{
    struct descriptors *fds = mem_zero(1, sizeof *fds);
    fds->refs = 1;
    fds->sum = sum;
    fds->table = mem_zero(1, sizeof *fds->table);
    fds->table->refs = 1;
    return fds;
}

struct descriptors *descriptors_share(struct descriptors *fds)
{
    fds->refs++;
    return fds;
}

struct descriptors *descriptors_fork(struct descriptors *fds)
{
    struct descriptors *copy = mem_zero(1, sizeof *copy);
    copy->refs = 1;
    copy->sum = fds->sum;
    copy->table = fds->table;
    copy->table->refs++;
    return copy;
}

static void release_table(struct descriptors *fds)
{
    if (--fds->table->refs)
        return;
    fds->sum->n -= fds->table->n;
    free(fds->table->items);
    free(fds->table);
}

void descriptors_release(struct descriptors *fds)
{
    if (!fds || --fds->refs)
        return;
    release_table(fds);
    free(fds);
}

/* Returns the table for a change; copies it first if it is shared. */
static struct table *user_files_table(struct descriptors *fds)
{
    struct table *old = fds->table;
    if (old->refs == 1)
        return old;
    struct table *table = mem_zero(1, sizeof *table);
    table->refs = 1;
    if (fds->sum->n + old->n > DESCRIPTORS_ALL_MAX) {
        fds->sum->left_out = true;
    } else if (old->n) {
        table->items = mem_array(NULL, old->n, sizeof *table->items);
        memcpy(table->items, old->items, old->n * sizeof *table->items);
        table->n = table->cap = old->n;
        fds->sum->n += old->n;
    }
    old->refs--;
    fds->table = table;
    return table;
}

/* Returns the index of the first descriptor that is not less than fd. */
static size_t place_of(const struct table *table, int32_t fd)
{
    size_t low = 0, high = table->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table->items[middle].fd < fd)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct descriptor *descriptors_get(const struct descriptors *fds, int32_t fd)
{
    size_t at = place_of(fds->table, fd);
    return at < fds->table->n && fds->table->items[at].fd == fd ? &fds->table->items[at] : NULL;
}

void descriptors_put(struct descriptors *fds, struct descriptor descriptor)
{
    struct table *table = user_files_table(fds);
    size_t at = place_of(table, descriptor.fd);
    if (at == table->n || table->items[at].fd != descriptor.fd) {
        if (table->n >= DESCRIPTORS_MAX || fds->sum->n >= DESCRIPTORS_ALL_MAX) {
            fds->sum->left_out = true;
            return;
        }
        ARRAY_ROOM(table->items, table->n, table->cap);
        memmove(table->items + at + 1, table->items + at, (table->n - at) * sizeof *table->items);
        table->n++;
        fds->sum->n++;
    }
    table->items[at] = descriptor;
}

void descriptors_drop(struct descriptors *fds, int32_t first, int32_t last)
{
    size_t from = place_of(fds->table, first);
    if (from == fds->table->n || fds->table->items[from].fd > last)
        return;
    struct table *table = user_files_table(fds);
    size_t to = from;
    while (to < table->n && table->items[to].fd <= last)
        to++;
    if (from >= table->n)
        return; /* the copy was empty from the start */
    memmove(table->items + from, table->items + to, (table->n - to) * sizeof *table->items);
    table->n -= to - from;
    fds->sum->n -= to - from;
}

void descriptors_set_cloexec(struct descriptors *fds, int32_t first, int32_t last, bool cloexec)
{
    size_t from = place_of(fds->table, first);
    if (from == fds->table->n || fds->table->items[from].fd > last)
        return;
    struct table *table = user_files_table(fds);
    for (size_t i = from; i < table->n && table->items[i].fd <= last; i++)
        table->items[i].cloexec = cloexec;
}

void descriptors_copy(struct descriptors *fds, int32_t from, int32_t to, bool cloexec)
{
    const struct descriptor *known = descriptors_get(fds, from);
    if (from == to)
        return;
    if (!known) {
        descriptors_drop(fds, to, to);
        return;
    }
    struct descriptor copy = *known;
    copy.fd = to;
    copy.cloexec = cloexec;
    descriptors_put(fds, copy);
}

void descriptors_exec(struct descriptors *fds)
{
    bool any = false;
    for (size_t i = 0; i < fds->table->n; i++)
        any = any || fds->table->items[i].cloexec;
    if (!any)
        return;
    struct table *table = user_files_table(fds);
    size_t n = 0;
    for (size_t i = 0; i < table->n; i++)
        if (!table->items[i].cloexec)
            table->items[n++] = table->items[i];
    fds->sum->n -= table->n - n;
    table->n = n;
}
