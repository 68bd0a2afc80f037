/* SPDX-License-Identifier: MIT
 *
 * What reading layers out of the session and replaying them share. Nobody else includes it.
 */
#ifndef XSMALL_IMAGE_LAYERS_PRIVATE_H
#define XSMALL_IMAGE_LAYERS_PRIVATE_H

#include "image/layers.h"

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

/* Finds the events: entries[i] are those of layers->all[i]. tree, all and states are there. */
void layers_replay(struct layers *layers, const struct layer_entries *entries);

#endif
