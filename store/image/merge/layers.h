/* SPDX-License-Identifier: MIT
 *
 * What each layer of an image did, path by path: the tree after any of its layers, with the paths
 * that this layer added, modified, removed, or wrote again with the same content. Told from the
 * session's table of entries, by the rules of layer_merge.h; the archive is not opened. With it,
 * which contents are dead: who wrote them, which layer took them away, and why; and dive's figures.
 *
 *     struct layers *layers;
 *     if (!layers_read(db, image, NULL, &layers, err)) …
 *     layers_choose(layers, 3);
 *     for (uint32_t node = 0; node < layers->tree->n; node++)
 *         if (layers->changes[node] == CHANGE_REMOVED) …
 *     layers_destroy(layers);
 *
 * Belongs to one thread at a time.
 */
#ifndef XSMALL_IMAGE_MERGE_LAYERS_H
#define XSMALL_IMAGE_MERGE_LAYERS_H

#include <stdatomic.h>

#include "image/tree/tree.h"

/* What a layer did to a path. Content is kind, size, hash, a link's target, a device's numbers. */
enum change {
    CHANGE_NONE,
    CHANGE_ADDED,    /* it was not there before */
    CHANGE_MODIFIED, /* it has another content */
    CHANGE_REMOVED,  /* it was there, and is not any more */
    CHANGE_META,     /* written again with the same content: mode, owner, times, attributes */
    N_CHANGES
};

/* Why contents that a layer wrote are not in the image. */
enum death {
    DEATH_OVERWRITTEN,    /* another content was written at the path */
    DEATH_REWRITTEN,      /* the same content was written again: chmod, chown, touch */
    DEATH_REPLACED,       /* something of another kind is at the path */
    DEATH_REPLACED_ABOVE, /* a directory above is no directory any more */
    DEATH_WHITEOUT,       /* removed by a whiteout */
    DEATH_WHITEOUT_ABOVE, /* by a whiteout of a directory above */
    DEATH_OPAQUE,         /* by the opaque marker of a directory above */
    N_DEATHS
};
/* "overwritten", "rewritten", "replaced", "replaced above", "whiteout", "whiteout above", "opaque".
 */
const char *death_name(enum death death);

/* Contents that the image does not show: a file that a layer wrote and of which no name is left. */
struct dead {
    uint32_t node;           /* the path that it was written at */
    uint32_t last;           /* the name that was left last: node, unless it had hard links */
    uint32_t writer, killer; /* ordinals */
    enum death reason;
    int64_t bytes; /* more than 0 */
};

/* What dive (github.com/wagoodman/dive) makes of the same layers: efficiency is the smallest size
 * of each path over all sizes of it; wasted are all sizes of the paths that come more than once. A
 * path is counted in the layers that it is a leaf of, directories included; a whiteout counts as
 * the directory that it removes, 0 for a file. (A whiteout of nothing, which makes dive give up the
 * rest of its layer, is 0 here.) */
struct dive {
    double efficiency; /* 0 to 1 */
    int64_t wasted_bytes;
    int64_t user_bytes; /* contents of all layers but the first */
};

struct layer {
    uint32_t ordinal; /* from 1, the lowest */
    struct bytes diff_id;
    struct bytes command; /* of the history; n 0: none */
    int64_t bytes;        /* contents that it writes */
    int64_t dead_bytes;   /* of them, what the image does not show */
    uint32_t n[N_CHANGES];
    int64_t killed_bytes;   /* contents of lower layers at the paths that it removed */
    size_t first, n_events; /* its part of events */
};

struct layers {
    /* All paths that any layer ever had. The attributes of a node are those after the layer chosen;
     * of a removed path those that it had. peer is not set. */
    struct tree *tree;
    uint8_t *there;    /* a byte a node: 1: it is there after the layer chosen */
    uint8_t *changes;  /* enum change of the layer chosen, a byte a node */
    uint32_t chosen;   /* its ordinal */
    struct layer *all; /* by ordinal, without gaps */
    size_t n;
    struct layer_event *events; /* in the order of layers */
    size_t n_events;
    struct dead *dead; /* the biggest first, then by node and writer */
    size_t n_dead;
    struct dive dive;
    struct node *states; /* attributes of versions of paths; 0: absent, 1: made without an entry */
    uint32_t n_states;
};

/* Reads the image's layers; the topmost one is chosen. *out is yours: layers_destroy. cancel may be
 * NULL. */
bool layers_read(struct db *db, int64_t image, const atomic_bool *cancel, struct layers **out,
                 struct err *err);
void layers_destroy(struct layers *layers); /* NULL is allowed */
/* Chooses a layer by its ordinal; one that is out of range means the nearest. */
void layers_choose(struct layers *layers, uint32_t ordinal);
/* For each node the layer that it first came with, and the one since which it is not there, 0 where
 * it is in the image. Each has tree->n places. */
void layers_history(const struct layers *layers, uint32_t *first, uint32_t *gone);

#endif
