/* SPDX-License-Identifier: MIT
 *
 * Computes the kept tree in this order: marks, closure, comparison with the base, sums.
 */
#include "keep/base_compare.h"
#include "keep/closure.h"
#include "keep/evidence.h"

#include <stdlib.h>

bool keep_is_cancelled(const struct keep_input *input)
{
    return input->cancel && atomic_load(input->cancel);
}

static void set_marks(const struct keep_input *input, struct verdict *verdicts)
{
    const struct tree *tree = input->subject;
    for (size_t i = 0; input->marks && i < input->marks->n; i++) {
        uint32_t node = tree_find(tree, input->marks->items[i].path);
        if (node != NODE_NONE)
            verdicts[node].own_mark = (uint8_t)input->marks->items[i].mark;
    }
    for (uint32_t i = 0; i < tree->n; i++) {
        struct verdict *verdict = &verdicts[i];
        if (verdict->own_mark != MARK_NONE)
            verdict->mark = verdict->own_mark;
        else
            verdict->mark = i ? verdicts[tree->nodes[i].parent].mark : MARK_AUTO;
    }
}

static bool find_needed(struct keep *keep, const struct keep_input *input, struct err *err)
{
    struct closure closure;
    closure_init(&closure, input, keep->verdicts);
    if (input->accesses)
        evidence_resolve(input, keep->real);
    closure.real = keep->real;
    bool ok = closure_run(&closure, err);
    keep->links = mem_steal(&closure.links);
    keep->n_links = closure.n_links;
    keep->arena = closure.arena;
    closure.arena = (struct arena){0};
    closure_finish(&closure);
    return ok;
}

/* Python ignores a .pyc if the time of its source differs from the time stored in the .pyc (PEP
 * 3147; whole seconds). So the source must come from the same image as the .pyc. */
static bool has_kept_pyc(const struct keep *keep, const struct tree *tree, uint32_t source)
{
    const struct node *n = &tree->nodes[source];
    struct bytes stem = bytes_from(n->name.p, n->name.n - 2); /* includes the dot */
    uint32_t cache = tree_child(tree, n->parent, bytes_of("__pycache__"));
    for (uint32_t i = cache == NODE_NONE ? NODE_NONE : tree_first(tree, cache); i != NODE_NONE;
         i = tree_next(tree, i))
        if (keep->verdicts[i].kept && bytes_starts(tree->nodes[i].name, stem) &&
            bytes_ends(tree->nodes[i].name, bytes_of(".pyc")))
            return true;
    BUF_AUTO struct buf name = {0};
    buf_add(&name, n->name);
    buf_byte(&name, 'c');
    uint32_t legacy = tree_child(tree, n->parent, buf_bytes(&name));
    return legacy != NODE_NONE && keep->verdicts[legacy].kept;
}

static void subtract_base(struct keep *keep, const struct keep_input *input,
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
    keep_subtract_base(keep, input);
    *out = keep;
    return true;
}

void keep_subtract_base(struct keep *keep, const struct keep_input *input)
{
    MEM_AUTO uint32_t *base_of = NULL;
    if (input->base) {
        base_of = mem_array(NULL, keep->n, sizeof *base_of);
        tree_compare_map(input->subject, input->base, base_of);
    }
    subtract_base(keep, input, base_of);
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
