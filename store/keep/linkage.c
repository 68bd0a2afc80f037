/* SPDX-License-Identifier: MIT */
#include "keep/linkage.h"

#include <stdlib.h>

#include "keep/evidence.h"

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

bool linkage_is_known(const struct keep_input *input)
{
    unsigned off = input->marks ? input->marks->closure_off : switches_default();
    return input->subject && input->accesses && input->accesses->n &&
           switches_are_on(off, &reason_library);
}

void linkage_find(const struct keep *keep, const struct keep_input *input, struct linkage *out)
{
    *out = (struct linkage){0};
    if (!linkage_is_known(input))
        return;
    MEM_AUTO uint8_t *used = mem_zero(keep->n, 1);
    out->unopened = mem_array(NULL, keep->n, sizeof *out->unopened);
    out->loaded = mem_array(NULL, keep->n, sizeof *out->loaded);
    evidence_used(input, keep, used);
    for (uint32_t node = 0; node < keep->n; node++) {
        const struct verdict *verdict = &keep->verdicts[node];
        if (!verdict->needed || verdict->linked == used[node])
            continue;
        if (verdict->linked)
            out->unopened[out->n_unopened++] = node;
        else if (linkage_is_library(input->subject, node))
            out->loaded[out->n_loaded++] = node;
    }
}

void linkage_finish(struct linkage *linkage)
{
    free(linkage->unopened);
    free(linkage->loaded);
    *linkage = (struct linkage){0};
}
