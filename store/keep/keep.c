/* SPDX-License-Identifier: MIT
 *
 * The order of the work: marks, evidence, config, closure, base, sums.
 */
#include "keep/base_compare.h"
#include "keep/closure.h"
#include "keep/groups/group_members.h"

#include <stdlib.h>

static void set_marks(const struct keep_input *input, struct verdict *verdicts)
{
    const struct tree *tree = input->subject;
    for (size_t i = 0; input->marks && i < input->marks->n; i++) {
        uint32_t node = tree_find(tree, input->marks->items[i].path);
        if (node != NODE_NONE)
            verdicts[node].user_files_mark = (uint8_t)input->marks->items[i].mark;
    }
    for (uint32_t i = 0; i < tree->n; i++) {
        struct verdict *verdict = &verdicts[i];
        if (verdict->user_files_mark != MARK_NONE)
            verdict->mark = verdict->user_files_mark;
        else
            verdict->mark = i ? verdicts[tree->nodes[i].parent].mark : MARK_AUTO;
    }
}

static void seed_marks(struct closure *closure)
{
    for (uint32_t i = 0; i < closure->tree->n; i++) {
        uint32_t marked = i;
        if (closure->verdicts[i].mark != MARK_KEEP)
            continue;
        while (closure->verdicts[marked].user_files_mark == MARK_NONE)
            marked = closure->tree->nodes[marked].parent;
        closure_need(closure, i, REASON_MARK, marked);
    }
}

static bool find_needed(struct keep *keep, const struct keep_input *input, struct err *err)
{
    struct closure closure;
    closure_init(&closure, input, keep->verdicts);
    seed_marks(&closure);
    group_members_seed(&closure);
    bool ok = !input->accesses || evidence_seed(&closure, keep->real, err);
    if (ok && closure.n_queue &&
        closure_is_on(&closure, CLOSURE_CONFIG)) /* an empty session keeps nothing */
        config_seed(&closure);
    if (ok && !closure_run(&closure))
        ok = err_cancelled(err);
    keep->links = mem_steal(&closure.links);
    keep->n_links = closure.n_links;
    keep->arena = closure.arena;
    closure.arena = (struct arena){0};
    closure_finish(&closure);
    return ok;
}

/* Python takes a .pyc for stale when its source has another time than the .pyc says (PEP 3147; the
 * time is in whole seconds), so the source must come from where the .pyc comes from. */
static bool has_kept_pyc(const struct keep *keep, const struct tree *tree, uint32_t source)
{
    const struct node *n = &tree->nodes[source];
    struct bytes stem = bytes_from(n->name.p, n->name.n - 2); /* with the dot */
    uint32_t cache = tree_child(tree, n->parent, bytes_of("__pycache__"));
    for (uint32_t i = cache == NODE_NONE ? NODE_NONE : tree_first(tree, cache); i != NODE_NONE;
         i = tree_next(tree, i))
        if (keep->verdicts[i].kept && bytes_starts(tree->nodes[i].name, stem) &&
            bytes_ends(tree->nodes[i].name, bytes_of(".pyc")))
            return true;
    BUF_AUTO struct buf beside = {0};
    buf_add(&beside, n->name);
    buf_byte(&beside, 'c');
    uint32_t legacy = tree_child(tree, n->parent, buf_bytes(&beside));
    return legacy != NODE_NONE && keep->verdicts[legacy].kept;
}

static void take_base_away(struct keep *keep, const struct keep_input *input,
                           const uint32_t *base_of)
{
    const struct tree *tree = input->subject;
    for (uint32_t i = 0; i < tree->n; i++) {
        struct verdict *verdict = &keep->verdicts[i];
        verdict->in_base =
            base_of ? (uint8_t)base_compare(tree, i, input->base, base_of[i]) : BASE_NONE;
        verdict->kept = verdict->needed && verdict->in_base != BASE_SAME;
    }
    for (uint32_t i = 0; base_of && i < tree->n; i++) {
        struct verdict *verdict = &keep->verdicts[i];
        const struct node *n = &tree->nodes[i];
        if (verdict->needed && !verdict->kept && n->kind == NODE_FILE &&
            bytes_ends(n->name, bytes_of(".py")) &&
            n->mtime_s != input->base->nodes[base_of[i]].mtime_s)
            verdict->kept = has_kept_pyc(keep, tree, i);
    }
}

bool keep_compute(const struct keep_input *input, struct keep **out, struct err *err)
{
    struct keep *keep = mem_zero(1, sizeof *keep);
    if (!input->subject) {
        *out = keep;
        return true;
    }
    keep->n = input->subject->n;
    keep->selecting = input->selecting;
    keep->verdicts = mem_zero(keep->n, sizeof *keep->verdicts);
    keep->rollups = mem_zero(keep->n, sizeof *keep->rollups);
    if (input->accesses)
        keep->real = mem_array(NULL, input->accesses->n_paths, sizeof *keep->real);
    for (uint32_t i = 0; i < keep->n; i++) {
        keep->verdicts[i].from = NODE_NONE;
        keep->verdicts[i].access = keep->verdicts[i].line = UINT32_MAX;
    }
    set_marks(input, keep->verdicts);
    if (!find_needed(keep, input, err)) {
        keep_destroy(keep);
        return false;
    }
    keep_take_base(keep, input);
    *out = keep;
    return true;
}

void keep_take_base(struct keep *keep, const struct keep_input *input)
{
    MEM_AUTO uint32_t *base_of = NULL;
    if (input->base) {
        base_of = mem_array(NULL, keep->n, sizeof *base_of);
        compare_map(input->subject, input->base, base_of);
    }
    take_base_away(keep, input, base_of);
    sums_fill(keep, input, base_of);
}

void keep_destroy(struct keep *keep)
{
    if (!keep)
        return;
    free(keep->verdicts);
    free(keep->rollups);
    free(keep->real);
    free(keep->links);
    arena_finish(&keep->arena);
    free(keep);
}
