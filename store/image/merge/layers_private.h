/* SPDX-License-Identifier: MIT
 *
 * Shared by the files that read layers from the session and replay them; not for other files.
 */
#ifndef XSMALL_IMAGE_MERGE_LAYERS_PRIVATE_H
#define XSMALL_IMAGE_MERGE_LAYERS_PRIVATE_H

#include "image/merge/layers.h"

enum { LAYERS_ABSENT = 0, LAYERS_IMPLICIT = 1 }; /* indexes of layers->states */

/* An entry of a layer. */
struct layer_entry {
    uint32_t node;  /* NODE_NONE: a path without a parent, in a damaged session */
    uint32_t peer;  /* LAYER_HARDLINK: node of the peer, or NODE_NONE */
    uint32_t state; /* LAYER_ENTRY: the version, an index of layers->states */
    enum layer_entry_kind { LAYER_ENTRY, LAYER_HARDLINK, LAYER_WHITEOUT, LAYER_OPAQUE } kind;
};

struct layer_entries {
    struct layer_entry *list; /* owned */
    size_t n, cap;
};

/* Finds events and dead contents. entries[i] has the entries of layers->all[i]. tree, all and
 * states must be filled. */
void layers_replay(struct layers *layers, const struct layer_entries *entries);

/* Collects dead contents while layers are replayed. */
struct deaths {
    struct layers *layers;
    struct death_version {      /* one per state */
        uint32_t node, ordinal; /* written at this node by this layer; ordinal 0: not written yet */
        uint32_t n_names;       /* number of nodes that have the version */
        uint32_t place;         /* index in layers->dead + 1; 0: not dead */
    } * versions;               /* owned */
    size_t cap;
};
void deaths_begin(struct deaths *deaths, struct layers *layers);
/* Records that a node changes from one state to another. */
void deaths_move(struct deaths *deaths, uint32_t from, uint32_t to);
/* Call deaths_add_versions before a layer is applied: it records the versions that the layer
 * writes. Call deaths_unseen after the layer was applied: it finds the versions of the layer that
 * no node has. */
void deaths_add_versions(struct deaths *deaths, const struct layer_entries *entries,
                         uint32_t ordinal);
void deaths_unseen(struct deaths *deaths, const struct layer_entries *entries, uint32_t ordinal);
/* Call after a layer was applied, for each node whose state changed: `was` is the old state, `is`
 * the new state. If the new state is absent, `how` is the reason. */
void deaths_note(struct deaths *deaths, uint32_t node, uint32_t was, uint32_t is, enum death how,
                 uint32_t ordinal);
void deaths_end(struct deaths *deaths); /* sorts layers->dead; frees the members of deaths */

/* Computes layers->dive. */
void layers_dive(struct layers *layers, const struct layer_entries *entries);

#endif
