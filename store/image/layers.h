/* SPDX-License-Identifier: MIT
 *
 * What each layer of an image did, path by path: the tree after any of its layers, with the paths
 * that this layer added, modified, removed, or wrote again with the same content. Told from the
 * session's table of entries, by the rules of merge.h; the archive is not opened.
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
#ifndef XSMALL_IMAGE_LAYERS_H
#define XSMALL_IMAGE_LAYERS_H

#include <stdatomic.h>

#include "image/tree.h"

/* What a layer did to a path. Content is kind, size, hash, a link's target, a device's numbers. */
enum change {
    CHANGE_NONE,
    CHANGE_ADDED,    /* it was not there before */
    CHANGE_MODIFIED, /* it has another content */
    CHANGE_REMOVED,  /* it was there, and is not any more */
    CHANGE_META,     /* written again with the same content: mode, owner, times, attributes */
    N_CHANGES
};

struct layer {
    uint32_t ordinal;     /* from 1, the lowest */
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

#endif
