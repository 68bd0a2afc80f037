/* SPDX-License-Identifier: MIT
 *
 * Finds the scans that are missing, runs them, and adds their hits.
 */
#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

#include "chain/chain_private.h"

static bool scan_of(const struct chain *chain, size_t i, struct hit_form form, bool urgent,
                    struct scan *out)
{
    const struct stage *stage = &chain->stages[i];
    struct bytes key = buf_bytes(&stage->key);
    if (hits_find(chain, key, form) || !scan_init(chain, i, &stage->spec, key, form, out))
        return false;
    out->urgent = urgent;
    return true;
}

/* Creates the scan for the bare hits of the second stage on lines, which the unique hits of the
 * first stage need. */
static bool scan_for_numbers(const struct chain *chain, const struct active_stages *active,
                             struct scan *out)
{
    size_t k = active_stages_next_opener(active);
    return k < active->n &&
           scan_of(chain, active->list[k].stage, hits_form(&target_line, false), false, out);
}

/* Creates a scan for hits that a stage may need when it is enabled or moved. */
static bool scan_for_later(const struct chain *chain, size_t i, struct scan *out)
{
    struct stage stage = chain->stages[i]; /* borrowed */
    stage.enabled = true;
    if (!chain_is_active(chain, &stage))
        return false;
    if (scan_of(chain, i, hits_form(stage.target, false), false, out))
        return true;
    return stage.target == &target_line && chain_is_prefixing(chain) &&
           scan_of(chain, i, hits_form(stage.target, true), false, out);
}

bool chain_next_scan(const struct chain *chain, struct scan *out)
{
    ACTIVE_STAGES_AUTO struct active_stages active = {0};
    if (!chain->lines)
        return false;
    active_stages_find(chain, chain->n_stages, &active);
    for (size_t k = 0; k < active.n; k++)
        if (scan_of(chain, active.list[k].stage, active.list[k].form, true, out))
            return true;
    if (scan_for_numbers(chain, &active, out))
        return true;
    for (size_t i = 0; i < chain->n_stages; i++)
        if (scan_for_later(chain, i, out))
            return true;
    return false;
}

void chain_add_hits(struct chain *chain, const struct scan *scan, roaring_bitmap_t *hits)
{
    char form_id[FORM_BYTES];
    struct hit_form form = hits_form(scan->target, scan->prefixed);
    hits_form_id(chain, form, form_id);
    bool wanted = chain->lines && chain->corpus == scan->corpus &&
                  (!*form_id || !strcmp(form_id, scan->prefixes->form));
    bool has_stage = false;
    for (size_t i = 0; i < chain->n_stages; i++)
        has_stage |= chain->stages[i].target == scan->target &&
                     bytes_equal(buf_bytes(&chain->stages[i].key), buf_bytes(&scan->stage_text));
    if (wanted && has_stage)
        hits_put(chain, buf_bytes(&scan->stage_text), form, false, hits);
    else
        line_set_free(hits);
}

/* Returns whether one of the scans finds the same hits as the next scan: a chain can have the same
 * stage twice. */
static bool is_repeated(const struct scan *scans, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (scans[i].target == scans[n].target && scans[i].prefixed == scans[n].prefixed &&
            bytes_equal(buf_bytes(&scans[i].stage_text), buf_bytes(&scans[n].stage_text)))
            return true;
    return false;
}

static void add_scan(struct scan *scans, size_t *n, bool is_missing)
{
    if (is_missing && is_repeated(scans, *n))
        scan_finish(&scans[*n]);
    else
        *n += is_missing;
}

/* Returns the scans that the result needs and, with with_numbers, also the scans that the numbers
 * of the stages need. The caller owns the scans and the array. */
static struct scan *missing_scans(const struct chain *chain, bool with_numbers, size_t *n)
{
    ACTIVE_STAGES_AUTO struct active_stages active = {0};
    *n = 0;
    if (!chain->lines)
        return NULL;
    active_stages_find(chain, chain->n_stages, &active);
    struct scan *scans = mem_zero(active.n + 1, sizeof *scans);
    for (size_t k = 0; k < active.n; k++)
        add_scan(scans, n,
                 scan_of(chain, active.list[k].stage, active.list[k].form, true, &scans[*n]));
    if (with_numbers)
        add_scan(scans, n, scan_for_numbers(chain, &active, &scans[*n]));
    return scans;
}

bool chain_settle(struct chain *chain, struct db *db, const atomic_bool *cancel, struct err *err)
{
    size_t n;
    if (chain->unusable)
        return err_set(err, "chain: its files are not among the loaded logs");
    /* a read-only session needs the lines, but stores no numbers */
    struct scan *scans = missing_scans(chain, !db_is_read_only(db), &n);
    roaring_bitmap_t **hits = mem_zero(n, sizeof(*hits));
    bool ok = scan_run_all(scans, n, db, cancel, hits, err);
    for (size_t i = 0; i < n; i++) {
        if (ok)
            chain_add_hits(chain, &scans[i], hits[i]);
        scan_finish(&scans[i]);
    }
    free(hits);
    free(scans);
    return ok && (chain_evaluate(chain) || err_set(err, "chain: cannot be evaluated"));
}

/* Returns whether a stage at position `at` would be the first stage on lines. */
static bool would_open(const struct chain *chain, size_t at)
{
    for (size_t i = 0; i < at && i < chain->n_stages; i++)
        if (chain->stages[i].target == &target_line && chain->stages[i].enabled)
            return false;
    return true;
}

static bool can_preview(const struct chain *chain, const struct filter_target *target,
                        struct err *err)
{
    struct stage stage = {.target = target, .enabled = true};
    if (!chain->lines || (chain->of_tree && !target->match_tree))
        return err_set(err, "chain: no logs are loaded; run xsmall load LOG");
    return chain_is_active(chain, &stage) ||
           err_set(err, "chain: no image is loaded; run xsmall load IMAGE");
}

bool chain_preview_scan(const struct chain *chain, size_t at, struct bytes text,
                        const struct filter_target *target, struct scan *out, bool *invert,
                        struct err *err)
{
    struct stage_spec spec;
    struct operands files;
    if (!can_preview(chain, target, err))
        return false;
    if (!pipeline_parse_stage(text, at == 0, PIPELINE_TYPED, &spec, &files, err))
        return false;
    operands_finish(&files);
    *invert = spec.invert;
    spec.invert = false;
    spec.prefix = GREP_PREFIX_AUTO;
    BUF_AUTO struct buf key = {0};
    stage_spec_print(&spec, &key);
    struct pattern *pattern;
    bool ok = pattern_compile(&spec, &pattern, NULL, err); /* compiled for its error message only */
    if (ok) {
        pattern_destroy(pattern);
        bool prefixed = chain_is_prefixing(chain) && !would_open(chain, at);
        ok = scan_init(chain, at, &spec, buf_bytes(&key), hits_form(target, prefixed), out);
    }
    stage_spec_finish(&spec);
    return ok;
}

void chain_preview_count(const struct chain *chain, size_t at, bool invert,
                         const roaring_bitmap_t *hits, uint32_t *matched, uint32_t *left)
{
    ACTIVE_STAGES_AUTO struct active_stages active = {0};
    *matched = *left = 0;
    size_t end = at < chain->n_stages ? at : chain->n_stages;
    if (!chain->lines || !active_stages_find(chain, end, &active))
        return;
    roaring_bitmap_t *arriving = roaring_bitmap_copy(chain->lines);
    for (size_t k = 0; k < active.n; k++) {
        roaring_bitmap_t *next = chain_pass(arriving, active.list[k].hits, active.list[k].invert);
        line_set_free(arriving);
        arriving = next;
    }
    *matched = chain_count_common(chain, arriving, hits);
    *left = invert ? chain_count(chain, arriving) - *matched : *matched;
    line_set_free(arriving);
}
