/* SPDX-License-Identifier: MIT
 *
 * A version of a file is live while at least one node has it. Names are counted while a layer is
 * applied and checked after the whole layer was applied, because the peer of a hard link can
 * temporarily have no name.
 */
#include <stdlib.h>
#include <string.h>

#include "image/merge/layers_private.h"

enum { FIRST_ENTRY = LAYERS_IMPLICIT + 1 };

const char *death_name(enum death death)
{
    static const char *const names[N_DEATHS] = {[DEATH_OVERWRITTEN] = "overwritten",
                                                [DEATH_REWRITTEN] = "rewritten",
                                                [DEATH_REPLACED] = "replaced",
                                                [DEATH_REPLACED_ABOVE] = "replaced above",
                                                [DEATH_WHITEOUT] = "whiteout",
                                                [DEATH_WHITEOUT_ABOVE] = "whiteout above",
                                                [DEATH_OPAQUE] = "opaque"};
    return names[death];
}

void deaths_begin(struct deaths *deaths, struct layers *layers)
{
    *deaths = (struct deaths){.layers = layers,
                              .versions = mem_zero(layers->n_states, sizeof *deaths->versions)};
}

void deaths_move(struct deaths *deaths, uint32_t from, uint32_t to)
{
    if (from >= FIRST_ENTRY)
        deaths->versions[from].n_names--;
    if (to >= FIRST_ENTRY)
        deaths->versions[to].n_names++;
}

void deaths_add_versions(struct deaths *deaths, const struct layer_entries *entries,
                         uint32_t ordinal)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct layer_entry *entry = &entries->list[i];
        if (entry->kind != LAYER_ENTRY || entry->node == NODE_NONE)
            continue;
        deaths->versions[entry->state].node = entry->node;
        deaths->versions[entry->state].ordinal = ordinal;
    }
}

/* Returns true if a version has contents but no name. */
static bool is_dead(const struct deaths *deaths, uint32_t state)
{
    return state >= FIRST_ENTRY && deaths->layers->states[state].kind == NODE_FILE &&
           deaths->layers->states[state].size > 0 && !deaths->versions[state].n_names;
}

static enum death reason_of(const struct deaths *deaths, uint32_t was, uint32_t is, enum death how)
{
    const struct node *a = &deaths->layers->states[was], *b = &deaths->layers->states[is];
    if (is == LAYERS_ABSENT)
        return how;
    if (b->kind != NODE_FILE)
        return DEATH_REPLACED;
    return a->size == b->size && !memcmp(a->hash, b->hash, sizeof a->hash) ? DEATH_REWRITTEN
                                                                           : DEATH_OVERWRITTEN;
}

static void bury(struct deaths *deaths, uint32_t state, struct dead dead)
{
    struct layers *layers = deaths->layers;
    ARRAY_ROOM(layers->dead, layers->n_dead, deaths->cap);
    layers->dead[layers->n_dead++] = dead;
    deaths->versions[state].place = (uint32_t)layers->n_dead;
}

void deaths_note(struct deaths *deaths, uint32_t node, uint32_t was, uint32_t is, enum death how,
                 uint32_t ordinal)
{
    if (!is_dead(deaths, was))
        return;
    struct death_version *version = &deaths->versions[was];
    struct dead dead = {.node = version->node,
                        .last = node,
                        .writer = version->ordinal,
                        .killer = ordinal,
                        .reason = reason_of(deaths, was, is, how),
                        .bytes = deaths->layers->states[was].size};
    if (!version->place) {
        bury(deaths, was, dead);
        return;
    }
    /* If several names are removed by one layer, `last` is the name at which the version was
     * written, else the first name. */
    struct dead *known = &deaths->layers->dead[version->place - 1];
    if (node == version->node || (known->last != version->node && node < known->last))
        *known = dead;
}

void deaths_unseen(struct deaths *deaths, const struct layer_entries *entries, uint32_t ordinal)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct layer_entry *entry = &entries->list[i];
        if (entry->kind != LAYER_ENTRY || entry->node == NODE_NONE ||
            !is_dead(deaths, entry->state) || deaths->versions[entry->state].place)
            continue;
        bury(deaths, entry->state,
             (struct dead){.node = entry->node,
                           .last = entry->node,
                           .writer = ordinal,
                           .killer = ordinal,
                           .reason = DEATH_REPLACED,
                           .bytes = deaths->layers->states[entry->state].size});
    }
}

static int compare_dead(const void *left, const void *right)
{
    const struct dead *a = left, *b = right;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->writer > b->writer) - (a->writer < b->writer);
}

void deaths_end(struct deaths *deaths)
{
    struct layers *layers = deaths->layers;
    if (layers->n_dead)
        qsort(layers->dead, layers->n_dead, sizeof *layers->dead, compare_dead);
    free(deaths->versions);
}
