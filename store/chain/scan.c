/* SPDX-License-Identifier: MIT
 *
 * Finds the hits of expressions over all lines. Blocks are distributed to threads. Each thread
 * unpacks a block once, matches it against all expressions and collects its own hits; the hits of
 * all threads are joined at the end. For stages on paths, each distinct path is matched once before
 * the blocks are distributed; each line then gets the result of the path of its call.
 */
#include <roaring/roaring.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chain/chain_private.h"

enum {
    MAX_THREADS = 8,
    BLOCKS_AT_ONCE = 4 /* per request of a thread; the session stores neighbours together */
};

static void copy_prefixes(const struct chain *chain, struct scan_prefixes *out)
{
    out->n = chain->corpus ? chain->corpus->n_logs : 0;
    out->by_log = mem_zero(out->n, sizeof *out->by_log);
    size_t n_bytes = 0;
    for (size_t i = 0; i < chain->n_selected; i++)
        n_bytes += chain->selected[i].prefix.n;
    buf_reserve(&out->text, n_bytes + 1); /* so that the text is not moved below */
    for (size_t i = 0; i < chain->n_selected; i++) {
        const struct selected *selected = &chain->selected[i];
        struct bytes *place = &out->by_log[selected->log];
        if (place->n)
            continue;
        *place = bytes_from(out->text.p + out->text.n, selected->prefix.n);
        buf_add(&out->text, selected->prefix);
    }
}

bool scan_init(const struct chain *chain, size_t at, const struct stage_spec *spec,
               struct bytes key, struct hit_form form, struct scan *out)
{
    struct err ignored;
    *out = (struct scan){.stage = at,
                         .target = form.target,
                         .prefixed = form.prefixed,
                         .corpus = chain->corpus,
                         .line_paths = chain->line_paths};
    if (!pattern_compile(spec, &out->pattern, NULL, &ignored))
        return false;
    out->prefixes = mem_zero(1, sizeof *out->prefixes);
    copy_prefixes(chain, out->prefixes);
    hits_form_id(chain, form, out->prefixes->form);
    buf_add(&out->stage_text, key);
    return true;
}

void scan_finish(struct scan *scan)
{
    pattern_destroy(scan->pattern);
    if (scan->prefixes) {
        free(scan->prefixes->by_log);
        buf_finish(&scan->prefixes->text);
        free(scan->prefixes);
    }
    buf_finish(&scan->stage_text);
    *scan = (struct scan){0};
}

/* Data that the threads share: scans over the same lines, so that each block is unpacked once. */
struct work {
    const struct scan *scans;
    size_t n;
    uint64_t *
        *rows; /* one per scan: for scans on paths, a bit for each matching access; else NULL */
    struct db *db;
    const atomic_bool *cancel; /* NULL: cannot be cancelled */
    atomic_uint next_block;
    atomic_bool stop; /* a thread failed */
};

/* The lines of the current block, bare or with their prefix. */
struct form_text {
    struct buf own; /* text of the prefixed form */
    struct bytes text;
    uint32_t *starts; /* owned; as in pattern_lines */
    size_t cap;
    bool made; /* is filled for this block */
};

/* The part of one scan that belongs to one thread. */
struct share {
    struct pattern_scratch *scratch; /* NULL on paths */
    struct line_set_maker maker;
    roaring_bitmap_t *hits; /* owned */
};

struct worker {
    struct work *work;
    pthread_t thread;
    bool started, failed;
    struct err err;
    struct share *shares; /* one per scan; owned */
    struct corpus_reader *reader;
    struct form_text bare, prefixed;
    uint64_t *bits; /* owned */
    size_t cap;     /* number of lines for which bits has room */
};

static void clear_bits(struct worker *worker, size_t n_lines)
{
    if (n_lines + 1 > worker->cap) {
        worker->cap = n_lines + n_lines / 2 + 1;
        worker->bits = mem_array(worker->bits, worker->cap / 64 + 1, sizeof *worker->bits);
    }
    memset(worker->bits, 0, (n_lines / 64 + 1) * sizeof *worker->bits);
}

static void make_room(struct form_text *form, size_t n_lines)
{
    if (n_lines + 1 > form->cap) {
        form->cap = n_lines + n_lines / 2 + 1;
        form->starts = mem_array(form->starts, form->cap, sizeof *form->starts);
    }
}

/* Splits text at newlines; by the row of the block, there must be n_lines. */
static bool index_lines(struct form_text *form, size_t n_lines, struct err *err)
{
    struct bytes text = form->text;
    size_t at = 0;
    make_room(form, n_lines);
    for (size_t i = 0; i < n_lines; i++) {
        form->starts[i] = (uint32_t)at;
        const char *end = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;
        if (!end)
            return err_set(err, "damaged log: a block has fewer lines than its row states");
        at = (size_t)(end - text.p) + 1;
    }
    form->starts[n_lines] = (uint32_t)at;
    return at == text.n || err_set(err, "damaged log: a block has more lines than its row states");
}

/* Builds the prefixed lines: the bare lines with the prefix before each. */
static void add_prefixes(const struct form_text *bare, struct bytes prefix, size_t n_lines,
                         struct form_text *out)
{
    struct buf *own = &out->own;
    make_room(out, n_lines);
    buf_clear(own);
    buf_reserve(own, bare->text.n + n_lines * prefix.n + 1);
    char *to = own->p;
    for (size_t i = 0; i < n_lines; i++) {
        size_t from = bare->starts[i], n = bare->starts[i + 1] - from;
        out->starts[i] = (uint32_t)(to - own->p);
        memcpy(to, prefix.p, prefix.n);
        memcpy(to + prefix.n, bare->text.p + from, n);
        to += prefix.n + n;
    }
    own->n = (size_t)(to - own->p);
    out->starts[n_lines] = (uint32_t)own->n;
    out->text = buf_bytes(own);
}

/* Returns the lines of a block in the form that the scan needs; the form is built for the first
 * scan that needs it. */
static bool block_lines(struct worker *worker, const struct scan *scan, uint32_t number,
                        struct pattern_lines *out)
{
    const struct corpus_block *block = &scan->corpus->blocks[number];
    struct form_text *bare = &worker->bare, *form = scan->prefixed ? &worker->prefixed : bare;
    struct bytes prefix = scan->prefixes->by_log[block->log];
    if (!bare->made && (!corpus_block_text(worker->reader, number, &bare->text, &worker->err) ||
                        !index_lines(bare, block->n_lines, &worker->err)))
        return false;
    bare->made = true;
    if (bare->text.n > UINT32_MAX || (UINT32_MAX - bare->text.n) / block->n_lines <= prefix.n)
        return err_set(&worker->err, "a line of more than 4 GiB");
    if (!form->made)
        add_prefixes(bare, prefix, block->n_lines, form);
    form->made = true;
    *out = (struct pattern_lines){form->text, form->starts, block->n_lines};
    return true;
}

/* For a scan on paths, adds the lines whose calls match. */
static bool match_calls(struct worker *worker, size_t i, uint32_t number)
{
    const struct scan *scan = &worker->work->scans[i];
    const struct corpus_block *block = &scan->corpus->blocks[number];
    const uint32_t *calls;
    if (!corpus_block_calls(worker->reader, number, &calls, &worker->err))
        return false;
    for (uint32_t k = 0; k < block->n_lines; k++)
        if (line_paths_row_is_set(scan->line_paths, worker->work->rows[i], block->log, calls[k]))
            worker->bits[k / 64] |= 1ull << k % 64;
    return true;
}

static bool match_text(struct worker *worker, size_t i, uint32_t number)
{
    const struct scan *scan = &worker->work->scans[i];
    struct pattern_lines lines;
    return block_lines(worker, scan, number, &lines) &&
           pattern_match_lines(scan->pattern, worker->shares[i].scratch, &lines, worker->bits,
                               &worker->err);
}

/* Runs all scans on one block. */
static bool scan_block(struct worker *worker, uint32_t number)
{
    const struct work *work = worker->work;
    const struct corpus_block *block = &work->scans[0].corpus->blocks[number];
    worker->bare.made = worker->prefixed.made = false;
    for (size_t i = 0; i < work->n && block->n_lines; i++) {
        const struct scan *scan = &work->scans[i];
        if (scan->prefixed && !scan->prefixes->by_log[block->log].n)
            continue; /* this log is not selected */
        clear_bits(worker, block->n_lines);
        if (!(work->rows[i] ? match_calls(worker, i, number) : match_text(worker, i, number)))
            return false;
        line_set_add_bits(&worker->shares[i].maker, block->first_line, worker->bits,
                          block->n_lines);
    }
    return true;
}

static bool scan_blocks(struct worker *worker)
{
    struct work *work = worker->work;
    uint32_t n_blocks = work->scans[0].corpus->n_blocks;
    for (;;) {
        uint32_t first = atomic_fetch_add(&work->next_block, BLOCKS_AT_ONCE);
        for (uint32_t i = first; i < first + BLOCKS_AT_ONCE; i++) {
            if (i >= n_blocks || atomic_load(&work->stop))
                return true;
            if (work->cancel && atomic_load(work->cancel))
                return err_cancelled(&worker->err);
            if (!scan_block(worker, i))
                return false;
        }
    }
}

static void form_text_finish(struct form_text *form)
{
    buf_finish(&form->own);
    free(form->starts);
}

static void *work_on(void *with)
{
    struct worker *worker = with;
    struct work *work = worker->work;
    for (size_t i = 0; i < work->n; i++)
        if (!work->rows[i])
            worker->shares[i].scratch = pattern_scratch_create(work->scans[i].pattern);
    worker->failed =
        !corpus_reader_create(work->db, work->scans[0].corpus, &worker->reader, &worker->err) ||
        !scan_blocks(worker);
    if (worker->failed)
        atomic_store(&work->stop, true);
    for (size_t i = 0; i < work->n; i++) {
        pattern_scratch_destroy(worker->shares[i].scratch);
        worker->shares[i].hits = line_set_end(&worker->shares[i].maker);
    }
    corpus_reader_destroy(worker->reader);
    form_text_finish(&worker->bare);
    form_text_finish(&worker->prefixed);
    free(worker->bits);
    return NULL;
}

static size_t choose_threads(const struct corpus *corpus)
{
    long n_cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = corpus->n_blocks / BLOCKS_AT_ONCE + 1;
    if (n_cores > 0 && n > (size_t)n_cores)
        n = (size_t)n_cores;
    return n < MAX_THREADS ? n : MAX_THREADS;
}

/* Joins the hits of one scan from all threads. */
static roaring_bitmap_t *join_hits(struct worker *workers, size_t n, size_t i)
{
    roaring_bitmap_t *all = roaring_bitmap_create();
    for (size_t k = 0; k < n; k++) {
        if (workers[k].shares[i].hits)
            roaring_bitmap_or_inplace(all, workers[k].shares[i].hits);
        line_set_free(workers[k].shares[i].hits);
    }
    roaring_bitmap_run_optimize(all);
    return all;
}

static bool run_work(struct work *work, roaring_bitmap_t **hits, struct err *err)
{
    struct worker workers[MAX_THREADS] = {0};
    size_t n = choose_threads(work->scans[0].corpus);
    for (size_t k = 0; k < n; k++) {
        workers[k].work = work;
        workers[k].shares = mem_zero(work->n, sizeof *workers[k].shares);
    }
    /* the last worker runs in this thread, alone if no other thread can be started */
    for (size_t k = 0; k + 1 < n; k++)
        workers[k].started = pthread_create(&workers[k].thread, NULL, work_on, &workers[k]) == 0;
    work_on(&workers[n - 1]);
    bool ok = true;
    for (size_t k = 0; k < n; k++) {
        if (workers[k].started)
            pthread_join(workers[k].thread, NULL);
        if (workers[k].failed && ok)
            err_copy(err, &workers[k].err);
        ok = ok && !workers[k].failed;
    }
    for (size_t i = 0; i < work->n; i++) {
        hits[i] = join_hits(workers, n, i);
        if (!ok) {
            line_set_free(hits[i]);
            hits[i] = NULL;
        }
    }
    for (size_t k = 0; k < n; k++)
        free(workers[k].shares);
    return ok;
}

/* Scans the paths of the subject image, which are the lines if no log is loaded. */
static bool scan_tree(const struct scan *scan, const atomic_bool *cancel, roaring_bitmap_t **hits,
                      struct err *err)
{
    MEM_AUTO uint64_t *matches = NULL;
    struct line_set_maker maker = {0};
    if (!scan->target->match_tree(scan->line_paths, scan->pattern, cancel, &matches, err))
        return false;
    line_set_add_bits(&maker, 0, matches, line_paths_n_lines(scan->line_paths));
    *hits = line_set_end(&maker);
    return true;
}

/* Finds the accesses that each scan on paths matches. */
static bool match_rows(struct work *work, struct err *err)
{
    for (size_t i = 0; i < work->n; i++) {
        const struct scan *scan = &work->scans[i];
        if (scan->target != &target_line &&
            !filter_target_match_rows(scan->target, scan->line_paths, scan->pattern, work->cancel,
                                      &work->rows[i], err))
            return false;
    }
    return true;
}

/* Runs the scans one by one, if no log is loaded. */
static bool scan_trees(const struct work *work, roaring_bitmap_t **hits, struct err *err)
{
    for (size_t i = 0; i < work->n; i++) {
        if (scan_tree(&work->scans[i], work->cancel, &hits[i], err))
            continue;
        while (i > 0) {
            line_set_free(hits[--i]);
            hits[i] = NULL;
        }
        return false;
    }
    return true;
}

bool scan_run_all(const struct scan *scans, size_t n, struct db *db, const atomic_bool *cancel,
                  roaring_bitmap_t **hits, struct err *err)
{
    struct work work = {.scans = scans, .n = n, .db = db, .cancel = cancel};
    if (n == 0)
        return true;
    if (!scans[0].corpus)
        return scan_trees(&work, hits, err);
    work.rows = mem_zero(n, sizeof *work.rows);
    bool ok = match_rows(&work, err) && run_work(&work, hits, err);
    for (size_t i = 0; i < n; i++)
        free(work.rows[i]);
    free(work.rows);
    return ok;
}

bool scan_run(const struct scan *scan, struct db *db, const atomic_bool *cancel,
              roaring_bitmap_t **hits, struct err *err)
{
    return scan_run_all(scan, 1, db, cancel, hits, err);
}
