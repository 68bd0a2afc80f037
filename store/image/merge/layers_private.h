/* SPDX-License-Identifier: MIT
 *
 * What reading layers out of the session and replaying them share. Nobody else includes it.
 */
#ifndef XSMALL_IMAGE_MERGE_LAYERS_PRIVATE_H
#define XSMALL_IMAGE_MERGE_LAYERS_PRIVATE_H

#include "image/merge/layers.h"

enum { LAYERS_ABSENT = 0, LAYERS_IMPLICIT = 1 }; /* places in states */

/* An entry of a layer. */
struct layer_entry {
    uint32_t node;  /* NODE_NONE: a path that hangs on nothing, in a stranger's session */
    uint32_t peer;  /* HARDLINK: of its peer, or NODE_NONE */
    uint32_t state; /* ENTRY: its version */
    enum layer_entry_kind { LAYER_ENTRY, LAYER_HARDLINK, LAYER_WHITEOUT, LAYER_OPAQUE } kind;
};

struct layer_entries {
    struct layer_entry *list; /* owned */
    size_t n, cap;
};

/* Finds events and dead contents: entries[i] are those of layers->all[i]. tree, all and states are
 * there. */
void layers_replay(struct layers *layers, const struct layer_entries *entries);

/* Dead contents, found while layers are replayed. */
struct deaths {
    struct layers *layers;
    struct death_version {      /* a state each */
        uint32_t node, ordinal; /* where and by which layer it was written; ordinal 0: not yet */
        uint32_t n_names;       /* nodes that have it */
        uint32_t place;         /* in layers->dead + 1; 0: not dead */
    } * versions;               /* owned */
    size_t cap;
};
void deaths_begin(struct deaths *deaths, struct layers *layers);
/* A node goes from one state to another. */
void deaths_move(struct deaths *deaths, uint32_t from, uint32_t to);
/* What a layer brings, before it is applied; and what of it is not there once it was. */
void deaths_add_versions(struct deaths *deaths, const struct layer_entries *entries,
                         uint32_t ordinal);
void deaths_unseen(struct deaths *deaths, const struct layer_entries *entries, uint32_t ordinal);
/* Once a layer was applied, for each node that it took a state from: has another one now, or, where
 * that is absent, was taken away in the way of `how`. */
void deaths_note(struct deaths *deaths, uint32_t node, uint32_t was, uint32_t is, enum death how,
                 uint32_t ordinal);
void deaths_end(struct deaths *deaths); /* sorts; frees what is its own */

/* Counts layers->dive. */
void layers_dive(struct layers *layers, const struct layer_entries *entries);

#endif
