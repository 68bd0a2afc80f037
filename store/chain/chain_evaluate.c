/* SPDX-License-Identifier: MIT
 *
 * Computes the surviving lines and the numbers of the stages from the hits. The first active stage
 * on lines reads the files and matches bare lines; later stages on lines match lines with the
 * prefix, if there is one. Let A(k) be the lines that arrive at active stage k, and B(k) the lines
 * that pass stage k and all later stages, each stage applied to all lines. Without stage k, the
 * result is the intersection of A(k) and B(k + 1), so that the unique hits of a stage cost one
 * intersection. Without the stage that reads the files, the next stage on lines reads them, and its
 * bare hits are used.
 */
#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

#include "chain/chain_private.h"

void active_stages_finish(struct active_stages *active)
{
    free(active->list);
}

bool chain_is_active(const struct chain *chain, const struct stage *stage)
{
    if (!stage->enabled)
        return false;
    if (chain->of_tree)
        return stage->target->match_tree != NULL;
    return stage->target == &target_line || chain->line_paths;
}

bool active_stages_find(const struct chain *chain, size_t end, struct active_stages *out)
{
    bool prefixing = chain_is_prefixing(chain), all = true, is_open = false;
    out->list = mem_zero(chain->n_stages, sizeof *out->list);
    for (size_t i = 0; i < end; i++) {
        const struct stage *stage = &chain->stages[i];
        if (!chain_is_active(chain, stage))
            continue;
        struct active_stage *stage_at = &out->list[out->n++];
        struct hit_form form = hits_form(stage->target, prefixing && is_open);
        *stage_at = (struct active_stage){i, form, stage->spec.invert, NULL};
        stage_at->hits = hits_find(chain, buf_bytes(&stage->key), form);
        is_open |= stage->target == &target_line;
        all = all && stage_at->hits;
    }
    return all;
}

static bool is_opener(const struct active_stage *stage_at)
{
    return stage_at->form.target == &target_line && !stage_at->form.prefixed;
}

static size_t opener(const struct active_stages *active)
{
    for (size_t k = 0; k < active->n; k++)
        if (is_opener(&active->list[k]))
            return k;
    return active->n;
}

size_t active_stages_next_opener(const struct active_stages *active)
{
    for (size_t k = opener(active) + 1; k < active->n; k++)
        if (active->list[k].form.prefixed)
            return k;
    return active->n;
}

roaring_bitmap_t *chain_pass(const roaring_bitmap_t *lines, const roaring_bitmap_t *hits,
                             bool invert)
{
    return invert ? roaring_bitmap_andnot(lines, hits) : roaring_bitmap_and(lines, hits);
}

uint64_t chain_count_log(const struct chain *chain, uint32_t log, const roaring_bitmap_t *lines)
{
    const struct corpus_log *at = &chain->corpus->logs[log];
    return at->n_lines ? roaring_bitmap_range_cardinality(lines, at->first_line,
                                                          (uint64_t)at->first_line + at->n_lines)
                       : 0;
}

uint32_t chain_count(const struct chain *chain, const roaring_bitmap_t *lines)
{
    uint64_t n = 0;
    if (!chain->selects_twice)
        return (uint32_t)roaring_bitmap_get_cardinality(lines);
    for (size_t i = 0; i < chain->n_selected; i++)
        n += chain_count_log(chain, chain->selected[i].log, lines);
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

uint32_t chain_count_common(const struct chain *chain, const roaring_bitmap_t *a,
                            const roaring_bitmap_t *b)
{
    if (!chain->selects_twice)
        return (uint32_t)roaring_bitmap_and_cardinality(a, b);
    roaring_bitmap_t *common = roaring_bitmap_and(a, b);
    uint32_t n = chain_count(chain, common);
    line_set_free(common);
    return n;
}

/* Returns the result of the chain without one active stage: the lines that arrive at the stage and
 * pass all later stages. Returns NULL if hits are missing. The caller owns the bitmap. */
static roaring_bitmap_t *pass_without(const struct chain *chain, const struct active_stages *active,
                                      size_t k, const roaring_bitmap_t *arriving,
                                      roaring_bitmap_t *const *onward)
{
    size_t next = is_opener(&active->list[k]) ? active_stages_next_opener(active) : active->n;
    if (chain->of_tree && active->n == 1)
        return roaring_bitmap_create(); /* no stage selects lines any more */
    if (next == active->n)
        return roaring_bitmap_and(arriving, onward[k + 1]);
    const struct active_stage *opens = &active->list[next];
    const struct stage *stage = &chain->stages[opens->stage];
    const roaring_bitmap_t *bare =
        hits_find(chain, buf_bytes(&stage->key), hits_form(&target_line, false));
    if (!bare)
        return NULL;
    roaring_bitmap_t *out = chain_pass(arriving, bare, opens->invert);
    for (size_t i = k + 1; i < next; i++) {
        roaring_bitmap_t *fewer = chain_pass(out, active->list[i].hits, active->list[i].invert);
        line_set_free(out);
        out = fewer;
    }
    roaring_bitmap_and_inplace(out, onward[next + 1]);
    return out;
}

/* Sets the numbers of active stage k. arriving: A(0) to A(n); onward: B(0) to B(n). */
static void number_active(struct chain *chain, const struct active_stages *active, size_t k,
                          roaring_bitmap_t *const *arriving, roaring_bitmap_t *const *onward)
{
    const struct active_stage *stage_at = &active->list[k];
    struct stage_view *numbers = &chain->stages[stage_at->stage].numbers;
    const roaring_bitmap_t *survivors = arriving[active->n];
    roaring_bitmap_t *without = pass_without(chain, active, k, arriving[k], onward);
    *numbers = (struct stage_view){.counted = without != NULL};
    numbers->hits = chain_count_common(chain, arriving[k], stage_at->hits);
    numbers->left = chain_count(chain, arriving[k + 1]);
    if (!without)
        return;
    numbers->redundant = roaring_bitmap_equals(without, survivors);
    roaring_bitmap_andnot_inplace(without, survivors);
    numbers->unique_hits = chain_count(chain, without);
    line_set_free(without);
}

/* Sets the numbers of the stages that are not active. Such a stage hides no line; its hits are
 * those that it would have at its position. */
static void number_others(struct chain *chain, roaring_bitmap_t *const *arriving)
{
    bool prefixing = chain_is_prefixing(chain), is_open = false;
    size_t k = 0;
    for (size_t i = 0; i < chain->n_stages; i++) {
        struct stage *stage = &chain->stages[i];
        if (chain_is_active(chain, stage)) {
            is_open |= stage->target == &target_line;
            k++;
            continue;
        }
        struct hit_form form = hits_form(stage->target, prefixing && is_open);
        const roaring_bitmap_t *hits = hits_find(chain, buf_bytes(&stage->key), form);
        stage->numbers = (struct stage_view){.counted = hits != NULL};
        if (!hits)
            continue;
        stage->numbers.hits = chain_count_common(chain, arriving[k], hits);
        stage->numbers.left = chain_count(chain, arriving[k]);
    }
}

/* A(0) to A(n) and B(0) to B(n) of active stages whose hits are all known. */
struct flow {
    roaring_bitmap_t **arriving, **onward; /* owned */
    size_t n;
};

static void flow_init(const struct chain *chain, const struct active_stages *active,
                      struct flow *out)
{
    size_t n = out->n = active->n;
    out->arriving = mem_zero(n + 1, sizeof *out->arriving);
    out->onward = mem_zero(n + 1, sizeof *out->onward);
    out->arriving[0] = roaring_bitmap_copy(chain->lines);
    out->onward[n] = roaring_bitmap_copy(chain->lines);
    for (size_t k = 0; k < n; k++) {
        const struct active_stage *stage_at = &active->list[k], *mirror = &active->list[n - 1 - k];
        out->arriving[k + 1] = chain_pass(out->arriving[k], stage_at->hits, stage_at->invert);
        out->onward[n - 1 - k] = chain_pass(out->onward[n - k], mirror->hits, mirror->invert);
    }
}

static void flow_finish(struct flow *flow)
{
    for (size_t k = 0; flow->arriving && k <= flow->n; k++) {
        line_set_free(flow->arriving[k]);
        line_set_free(flow->onward[k]);
    }
    free(flow->arriving);
    free(flow->onward);
}
#define FLOW_AUTO __attribute__((cleanup(flow_finish)))

static void take_survivors(struct chain *chain, roaring_bitmap_t *survivors)
{
    line_set_free(chain->survivors);
    chain->survivors = survivors;
    output_order(chain);
}

bool chain_evaluate(struct chain *chain)
{
    ACTIVE_STAGES_AUTO struct active_stages active = {0};
    FLOW_AUTO struct flow flow = {0};
    if (chain->unusable)
        return false;
    if (!chain->lines) {
        take_survivors(chain, roaring_bitmap_create());
        return true;
    }
    if (!active_stages_find(chain, chain->n_stages, &active))
        return false;
    flow_init(chain, &active, &flow);
    for (size_t k = 0; k < active.n; k++)
        number_active(chain, &active, k, flow.arriving, flow.onward);
    number_others(chain, flow.arriving);
    bool selects = !chain->of_tree || active.n > 0;
    take_survivors(chain, selects ? roaring_bitmap_copy(flow.arriving[active.n])
                                  : roaring_bitmap_create());
    return true;
}

void chain_unique_lines(const struct chain *chain, roaring_bitmap_t **out)
{
    ACTIVE_STAGES_AUTO struct active_stages active = {0};
    FLOW_AUTO struct flow flow = {0};
    for (size_t i = 0; i < chain->n_stages; i++)
        out[i] = NULL;
    if (!chain->lines || !active_stages_find(chain, chain->n_stages, &active))
        return;
    flow_init(chain, &active, &flow);
    for (size_t k = 0; k < active.n; k++) {
        roaring_bitmap_t *back = pass_without(chain, &active, k, flow.arriving[k], flow.onward);
        if (back)
            roaring_bitmap_andnot_inplace(back, flow.arriving[active.n]);
        out[active.list[k].stage] = back;
    }
}

size_t chain_selecting_stage(const struct chain *chain)
{
    ACTIVE_STAGES_AUTO struct active_stages active = {0};
    size_t found = SIZE_MAX;
    if (!chain->of_tree)
        return SIZE_MAX;
    active_stages_find(chain, chain->n_stages, &active);
    for (size_t k = 0; k < active.n; k++)
        if (found == SIZE_MAX || !active.list[k].invert || chain->stages[found].spec.invert)
            found = active.list[k].stage;
    return found;
}

const roaring_bitmap_t *chain_survivors(const struct chain *chain)
{
    return chain->survivors;
}

size_t chain_hidden_by(const struct chain *chain, uint32_t line)
{
    ACTIVE_STAGES_AUTO struct active_stages active = {0};
    if (!chain->lines || !roaring_bitmap_contains(chain->lines, line))
        return SIZE_MAX - 1;
    active_stages_find(chain, chain->n_stages, &active);
    for (size_t k = 0; k < active.n; k++) {
        const struct active_stage *stage_at = &active.list[k];
        if (stage_at->hits && roaring_bitmap_contains(stage_at->hits, line) == stage_at->invert)
            return stage_at->stage;
    }
    return SIZE_MAX;
}
