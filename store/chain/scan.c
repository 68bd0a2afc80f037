/* SPDX-License-Identifier: MIT
 *
 * Finding the hits of one expression over all lines: blocks are handed out to threads, each of
 * which unpacks, matches and gathers lines on its own; what they found is joined at the end. On
 * paths each different path is matched once, before; the blocks then tell which line has it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chain/place_texts.h"
#include "chain/private.h"

enum {
    MAX_THREADS = 8,
    BLOCKS_AT_ONCE = 4 /* handed out to a thread: neighbours lie together in the session */
};

static void copy_prefixes(const struct chain *chain, struct scan_prefixes *out)
{
    out->n = chain->corpus ? chain->corpus->n_logs : 0;
    out->by_log = mem_zero(out->n, sizeof *out->by_log);
    size_t n_bytes = 0;
    for (size_t i = 0; i < chain->n_selected; i++)
        n_bytes += chain->selected[i].prefix.n;
    buf_reserve(&out->text, n_bytes + 1); /* so that it does not move below */
    for (size_t i = 0; i < chain->n_selected; i++) {
        const struct selected *selected = &chain->selected[i];
        struct bytes *place = &out->by_log[selected->log];
        if (place->n)
            continue;
        *place = bytes_from(out->text.p + out->text.n, selected->prefix.n);
        buf_add(&out->text, selected->prefix);
    }
}

bool scan_make(const struct chain *chain, size_t at, const struct stage_spec *spec,
               struct bytes key, enum form form, struct scan *out)
{
    struct err ignored;
    *out = (struct scan){.stage = at,
                         .target = form == FORM_PATH   ? STAGE_PATH
                                   : form == FORM_TREE ? STAGE_TREE
                                                       : STAGE_LINE,
                         .prefixed = form == FORM_PREFIXED,
                         .corpus = chain->corpus,
                         .places = chain->places};
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

/* What the threads of a scan share. */
struct work {
    const struct scan *scan;
    const uint64_t *rows; /* on paths: a bit for each access that matches; else NULL */
    struct db *db;
    const atomic_bool *cancel; /* NULL: nobody cancels */
    atomic_uint next_block;
    atomic_bool stop; /* one of them failed */
};

struct worker {
    struct work *work;
    pthread_t thread;
    bool started, failed;
    struct err err;
    struct lineset_maker maker;
    roaring_bitmap_t *hits; /* owned */
    /* of the current block */
    struct buf text;
    uint32_t *starts; /* owned */
    uint64_t *bits;   /* owned */
    size_t cap;       /* lines that starts and bits have room for */
};

static void make_room(struct worker *worker, size_t n_lines)
{
    if (n_lines + 1 > worker->cap) {
        worker->cap = n_lines + n_lines / 2 + 1;
        worker->starts = mem_array(worker->starts, worker->cap, sizeof *worker->starts);
        worker->bits = mem_array(worker->bits, worker->cap / 64 + 1, sizeof *worker->bits);
    }
    memset(worker->bits, 0, (n_lines / 64 + 1) * sizeof *worker->bits);
}

/* Splits text at newlines, which the block's row promises to be n_lines of. */
static bool index_lines(struct worker *worker, struct bytes text, size_t n_lines)
{
    size_t at = 0;
    for (size_t i = 0; i < n_lines; i++) {
        worker->starts[i] = (uint32_t)at;
        const char *end = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;
        if (!end)
            return err_set(&worker->err, "a log block has fewer lines than it says");
        at = (size_t)(end - text.p) + 1;
    }
    worker->starts[n_lines] = (uint32_t)at;
    return at == text.n || err_set(&worker->err, "a log block has more lines than it says");
}

/* The lines of text with the prefix in front of each; starts are those of the new text. */
static void add_prefixes(struct worker *worker, struct bytes text, struct bytes prefix,
                         size_t n_lines)
{
    buf_clear(&worker->text);
    buf_reserve(&worker->text, text.n + n_lines * prefix.n + 1);
    char *to = worker->text.p;
    for (size_t i = 0; i < n_lines; i++) {
        size_t from = worker->starts[i], n = worker->starts[i + 1] - from;
        worker->starts[i] = (uint32_t)(to - worker->text.p);
        memcpy(to, prefix.p, prefix.n);
        memcpy(to + prefix.n, text.p + from, n);
        to += prefix.n + n;
    }
    worker->text.n = (size_t)(to - worker->text.p);
    worker->starts[n_lines] = (uint32_t)worker->text.n;
}

static bool scan_block(struct worker *worker, struct corpus_reader *reader,
                       struct pattern_scratch *scratch, uint32_t number)
{
    const struct scan *scan = worker->work->scan;
    const struct corpus_block *block = &scan->corpus->blocks[number];
    struct bytes prefix = scan->prefixes->by_log[block->log], text;
    if ((scan->prefixed && !prefix.n) || !block->n_lines)
        return true;
    if (!corpus_block_text(reader, number, &text, &worker->err))
        return false;
    size_t n_added = scan->prefixed ? prefix.n : 0;
    if (text.n > UINT32_MAX || (UINT32_MAX - text.n) / block->n_lines <= n_added)
        return err_set(&worker->err, "a line of more than 4 GiB");
    make_room(worker, block->n_lines);
    if (!index_lines(worker, text, block->n_lines))
        return false;
    if (scan->prefixed) {
        add_prefixes(worker, text, prefix, block->n_lines);
        text = buf_bytes(&worker->text);
    }
    struct pattern_lines lines = {text, worker->starts, block->n_lines};
    if (!pattern_match_lines(scan->pattern, scratch, &lines, worker->bits, &worker->err))
        return false;
    lineset_add_bits(&worker->maker, block->first_line, worker->bits, block->n_lines);
    return true;
}

/* On paths: the lines whose calls match. */
static bool scan_calls(struct worker *worker, struct corpus_reader *reader, uint32_t number)
{
    const struct scan *scan = worker->work->scan;
    const struct corpus_block *block = &scan->corpus->blocks[number];
    const uint32_t *calls;
    if (!corpus_block_calls(reader, number, &calls, &worker->err))
        return false;
    make_room(worker, block->n_lines);
    for (uint32_t i = 0; i < block->n_lines; i++)
        if (places_row_is_set(scan->places, worker->work->rows, block->log, calls[i]))
            worker->bits[i / 64] |= 1ull << i % 64;
    lineset_add_bits(&worker->maker, block->first_line, worker->bits, block->n_lines);
    return true;
}

static bool scan_blocks(struct worker *worker, struct corpus_reader *reader,
                        struct pattern_scratch *scratch)
{
    struct work *work = worker->work;
    uint32_t n_blocks = work->scan->corpus->n_blocks;
    for (;;) {
        uint32_t first = atomic_fetch_add(&work->next_block, BLOCKS_AT_ONCE);
        for (uint32_t i = first; i < first + BLOCKS_AT_ONCE; i++) {
            if (i >= n_blocks || atomic_load(&work->stop))
                return true;
            if (work->cancel && atomic_load(work->cancel))
                return err_cancelled(&worker->err);
            if (!(work->rows ? scan_calls(worker, reader, i)
                             : scan_block(worker, reader, scratch, i)))
                return false;
        }
    }
}

static void *work_on(void *with)
{
    struct worker *worker = with;
    struct work *work = worker->work;
    struct corpus_reader *reader;
    if (corpus_reader_create(work->db, work->scan->corpus, &reader, &worker->err)) {
        struct pattern_scratch *scratch = pattern_scratch_create(work->scan->pattern);
        worker->failed = !scan_blocks(worker, reader, scratch);
        pattern_scratch_destroy(scratch);
        corpus_reader_destroy(reader);
    } else {
        worker->failed = true;
    }
    if (worker->failed)
        atomic_store(&work->stop, true);
    worker->hits = lineset_end(&worker->maker);
    buf_finish(&worker->text);
    free(worker->starts);
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

/* Joins what was found. False: one failed, with its error. */
static bool join_hits(struct worker *workers, size_t n, roaring_bitmap_t **hits, struct err *err)
{
    bool ok = true;
    roaring_bitmap_t *all = roaring_bitmap_create();
    for (size_t i = 0; i < n; i++) {
        if (workers[i].failed && ok) {
            *err = workers[i].err;
            ok = false;
        }
        roaring_bitmap_or_inplace(all, workers[i].hits);
        lineset_free(workers[i].hits);
    }
    if (!ok) {
        lineset_free(all);
        return false;
    }
    roaring_bitmap_run_optimize(all);
    *hits = all;
    return true;
}

static bool run_work(struct work *work, roaring_bitmap_t **hits, struct err *err)
{
    struct worker workers[MAX_THREADS] = {0};
    size_t n = choose_threads(work->scan->corpus);
    for (size_t i = 0; i < n; i++)
        workers[i].work = work;
    /* the last one works in this thread; where no other can be started, alone */
    for (size_t i = 0; i + 1 < n; i++)
        workers[i].started = pthread_create(&workers[i].thread, NULL, work_on, &workers[i]) == 0;
    work_on(&workers[n - 1]);
    for (size_t i = 0; i + 1 < n; i++) {
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
        else
            workers[i].hits = roaring_bitmap_create();
    }
    return join_hits(workers, n, hits, err);
}

/* Without logs: the subject's paths themselves. */
static bool scan_tree(const struct scan *scan, const atomic_bool *cancel, roaring_bitmap_t **hits,
                      struct err *err)
{
    MEM_AUTO uint64_t *owners = NULL;
    struct lineset_maker maker = {0};
    if (!place_texts_match(places_path_texts(scan->places), scan->pattern, cancel, &owners, err))
        return false;
    lineset_add_bits(&maker, 0, owners, places_n_lines(scan->places));
    *hits = lineset_end(&maker);
    return true;
}

bool scan_run(const struct scan *scan, struct db *db, const atomic_bool *cancel,
              roaring_bitmap_t **hits, struct err *err)
{
    struct work work = {.scan = scan, .db = db, .cancel = cancel};
    MEM_AUTO uint64_t *rows = NULL;
    if (!scan->corpus)
        return scan_tree(scan, cancel, hits, err);
    if (scan->target != STAGE_LINE &&
        !places_match_rows(scan->places, scan->pattern, scan->target, cancel, &rows, err))
        return false;
    work.rows = rows;
    return run_work(&work, hits, err);
}
