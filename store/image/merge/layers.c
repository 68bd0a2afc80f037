/* SPDX-License-Identifier: MIT
 *
 * All paths of all layers are put into one tree, so that the nodes below a path are a range of
 * numbers. Then the layers are replayed on the tree. The state of a node is its current version:
 *
 *     state[node] ─▶ states[0] absent · [1] a directory without an entry · [2…] an entry each
 *
 * If a layer changes the state of a node, that is an event. Choosing a layer replays events, not
 * layers.
 */
#include "image/merge/layers_private.h"

#include <stdlib.h>
#include <string.h>

struct layer_event {
    uint32_t node;
    uint32_t was, is; /* states */
    uint8_t change;
};

struct replay {
    struct layers *layers;
    uint32_t *state, *before; /* owned; by node; before: valid for nodes in list */
    uint32_t *touched;        /* owned; by node: ordinal of the last layer that changed the node */
    uint32_t *list;           /* owned; the nodes that the current layer changed */
    uint32_t n_list;
    uint32_t *pending; /* owned; by node: index + 1 of a hard link of this layer; 0: not pending */
    uint8_t *how;      /* owned; by node: enum death of the last change; valid like before */
    struct deaths deaths;
    uint32_t ordinal;
    size_t cap_events;
};

static bool is_dir(const struct replay *r, uint32_t node)
{
    return r->state[node] && r->layers->states[r->state[node]].kind == NODE_DIR;
}

static void set(struct replay *r, uint32_t node, uint32_t state, enum death how)
{
    if (r->touched[node] != r->ordinal) {
        r->touched[node] = r->ordinal;
        r->before[node] = r->state[node];
        r->list[r->n_list++] = node;
    }
    deaths_move(&r->deaths, r->state[node], state);
    r->state[node] = state;
    r->how[node] = (uint8_t)how;
}

static void take_below(struct replay *r, uint32_t node, enum death how)
{
    uint32_t last = node + r->layers->tree->nodes[node].n_below;
    for (uint32_t at = node + 1; at <= last; at++)
        if (r->state[at])
            set(r, at, LAYERS_ABSENT, how);
}

/* Removes a node and everything below it. A node that does not exist has nothing below it. */
static void take(struct replay *r, uint32_t node, enum death how, enum death how_below)
{
    if (!r->state[node])
        return;
    take_below(r, node, how_below);
    set(r, node, LAYERS_ABSENT, how);
}

static void make_way(struct replay *r, uint32_t node)
{
    take(r, node, DEATH_REPLACED, DEATH_REPLACED_ABOVE);
}

static void make_parents(struct replay *r, uint32_t node)
{
    const struct node *nodes = r->layers->tree->nodes;
    for (uint32_t up = nodes[node].parent; up != NODE_NONE && !is_dir(r, up);
         up = nodes[up].parent) {
        make_way(r, up);
        set(r, up, LAYERS_IMPLICIT, DEATH_REPLACED);
    }
}

static void apply_markers(struct replay *r, const struct layer_entries *entries)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct layer_entry *entry = &entries->list[i];
        if (entry->node == NODE_NONE)
            continue;
        if (entry->kind == LAYER_WHITEOUT && entry->node != NODE_ROOT)
            take(r, entry->node, DEATH_WHITEOUT, DEATH_WHITEOUT_ABOVE);
        else if (entry->kind == LAYER_OPAQUE && is_dir(r, entry->node))
            take_below(r, entry->node, DEATH_OPAQUE);
    }
}

static void apply_entry(struct replay *r, uint32_t node, uint32_t state)
{
    bool dir = r->layers->states[state].kind == NODE_DIR;
    if (node == NODE_ROOT && !dir)
        return;
    if (!dir || !is_dir(r, node)) {
        make_parents(r, node);
        make_way(r, node);
    }
    set(r, node, state, DEATH_REPLACED);
}

/* Applies a hard link: it gets the state of its peer. If the peer is also a hard link of this
 * layer, applies the peer first. pending is cleared on the way, so that a ring of links ends. chain
 * has room for all entries. */
static void apply_link(struct replay *r, const struct layer_entries *entries, uint32_t place,
                       uint32_t *chain)
{
    size_t n = 0;
    while (place) {
        const struct layer_entry *entry = &entries->list[place - 1];
        r->pending[entry->node] = 0;
        chain[n++] = place - 1;
        place = entry->peer == NODE_NONE ? 0 : r->pending[entry->peer];
    }
    while (n-- > 0) {
        const struct layer_entry *entry = &entries->list[chain[n]];
        uint32_t state = entry->peer == NODE_NONE ? LAYERS_ABSENT : r->state[entry->peer];
        if (state && r->layers->states[state].kind == NODE_DIR)
            state = LAYERS_ABSENT;
        if (entry->node == NODE_ROOT || (entry->node == entry->peer && state))
            continue;
        if (!state) {
            make_way(r, entry->node);
            continue;
        }
        make_parents(r, entry->node);
        make_way(r, entry->node);
        set(r, entry->node, state, DEATH_REPLACED);
    }
}

static void apply_links(struct replay *r, const struct layer_entries *entries)
{
    MEM_AUTO uint32_t *chain = mem_array(NULL, entries->n + 1, sizeof *chain);
    for (size_t i = 0; i < entries->n; i++)
        if (entries->list[i].kind == LAYER_HARDLINK && entries->list[i].node != NODE_NONE)
            r->pending[entries->list[i].node] = (uint32_t)i + 1;
    for (size_t i = 0; i < entries->n; i++)
        if (entries->list[i].kind == LAYER_HARDLINK && entries->list[i].node != NODE_NONE)
            apply_link(r, entries, r->pending[entries->list[i].node], chain);
}

static enum change change_of(const struct layers *layers, uint32_t was, uint32_t is)
{
    const struct node *a = &layers->states[was], *b = &layers->states[is];
    if (!was || !is)
        return is ? CHANGE_ADDED : CHANGE_REMOVED;
    bool same = a->kind == b->kind && a->size == b->size && !memcmp(a->hash, b->hash, 16) &&
                bytes_equal(a->link, b->link) && a->device_major == b->device_major &&
                a->device_minor == b->device_minor;
    return same ? CHANGE_META : CHANGE_MODIFIED;
}

static void add_events(struct replay *r, struct layer *layer)
{
    struct layers *layers = r->layers;
    layer->first = layers->n_events;
    for (uint32_t i = 0; i < r->n_list; i++) {
        uint32_t node = r->list[i];
        struct layer_event event = {node, r->before[node], r->state[node], CHANGE_NONE};
        if (event.was == event.is && event.is <= LAYERS_IMPLICIT)
            continue;
        deaths_note(&r->deaths, node, event.was, event.is, (enum death)r->how[node], r->ordinal);
        event.change = (uint8_t)change_of(layers, event.was, event.is);
        layer->n[event.change]++;
        if (event.change == CHANGE_REMOVED)
            layer->killed_bytes += layers->states[event.was].size;
        ARRAY_ROOM(layers->events, layers->n_events, r->cap_events);
        layers->events[layers->n_events++] = event;
    }
    layer->n_events = layers->n_events - layer->first;
    r->n_list = 0;
}

void layers_replay(struct layers *layers, const struct layer_entries *entries)
{
    uint32_t n = layers->tree->n;
    struct replay r = {.layers = layers,
                       .state = mem_zero(n, sizeof *r.state),
                       .before = mem_zero(n, sizeof *r.before),
                       .touched = mem_zero(n, sizeof *r.touched),
                       .list = mem_array(NULL, n, sizeof *r.list),
                       .pending = mem_zero(n, sizeof *r.pending),
                       .how = mem_zero(n, sizeof *r.how)};
    deaths_begin(&r.deaths, layers);
    r.state[NODE_ROOT] = LAYERS_IMPLICIT;
    for (size_t i = 0; i < layers->n; i++) {
        r.ordinal = layers->all[i].ordinal;
        deaths_add_versions(&r.deaths, &entries[i], r.ordinal);
        apply_markers(&r, &entries[i]);
        for (size_t k = 0; k < entries[i].n; k++) {
            const struct layer_entry *entry = &entries[i].list[k];
            if (entry->kind == LAYER_ENTRY && entry->node != NODE_NONE)
                apply_entry(&r, entry->node, entry->state);
        }
        apply_links(&r, &entries[i]);
        add_events(&r, &layers->all[i]);
        deaths_unseen(&r.deaths, &entries[i], r.ordinal);
    }
    deaths_end(&r.deaths);
    free(r.state);
    free(r.before);
    free(r.touched);
    free(r.list);
    free(r.pending);
    free(r.how);
}

/* Copies the attributes of a version to the node; the node keeps its position in the tree. */
static void show(struct layers *layers, uint32_t at, uint32_t state)
{
    struct node *node = &layers->tree->nodes[at];
    const struct node *version = &layers->states[state];
    node->link = version->link;
    node->size = version->size;
    node->mtime_s = version->mtime_s;
    node->mtime_ns = version->mtime_ns;
    node->uid = version->uid;
    node->gid = version->gid;
    node->device_major = version->device_major;
    node->device_minor = version->device_minor;
    node->mode = version->mode;
    node->kind = version->kind;
    memcpy(node->hash, version->hash, sizeof node->hash);
    memcpy(node->xattrs, version->xattrs, sizeof node->xattrs);
}

void layers_choose(struct layers *layers, uint32_t ordinal)
{
    uint32_t n = layers->tree->n;
    if (ordinal > layers->n)
        ordinal = (uint32_t)layers->n;
    layers->chosen = ordinal ? ordinal : 1;
    MEM_AUTO uint32_t *state = mem_zero(n, sizeof *state);
    memset(layers->changes, CHANGE_NONE, n);
    memset(layers->there, 0, n);
    state[NODE_ROOT] = LAYERS_IMPLICIT;
    layers->there[NODE_ROOT] = 1;
    for (uint32_t node = 0; node < n; node++)
        layers->tree->nodes[node].ordinal = 0;
    for (size_t i = 0; i < layers->n && i < layers->chosen; i++)
        for (size_t k = 0; k < layers->all[i].n_events; k++) {
            const struct layer_event *event = &layers->events[layers->all[i].first + k];
            layers->there[event->node] = event->is != LAYERS_ABSENT;
            state[event->node] = event->is ? event->is : event->was;
            layers->tree->nodes[event->node].ordinal = layers->all[i].ordinal;
            if (layers->all[i].ordinal == layers->chosen)
                layers->changes[event->node] = event->change;
        }
    for (uint32_t node = 0; node < n; node++)
        show(layers, node, state[node]);
}

void layers_history(const struct layers *layers, uint32_t *first, uint32_t *gone)
{
    memset(first, 0, layers->tree->n * sizeof *first);
    memset(gone, 0, layers->tree->n * sizeof *gone);
    for (size_t i = 0; i < layers->n; i++)
        for (size_t k = 0; k < layers->all[i].n_events; k++) {
            const struct layer_event *event = &layers->events[layers->all[i].first + k];
            if (!first[event->node])
                first[event->node] = layers->all[i].ordinal;
            gone[event->node] = event->is == LAYERS_ABSENT ? layers->all[i].ordinal : 0;
        }
}

void layers_destroy(struct layers *layers)
{
    if (!layers)
        return;
    tree_destroy(layers->tree);
    free(layers->there);
    free(layers->changes);
    free(layers->all);
    free(layers->events);
    free(layers->dead);
    free(layers->states);
    free(layers);
}
