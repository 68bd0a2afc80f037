/* SPDX-License-Identifier: MIT */
#include "keep/linkage.h"

#include <stdlib.h>

#include "keep/closure.h"

bool linkage_is_library(const struct tree *tree, uint32_t node)
{
    const struct node *n = &tree->nodes[node];
    bool is_linked = false;
    for (uint16_t i = 0; i < n->n_needs; i++) {
        if (n->needs[i].kind == NEED_INTERPRETER)
            return false;
        is_linked |= n->needs[i].kind == NEED_NEEDED || n->needs[i].kind == NEED_SONAME;
    }
    return is_linked;
}

void linkage_find(const struct keep *keep, const struct keep_input *input, struct linkage *out)
{
    size_t cap_unopened = 0, cap_loaded = 0;
    *out = (struct linkage){0};
    unsigned off = input->marks ? input->marks->closure_off : 0;
    if (!input->subject || !input->accesses || !input->accesses->n || (off >> CLOSURE_ELF & 1))
        return;
    MEM_AUTO uint8_t *used = mem_zero(keep->n, 1);
    evidence_used(input, keep, used);
    for (uint32_t node = 0; node < keep->n; node++) {
        const struct verdict *verdict = &keep->verdicts[node];
        if (!verdict->needed)
            continue;
        if (verdict->linked && !used[node]) {
            ARRAY_ROOM(out->unopened, out->n_unopened, cap_unopened);
            out->unopened[out->n_unopened++] = node;
        } else if (!verdict->linked && used[node] && linkage_is_library(input->subject, node)) {
            ARRAY_ROOM(out->loaded, out->n_loaded, cap_loaded);
            out->loaded[out->n_loaded++] = node;
        }
    }
}

void linkage_finish(struct linkage *linkage)
{
    free(linkage->unopened);
    free(linkage->loaded);
    *linkage = (struct linkage){0};
}
