/* SPDX-License-Identifier: MIT
 *
 * dive's figures, as its filetree/efficiency.go defines them: each layer is a tree of its own, and
 * its leaves are counted by path. A whiteout is a leaf under the plain name, as big as what dive's
 * own stack of the layers below has there if that is a directory with an entry; that stack knows no
 * opaque markers, and takes a directory that a layer only passes through for no directory.
 */
#include <stdlib.h>

#include "image/merge/layers_private.h"

struct dive_path {
    int64_t least, sum; /* of the sizes that were counted */
    uint32_t n;         /* of them */
    uint32_t in_layer;  /* ordinal of the last layer that has it, or something below it */
    uint32_t above;     /* … that has something below it */
    int64_t size;       /* in the stack */
    bool there, is_dir; /* in the stack */
};

struct diving {
    const struct layers *layers;
    struct dive_path *paths; /* owned; a node each */
    int64_t *sums;           /* owned; sizes in the stack of the nodes before each; n + 1 of them */
};

/* Sizes can come from a stranger's session. */
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

/* The nodes of the layer's own tree: what it names, and the directories above. */
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
