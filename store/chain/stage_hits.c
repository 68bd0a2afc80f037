/* SPDX-License-Identifier: MIT
 *
 * The known hits. The session stores only the hits of the current chain, because the hits of one
 * expression can have as many ranges as the logs have lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain/chain_private.h"

bool hits_form_equal(struct hit_form a, struct hit_form b)
{
    return a.target == b.target && a.prefixed == b.prefixed;
}

static struct stage_hits *find_set(const struct chain *chain, struct bytes key,
                                   struct hit_form form)
{
    for (size_t i = 0; i < chain->n_sets; i++)
        if (hits_form_equal(chain->sets[i].form, form) &&
            bytes_equal(buf_bytes(&chain->sets[i].key), key))
            return &chain->sets[i];
    return NULL;
}

const roaring_bitmap_t *hits_find(const struct chain *chain, struct bytes key, struct hit_form form)
{
    const struct stage_hits *set = find_set(chain, key, form);
    return set ? set->hits : NULL;
}

void hits_put(struct chain *chain, struct bytes key, struct hit_form form, bool stored,
              roaring_bitmap_t *hits)
{
    struct stage_hits *set = find_set(chain, key, form);
    if (!set) {
        ARRAY_ROOM(chain->sets, chain->n_sets, chain->cap_sets);
        set = &chain->sets[chain->n_sets++];
        *set = (struct stage_hits){.form = form};
        buf_add(&set->key, key);
    }
    line_set_free(set->hits);
    set->hits = hits;
    set->stored = stored;
}

static bool is_prefixed(struct hit_form form)
{
    return form.prefixed;
}

static bool is_of_calls(struct hit_form form)
{
    return form.target != &target_line;
}

static bool is_any(struct hit_form form)
{
    (void)form;
    return true;
}

static void drop_sets(struct chain *chain, bool (*is_dropped)(struct hit_form form))
{
    size_t n_kept = 0;
    for (size_t i = 0; i < chain->n_sets; i++) {
        struct stage_hits *set = &chain->sets[i];
        if (!is_dropped(set->form)) {
            chain->sets[n_kept++] = *set;
            continue;
        }
        buf_finish(&set->key);
        line_set_free(set->hits);
    }
    chain->n_sets = n_kept;
}

void hits_drop_prefixed(struct chain *chain)
{
    drop_sets(chain, is_prefixed);
}

void hits_drop_calls(struct chain *chain)
{
    drop_sets(chain, is_of_calls);
}

void hits_drop_all(struct chain *chain)
{
    drop_sets(chain, is_any);
}

struct hit_form hits_form(const struct filter_target *target, bool prefixed)
{
    return (struct hit_form){target, prefixed && target == &target_line};
}

void hits_form_id(const struct chain *chain, struct hit_form form, char *out)
{
    *out = 0;
    if (form.prefixed)
        memcpy(out, chain->form, FORM_BYTES);
    else if (form.target != &target_line && chain->line_paths)
        snprintf(out, FORM_BYTES, "%s:%s", form.target->name, line_paths_id(chain->line_paths));
}

static const char HITS_GET[] = "SELECT key, ranges FROM hits WHERE stage = :stage AND form = :form";

/* Loads one set of hits from the session. Unusable hits (of other logs, or damaged) are skipped: a
 * scan replaces them later. */
static bool load_set(struct chain *chain, struct db *db, struct bytes key, struct hit_form form,
                     struct err *err)
{
    char form_id[FORM_BYTES];
    if (find_set(chain, key, form))
        return true;
    hits_form_id(chain, form, form_id);
    struct stmt *q = db_query(db, HITS_GET, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":stage", key);
    stmt_bind_text(q, ":form", bytes_of(form_id));
    enum step step = stmt_step(q, err);
    if (step != STEP_ROW)
        return step == STEP_DONE;
    struct bytes corpus_key = bytes_from((const char *)chain->key, sizeof chain->key);
    if (bytes_equal(stmt_bytes(q, 0), corpus_key)) {
        roaring_bitmap_t *hits = line_set_load(stmt_bytes(q, 1), chain->n_lines);
        if (hits)
            hits_put(chain, key, form, true, hits);
    }
    stmt_reset(q);
    return true;
}

bool hits_load(struct chain *chain, struct db *db, struct err *err)
{
    for (size_t i = 0; i < chain->n_stages; i++) {
        const struct stage *stage = &chain->stages[i];
        struct bytes key = buf_bytes(&stage->key);
        bool on_lines = stage->target == &target_line;
        if (on_lines ? chain->of_tree : !chain->line_paths)
            continue;
        if (!load_set(chain, db, key, hits_form(stage->target, false), err) ||
            (on_lines && !load_set(chain, db, key, hits_form(stage->target, true), err)))
            return false;
    }
    return true;
}

/* Returns whether a stage of the chain can have these hits. */
static bool has_stage(const struct chain *chain, struct bytes key, struct hit_form form)
{
    for (size_t i = 0; i < chain->n_stages; i++)
        if (chain->stages[i].target == form.target &&
            bytes_equal(buf_bytes(&chain->stages[i].key), key))
            return true;
    return false;
}

/* Returns whether a stored row belongs to a stage, and has a form that the stage can have now. */
static bool is_current(const struct chain *chain, struct bytes key, struct bytes form_id)
{
    char id[FORM_BYTES];
    for (size_t i = 0; i < chain->n_stages; i++) {
        const struct stage *stage = &chain->stages[i];
        if (!bytes_equal(buf_bytes(&stage->key), key))
            continue;
        for (int prefixed = 0; prefixed < 2; prefixed++) {
            hits_form_id(chain, hits_form(stage->target, prefixed), id);
            if (bytes_equal(form_id, bytes_of(id)))
                return true;
        }
    }
    return false;
}

static const char HITS_SET[] =
    "INSERT INTO hits (stage, form, key, ranges) VALUES (:stage, :form, :key, :ranges) "
    "ON CONFLICT (stage, form) DO UPDATE SET key = :key, ranges = :ranges";

static bool store_set(const struct chain *chain, const struct stage_hits *set, struct db *db,
                      struct err *err)
{
    BUF_AUTO struct buf ranges = {0};
    struct stmt *q = db_query(db, HITS_SET, err);
    if (!q)
        return false;
    char form_id[FORM_BYTES];
    hits_form_id(chain, set->form, form_id);
    line_set_store(set->hits, &ranges);
    stmt_bind_text(q, ":stage", buf_bytes(&set->key));
    stmt_bind_text(q, ":form", bytes_of(form_id));
    stmt_bind_blob(q, ":key", bytes_from((const char *)chain->key, sizeof chain->key));
    stmt_bind_blob(q, ":ranges", bytes_from(buf_str(&ranges), ranges.n));
    return stmt_run(q, err);
}

static const char HITS_NEXT[] =
    "SELECT stage, form FROM hits WHERE (stage, form) > (:stage, :form) "
    "ORDER BY stage, form LIMIT 1";
static const char HITS_DROP[] = "DELETE FROM hits WHERE stage = :stage AND form = :form";

static bool drop_row(struct db *db, struct bytes stage, struct bytes form, struct err *err)
{
    struct stmt *q = db_query(db, HITS_DROP, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":stage", stage);
    stmt_bind_text(q, ":form", form);
    return stmt_run(q, err);
}

/* Removes the rows of stages and forms that the chain no longer has. */
static bool prune_rows(const struct chain *chain, struct db *db, struct err *err)
{
    BUF_AUTO struct buf stage = {0};
    BUF_AUTO struct buf form = {0};
    for (;;) {
        struct stmt *q = db_query(db, HITS_NEXT, err);
        if (!q)
            return false;
        stmt_bind_text(q, ":stage", buf_bytes(&stage));
        stmt_bind_text(q, ":form", buf_bytes(&form));
        enum step step = stmt_step(q, err);
        if (step != STEP_ROW)
            return step == STEP_DONE;
        buf_clear(&stage);
        buf_clear(&form);
        buf_add(&stage, stmt_bytes(q, 0));
        buf_add(&form, stmt_bytes(q, 1));
        stmt_reset(q);
        if (!is_current(chain, buf_bytes(&stage), buf_bytes(&form)) &&
            !drop_row(db, buf_bytes(&stage), buf_bytes(&form), err))
            return false;
    }
}

static const char COUNTED_SET[] =
    "INSERT INTO counted (position, hits, unique_hits, left_) "
    "VALUES (:position, :hits, :unique, :left) ON CONFLICT (position) DO UPDATE "
    "SET hits = :hits, unique_hits = :unique, left_ = :left";
static const char COUNTED_DROP[] = "DELETE FROM counted WHERE position = :position";
static const char COUNTED_REST[] = "DELETE FROM counted WHERE position > :position";

static bool store_numbers(const struct chain *chain, struct db *db, struct err *err)
{
    for (size_t i = 0; i < chain->n_stages; i++) {
        struct stage_view view = chain_stage(chain, i);
        bool there = view.counted && view.active;
        struct stmt *q = db_query(db, there ? COUNTED_SET : COUNTED_DROP, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":position", (int64_t)i + 1);
        if (there) {
            stmt_bind_int(q, ":hits", view.hits);
            stmt_bind_int(q, ":unique", view.unique_hits);
            stmt_bind_int(q, ":left", view.left);
        }
        if (!stmt_run(q, err))
            return false;
    }
    struct stmt *q = db_query(db, COUNTED_REST, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":position", (int64_t)chain->n_stages);
    return stmt_run(q, err);
}

static bool store_all(const struct chain *chain, struct db *db, struct err *err)
{
    for (size_t i = 0; i < chain->n_sets; i++) {
        const struct stage_hits *set = &chain->sets[i];
        if (!set->stored && has_stage(chain, buf_bytes(&set->key), set->form) &&
            !store_set(chain, set, db, err))
            return false;
    }
    return prune_rows(chain, db, err) && store_numbers(chain, db, err);
}

bool chain_store_hits(struct chain *chain, struct db *db, struct err *err)
{
    if (!db_begin(db, err))
        return false;
    if (!store_all(chain, db, err) || !db_commit(db, err)) {
        db_rollback(db);
        return false;
    }
    /* hits without a stage are kept in memory only: an undo can restore the stage */
    for (size_t i = 0; i < chain->n_sets; i++)
        chain->sets[i].stored =
            has_stage(chain, buf_bytes(&chain->sets[i].key), chain->sets[i].form);
    return true;
}
