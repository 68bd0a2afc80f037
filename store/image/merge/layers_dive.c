/* SPDX-License-Identifier: MIT
 *
 * dive's figures, as its filetree/efficiency.go defines them: each layer is a tree of its own, and
 * its leaves are counted by path. A whiteout is a leaf with the name of the removed path. Its size
 * is the size of that path in dive's stack of the lower layers if the path is a directory with an
 * entry, else 0. dive's stack ignores opaque markers, and a directory without an entry in a layer
 * does not count as a directory.
 */
#include <stdlib.h>

#include "image/merge/layers_private.h"

struct dive_path {
    int64_t least, sum; /* minimum and sum of the sizes of the path that dive counts */
    uint32_t n;         /* number of these sizes */
    uint32_t in_layer;  /* ordinal of the last layer that has the path, or a path below it */
    uint32_t above;     /* ordinal of the last layer that has a path below it */
    int64_t size;       /* in dive's stack */
    bool there, is_dir; /* in dive's stack */
};

struct diving {
    const struct layers *layers;
    struct dive_path *paths; /* owned; by node */
    int64_t *sums;           /* owned; by node: sum of the stack's sizes before it; n + 1 values */
};

/* Adds two sizes without overflow, because sizes can come from a hostile session. */
static int64_t plus(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static void count(struct dive_path *path, int64_t size)
{
    path->least = !path->n || size < path->least ? size : path->least;
    path->sum = plus(path->sum, size);
    path->n++;
}

/* Marks the nodes of the layer's own tree: its paths, and the directories above them. */
static void lay_out(struct diving *d, const struct layer_entries *entries, uint32_t ordinal)
{
    const struct node *nodes = d->layers->tree->nodes;
    for (size_t i = 0; i < entries->n; i++) {
        const struct layer_entry *entry = &entries->list[i];
        if (entry->node == NODE_NONE)
            continue;
        if (entry->kind != LAYER_WHITEOUT)
            d->paths[entry->node].in_layer = ordinal;
        for (uint32_t up = nodes[entry->node].parent;
             up != NODE_NONE && d->paths[up].above != ordinal; up = nodes[up].parent)
            d->paths[up].in_layer = d->paths[up].above = ordinal;
    }
}

static void sum_stack(struct diving *d)
{
    d->sums[0] = 0;
    for (uint32_t node = 0; node < d->layers->tree->n; node++)
        d->sums[node + 1] = plus(d->sums[node], d->paths[node].there ? d->paths[node].size : 0);
}

static int64_t size_of(const struct diving *d, const struct layer_entry *entry)
{
    const struct dive_path *path = &d->paths[entry->node];
    if (entry->kind == LAYER_ENTRY)
        return d->layers->states[entry->state].size;
    if (entry->kind != LAYER_WHITEOUT || !path->there || !path->is_dir)
        return 0;
    uint32_t end = entry->node + d->layers->tree->nodes[entry->node].n_below + 1;
    return d->sums[end] - d->sums[entry->node];
}

static void count_leaves(struct diving *d, const struct layer_entries *entries, uint32_t ordinal)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct layer_entry *entry = &entries->list[i];
        if (entry->node == NODE_NONE || entry->node == NODE_ROOT)
            continue;
        struct dive_path *path = &d->paths[entry->node];
        bool is_leaf = entry->kind == LAYER_WHITEOUT || path->above != ordinal;
        if (is_leaf && entry->kind != LAYER_OPAQUE)
            count(path, size_of(d, entry));
    }
}

static void stack(struct diving *d, const struct layer_entries *entries, uint32_t ordinal)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct layer_entry *entry = &entries->list[i];
        if (entry->kind != LAYER_WHITEOUT || entry->node == NODE_NONE ||
            !d->paths[entry->node].there)
            continue;
        uint32_t last = entry->node + d->layers->tree->nodes[entry->node].n_below;
        for (uint32_t node = entry->node; node <= last; node++)
            d->paths[node].there = false;
    }
    for (uint32_t node = 0; node < d->layers->tree->n; node++) {
        struct dive_path *path = &d->paths[node];
        if (path->in_layer != ordinal)
            continue;
        path->there = true;
        path->is_dir = false;
        path->size = 0;
    }
    for (size_t i = 0; i < entries->n; i++) {
        const struct layer_entry *entry = &entries->list[i];
        if (entry->kind != LAYER_ENTRY || entry->node == NODE_NONE)
            continue;
        d->paths[entry->node].size = d->layers->states[entry->state].size;
        d->paths[entry->node].is_dir = d->layers->states[entry->state].kind == NODE_DIR;
    }
}

static void add_up(const struct diving *d, struct dive *out)
{
    int64_t least = 0, sum = 0;
    for (uint32_t node = 0; node < d->layers->tree->n; node++) {
        const struct dive_path *path = &d->paths[node];
        least = plus(least, path->least);
        sum = plus(sum, path->sum);
        if (path->n > 1)
            out->wasted_bytes = plus(out->wasted_bytes, path->sum);
    }
    out->efficiency = sum ? (double)least / (double)sum : 1;
    for (size_t i = 1; i < d->layers->n; i++)
        out->user_bytes = plus(out->user_bytes, d->layers->all[i].bytes);
}

void layers_dive(struct layers *layers, const struct layer_entries *entries)
{
    uint32_t n = layers->tree->n;
    struct diving d = {.layers = layers,
                       .paths = mem_zero(n, sizeof *d.paths),
                       .sums = mem_zero((size_t)n + 1, sizeof *d.sums)};
    layers->dive = (struct dive){0};
    for (size_t i = 0; i < layers->n; i++) {
        uint32_t ordinal = layers->all[i].ordinal;
        lay_out(&d, &entries[i], ordinal);
        sum_stack(&d);
        count_leaves(&d, &entries[i], ordinal);
        stack(&d, &entries[i], ordinal);
    }
    add_up(&d, &layers->dive);
    free(d.paths);
    free(d.sums);
}
