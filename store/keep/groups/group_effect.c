/* SPDX-License-Identifier: MIT */
#include "keep/groups/group_effect.h"

#include <stdlib.h>
#include <string.h>

#include "keep/closure.h"
#include "keep/groups/group_members.h"

enum { KEPT = 1, COUNTED = 2 };

void group_effects_init(struct group_effects *effects, const struct keep_input *input,
                        const struct keep *keep)
{
    const struct tree *tree = input->subject;
    *effects = (struct group_effects){.input = input, .keep = keep};
    effects->verdicts = mem_array(NULL, tree->n, sizeof *effects->verdicts);
    memcpy(effects->verdicts, keep->verdicts, tree->n * sizeof *effects->verdicts);
    effects->kept_peer = mem_zero(tree->n, 1);
    for (uint32_t i = 0; i < tree->n; i++)
        if (tree->nodes[i].peer != NODE_NONE && keep->verdicts[i].kept)
            effects->kept_peer[tree->nodes[i].peer] = KEPT;
}

void group_effects_finish(struct group_effects *effects)
{
    free(effects->verdicts);
    free(effects->kept_peer);
}

static void count(struct group_effects *effects, uint32_t node, struct group_effect *out)
{
    const struct node *n = &effects->input->subject->nodes[node];
    if (effects->verdicts[node].in_base == BASE_SAME)
        return;
    out->changes = true;
    out->n_files += n->kind != NODE_DIR;
    if (n->kind == NODE_FILE && (n->peer == NODE_NONE || !effects->kept_peer[n->peer]))
        out->bytes += n->size;
    if (n->peer != NODE_NONE)
        effects->kept_peer[n->peer] |= COUNTED;
}

static void restore(struct group_effects *effects, uint32_t node)
{
    uint32_t peer = effects->input->subject->nodes[node].peer;
    effects->verdicts[node] = effects->keep->verdicts[node];
    if (peer != NODE_NONE)
        effects->kept_peer[peer] &= KEPT;
}

bool group_effects_find(struct group_effects *effects, const struct file_group *group,
                        struct group_effect *out, struct err *err)
{
    struct closure closure;
    *out = (struct group_effect){0};
    closure_init(&closure, effects->input, effects->verdicts);
    closure.real = effects->keep->real;
    bool ok = closure_prepare(&closure, err);
    for (size_t i = 0; ok && i < group->n_globs[FILE_GROUP_MEMBER]; i++)
        group_members_need(&closure, group->globs[FILE_GROUP_MEMBER][i]);
    ok = ok && closure_follow(&closure, err);
    for (uint32_t i = 0; i < closure.n_queue; i++)
        count(effects, closure.queue[i], out);
    for (uint32_t i = 0; i < closure.n_queue; i++)
        restore(effects, closure.queue[i]);
    closure_finish(&closure);
    return ok;
}
