/* SPDX-License-Identifier: MIT
 *
 * The other names of a hard link: a layer stores the content once, so all names are added.
 *
 *     next of /a ─▶ /c ─▶ /b ─▶ /a        the names of one hard link are a ring
 */
#include "keep/closure.h"

#include <stdlib.h>

struct peers {
    uint32_t *next; /* owned; by node: the next name of its hard link; itself: a single name */
};

static bool seed(struct closure *closure, void *state, struct err *err)
{
    (void)err;
    struct peers *peers = state;
    const struct tree *tree = closure->tree;
    peers->next = mem_array(NULL, tree->n, sizeof *peers->next);
    for (uint32_t i = 0; i < tree->n; i++) {
        uint32_t first = tree->nodes[i].peer;
        peers->next[i] = i;
        if (first >= i) /* a single name, or the first one */
            continue;
        peers->next[i] = peers->next[first];
        peers->next[first] = i;
    }
    return true;
}

static void add(struct closure *closure, void *state, uint32_t node)
{
    const struct peers *peers = state;
    uint32_t peer = peers->next[node];
    for (; peer != node; peer = peers->next[peer]) {
        if (closure->verdicts[peer].needed)
            break; /* the names after it are already queued, or will be added for it */
        closure_need(closure, peer, &reason_peer, node);
    }
}

static void finish(void *state)
{
    free(((struct peers *)state)->next);
}

const struct reason reason_peer = {NEED_KIND("peers", "other names of hard links"),
                                   .origin = ORIGIN_NEED,
                                   .text = "hard link to ",
                                   .state_bytes = sizeof(struct peers),
                                   .seed = seed,
                                   .add = add,
                                   .finish = finish};
