/* SPDX-License-Identifier: MIT
 *
 * Shows the changes of each layer of an image, path by path: the tree after a layer, with the paths
 * that the layer added, modified, removed, or wrote again with the same content. The changes are
 * computed from the session's table of entries by the rules of layer_merge.h; the archive is not
 * opened. Also lists the dead contents (hidden by later layers): which layer wrote them, which
 * layer hid them, and why. Also computes dive's figures.
 *
 *     struct layers *layers;
 *     if (!layers_read(db, image, NULL, &layers, err)) …
 *     layers_choose(layers, 3);
 *     for (uint32_t node = 0; node < layers->tree->n; node++)
 *         if (layers->changes[node] == CHANGE_REMOVED) …
 *     layers_destroy(layers);
 *
 * Use from one thread at a time.
 */
#ifndef XSMALL_IMAGE_MERGE_LAYERS_H
#define XSMALL_IMAGE_MERGE_LAYERS_H

#include <stdatomic.h>

#include "image/tree/tree.h"

/* The change of a path by a layer. Content means kind, size, hash, a symlink's target, a device's
 * numbers. */
enum change {
    CHANGE_NONE,
    CHANGE_ADDED,    /* the path did not exist before */
    CHANGE_MODIFIED, /* the content changed */
    CHANGE_REMOVED,  /* the path existed before and does not exist now */
    CHANGE_META,     /* written again with the same content: mode, owner, times, attributes */
    N_CHANGES
};

/* Why the image does not show contents that a layer wrote. */
enum death {
    DEATH_OVERWRITTEN,    /* a later layer wrote another content at the path */
    DEATH_REWRITTEN,      /* a later layer wrote the same content again: chmod, chown, touch */
    DEATH_REPLACED,       /* the path has another kind now */
    DEATH_REPLACED_ABOVE, /* a parent directory is not a directory any more */
    DEATH_WHITEOUT,       /* removed by a whiteout */
    DEATH_WHITEOUT_ABOVE, /* removed by a whiteout of a parent directory */
    DEATH_OPAQUE,         /* removed by the opaque marker of a parent directory */
    N_DEATHS
};
/* Returns "overwritten", "rewritten", "replaced", "replaced above", "whiteout", "whiteout above" or
 * "opaque". */
const char *death_name(enum death death);

/* Contents that the image does not show: a layer wrote the file, and none of its names is left. */
struct dead {
    uint32_t node; /* the path at which the file was written */
    uint32_t last; /* the last name of the file: equal to node, unless the file had hard links */
    uint32_t writer, killer; /* ordinals of layers */
    enum death reason;
    int64_t bytes; /* more than 0 */
};

/* The figures that dive (github.com/wagoodman/dive) shows for the same layers. Efficiency is the
 * sum of the smallest size of each path, divided by the sum of all sizes of all paths. Wasted bytes
 * are the sum of all sizes of the paths that several layers have. A path counts in each layer in
 * which it is a leaf, also if it is a directory. A whiteout counts with the size of the directory
 * that it removes, or 0 for a file. A whiteout of a path that does not exist counts 0; dive skips
 * the rest of such a layer. */
struct dive {
    double efficiency; /* 0 to 1 */
    int64_t wasted_bytes;
    int64_t user_bytes; /* contents of all layers but the first */
};

struct layer {
    uint32_t ordinal; /* from 1, the lowest */
    struct bytes diff_id;
    struct bytes command; /* command in the history; n is 0 if unknown */
    int64_t bytes;        /* bytes of contents that the layer wrote */
    int64_t dead_bytes;   /* part of bytes that the image does not show */
    uint32_t n[N_CHANGES];
    int64_t killed_bytes;   /* contents of lower layers at the paths that the layer removed */
    size_t first, n_events; /* range of this layer in events */
};

struct layers {
    /* All paths of all layers. A node has the attributes after the chosen layer; a removed path has
     * its last attributes. peer is not set. */
    struct tree *tree;
    uint8_t *there;    /* one byte per node; 1: the node exists after the chosen layer */
    uint8_t *changes;  /* enum change of the chosen layer, one byte per node */
    uint32_t chosen;   /* ordinal of the chosen layer */
    struct layer *all; /* by ordinal, without gaps */
    size_t n;
    struct layer_event *events; /* in the order of layers */
    size_t n_events;
    struct dead *dead; /* the biggest first, then by node and writer */
    size_t n_dead;
    struct dive dive;
    struct node *states; /* versions of nodes; index 0: absent, 1: directory without an entry */
    uint32_t n_states;
};

/* Reads the image's layers and chooses the topmost layer. The caller owns *out: layers_destroy.
 * cancel may be NULL. */
bool layers_read(struct db *db, int64_t image, const atomic_bool *cancel, struct layers **out,
                 struct err *err);
void layers_destroy(struct layers *layers); /* NULL is allowed */
/* Chooses a layer by its ordinal; an ordinal out of range selects the nearest layer. */
void layers_choose(struct layers *layers, uint32_t ordinal);
/* Stores for each node the first layer that has it, and the layer that removed it (0 if the image
 * still has the node). Each array has room for tree->n values. */
void layers_history(const struct layers *layers, uint32_t *first, uint32_t *gone);

#endif
