/* SPDX-License-Identifier: MIT
 *
 * The first enabled stage opens the files and sees bare lines; the others see them with the prefix,
 * if there is one. Let A(k) be the lines that arrive at the k-th enabled stage and B(k) those that
 * all stages from the k-th on let through, each on its own: without stage k, A(k) and B(k + 1)
 * together come out, so that its unique hits cost one intersection. Without the first stage the
 * second opens the files, and is taken with its bare hits.
 */
#include <stdlib.h>
#include <string.h>

#include "chain/private.h"

void links_finish(struct links *links)
{
    free(links->list);
}

bool links_find(const struct chain *chain, size_t end, struct links *out)
{
    bool prefixing = chain_is_prefixing(chain), all = true;
    out->list = mem_zero(chain->n_stages, sizeof *out->list);
    for (size_t i = 0; i < end; i++) {
        const struct stage *stage = &chain->stages[i];
        if (!stage->enabled)
            continue;
        struct link *link = &out->list[out->n++];
        *link = (struct link){i, prefixing && out->n > 1, stage->spec.invert, NULL};
        link->hits = hits_find(chain, buf_bytes(&stage->key), link->prefixed);
        all = all && link->hits;
    }
    return all;
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
    lineset_free(common);
    return n;
}

/* The lines that would come back: those of a and b that are no survivors. */
static uint32_t count_back(const struct chain *chain, const roaring_bitmap_t *a,
                           const roaring_bitmap_t *b, const roaring_bitmap_t *survivors)
{
    roaring_bitmap_t *back = roaring_bitmap_and(a, b);
    roaring_bitmap_andnot_inplace(back, survivors);
    uint32_t n = chain_count(chain, back);
    lineset_free(back);
    return n;
}

/* Sets the numbers of enabled stage k. arriving: A(0) to A(n); onward: B(0) to B(n). */
static void number_link(struct chain *chain, const struct links *links, size_t k,
                        roaring_bitmap_t *const *arriving, roaring_bitmap_t *const *onward)
{
    const struct link *link = &links->list[k];
    struct stage_view *numbers = &chain->stages[link->stage].numbers;
    const roaring_bitmap_t *survivors = arriving[links->n];
    numbers->hits = chain_count_common(chain, arriving[k], link->hits);
    numbers->left = chain_count(chain, arriving[k + 1]);
    numbers->counted = true;
    if (k > 0 || links->n == 1 || !links->list[1].prefixed) {
        numbers->unique_hits = count_back(chain, arriving[k], onward[k + 1], survivors);
        return;
    }
    const struct stage *second = &chain->stages[links->list[1].stage];
    const roaring_bitmap_t *bare = hits_find(chain, buf_bytes(&second->key), false);
    numbers->counted = bare != NULL;
    if (!bare)
        return;
    roaring_bitmap_t *first = chain_pass(arriving[0], bare, second->spec.invert);
    numbers->unique_hits = count_back(chain, first, onward[2], survivors);
    lineset_free(first);
}

/* A disabled stage hides nothing; its hits are those that it would have at its place. */
static void number_disabled(struct chain *chain, roaring_bitmap_t *const *arriving)
{
    bool prefixing = chain_is_prefixing(chain);
    size_t k = 0;
    for (size_t i = 0; i < chain->n_stages; i++) {
        struct stage *stage = &chain->stages[i];
        if (stage->enabled) {
            k++;
            continue;
        }
        const roaring_bitmap_t *hits = hits_find(chain, buf_bytes(&stage->key), prefixing && k > 0);
        stage->numbers = (struct stage_view){.counted = hits != NULL};
        if (!hits)
            continue;
        stage->numbers.hits = chain_count_common(chain, arriving[k], hits);
        stage->numbers.left = chain_count(chain, arriving[k]);
    }
}

static void take_survivors(struct chain *chain, roaring_bitmap_t *survivors)
{
    lineset_free(chain->survivors);
    chain->survivors = survivors;
    output_order(chain);
}

bool chain_evaluate(struct chain *chain)
{
    LINKS_AUTO struct links links = {0};
    if (chain->unusable)
        return false;
    if (!chain->corpus) {
        take_survivors(chain, roaring_bitmap_create());
        return true;
    }
    if (!links_find(chain, chain->n_stages, &links))
        return false;
    size_t n = links.n;
    MEM_AUTO roaring_bitmap_t **arriving = mem_zero(n + 1, sizeof(*arriving));
    MEM_AUTO roaring_bitmap_t **onward = mem_zero(n + 1, sizeof(*onward));
    arriving[0] = roaring_bitmap_copy(chain->lines);
    onward[n] = roaring_bitmap_copy(chain->lines);
    for (size_t k = 0; k < n; k++) {
        const struct link *link = &links.list[k], *mirror = &links.list[n - 1 - k];
        arriving[k + 1] = chain_pass(arriving[k], link->hits, link->invert);
        onward[n - 1 - k] = chain_pass(onward[n - k], mirror->hits, mirror->invert);
    }
    for (size_t k = 0; k < n; k++)
        number_link(chain, &links, k, arriving, onward);
    number_disabled(chain, arriving);
    take_survivors(chain, roaring_bitmap_copy(arriving[n]));
    for (size_t k = 0; k <= n; k++) {
        lineset_free(arriving[k]);
        lineset_free(onward[k]);
    }
    return true;
}

const roaring_bitmap_t *chain_survivors(const struct chain *chain)
{
    return chain->survivors;
}

size_t chain_hidden_by(const struct chain *chain, uint32_t line)
{
    LINKS_AUTO struct links links = {0};
    if (!chain->lines || !roaring_bitmap_contains(chain->lines, line))
        return SIZE_MAX - 1;
    links_find(chain, chain->n_stages, &links);
    for (size_t k = 0; k < links.n; k++) {
        const struct link *link = &links.list[k];
        if (link->hits && roaring_bitmap_contains(link->hits, line) == link->invert)
            return link->stage;
    }
    return SIZE_MAX;
}
