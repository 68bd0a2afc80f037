/* SPDX-License-Identifier: MIT
 *
 * The chain: ordered grep and grep -v stages over the corpus, exactly as the shell pipeline would
 * run them with GNU grep 3.8 as `LC_ALL=C grep -a` (CONTRACT, The chain).
 *
 * A stage's hits are the lines that its expression matches, over all lines, kept as a roaring
 * bitmap in two forms: for the bare text, and for the text with its "FILE:" prefix in front. With
 * the hits at hand, toggling, moving and deleting stages is bitmap algebra.
 *
 * Scanning is apart from the chain so that another thread can do it:
 *
 *     struct scan scan;
 *     while (chain_next_scan(chain, &scan)) {            // what is missing
 *         roaring_bitmap_t *hits;
 *         if (!scan_run(&scan, db, &cancel, &hits, err)) …  // any thread
 *         chain_give(chain, &scan, hits);                // owner's thread
 *         scan_finish(&scan);
 *     }
 *     chain_evaluate(chain);
 */
#ifndef XSMALL_CHAIN_CHAIN_H
#define XSMALL_CHAIN_CHAIN_H

#include <roaring/roaring.h>
#include <stdatomic.h>

#include "chain/pattern.h"
#include "trace/corpus.h"

struct chain;

struct stage_view {
    struct bytes text; /* "grep -v 'x'": canonical shell text; borrowed until the stage changes */
    bool enabled, invert;
    bool counted;         /* the numbers below are there */
    uint32_t hits;        /* arriving lines that the expression matches */
    uint32_t unique_hits; /* lines that would come back without this stage */
    uint32_t left;        /* lines left behind this stage; of a disabled one, as before it */
};

/* The decided chain as the session has it. Yours: chain_destroy. */
bool chain_read(struct db *db, struct chain **out, struct err *err);
void chain_destroy(struct chain *chain);
/* Journals the chain as one undoable value (db/edits.h); inside a transaction, behind edits_step.
 */
bool chain_write(const struct chain *chain, struct db *db, struct err *err);

/* Binds the operands to loaded logs: which are selected, in which order, with which prefixes. An
 * operand that matches no log: error, chain unusable. With no logs at all it stays unbound, and
 * nothing survives. The corpus is borrowed until the next bind. Hits of another corpus are dropped;
 * those stored in the session for this one are read, checked. */
bool chain_bind(struct chain *chain, const struct corpus *corpus, struct db *db, struct err *err);

size_t chain_n_stages(const struct chain *chain);
struct stage_view chain_stage(const struct chain *chain, size_t i);

/* Edits, in memory; the caller writes. text is one grep command ("grep -v 'x'"), or its arguments
 * alone ("-v x"). A refused one leaves the chain as it was. warning (may be NULL) receives grep's
 * warnings, a line each. */
bool chain_insert(struct chain *chain, size_t at, struct bytes text, struct buf *warning,
                  struct err *err);
bool chain_replace(struct chain *chain, size_t i, struct bytes text, struct buf *warning,
                   struct err *err);
void chain_remove(struct chain *chain, size_t i);
void chain_move(struct chain *chain, size_t from, size_t to);
void chain_enable(struct chain *chain, size_t i, bool enabled);
void chain_invert(struct chain *chain, size_t i);
/* The whole chain from a shell pipeline ("grep 'x' log.* | grep -v y"); "" empties it. */
bool chain_from_pipeline(struct chain *chain, struct bytes text, struct buf *warning,
                         struct err *err);
/* The chain as a shell pipeline, disabled stages left out; appended, no newline. Without stages:
 * "grep ''" with the files. */
void chain_print(const struct chain *chain, struct buf *out);

/* A missing piece of work. Owned: scan_finish. */
struct scan {
    size_t stage;            /* position at the time */
    struct pattern *pattern; /* a compiled one of its own */
    bool prefixed;
    bool urgent; /* the current survivors need it; else it is for later toggles */
    const struct corpus *corpus;
    struct scan_prefixes *prefixes; /* one for each log; owned */
    struct buf stage_text;          /* whom chain_give gives it to */
};
bool chain_next_scan(const struct chain *chain, struct scan *out); /* urgent ones first */
/* Scans all lines with as many threads as there are cores, at most 8. Cancelled: false with
 * ERR_CANCELLED. -P may stop with grep's own error. */
bool scan_run(const struct scan *scan, struct db *db, const atomic_bool *cancel,
              roaring_bitmap_t **hits, struct err *err);
/* Takes hits over; dropped if the stage is gone meanwhile. */
void chain_give(struct chain *chain, const struct scan *scan, roaring_bitmap_t *hits);
void scan_finish(struct scan *scan);
/* Stores hits found since the last time in the session, and the numbers in `counted`. A transaction
 * of its own. */
bool chain_store_hits(struct chain *chain, struct db *db, struct err *err);

/* A preview: the stage that a text would make at position `at`, as a scan; chain_preview_count then
 * tells what would be left behind it, and how many of the arriving lines it matches. */
bool chain_preview_scan(const struct chain *chain, size_t at, struct bytes text, struct scan *out,
                        bool *invert, struct err *err);
void chain_preview_count(const struct chain *chain, size_t at, bool invert,
                         const roaring_bitmap_t *hits, uint32_t *matched, uint32_t *left);

/* Runs all scans that the survivors need, in this thread, and evaluates. For batch commands. */
bool chain_settle(struct chain *chain, struct db *db, const atomic_bool *cancel, struct err *err);

/* Recomputes survivors and stage numbers from the hits at hand: false if urgent ones are missing,
 * the old result stays then. */
bool chain_evaluate(struct chain *chain);
/* Lines that every enabled stage lets through (of the selected logs); NULL before the first
 * evaluation. Borrowed until the next chain_evaluate. */
const roaring_bitmap_t *chain_survivors(const struct chain *chain);

/* The order of output: selected logs in pipeline order. A log may be selected twice, as in a shell.
 */
size_t chain_n_selected(const struct chain *chain);
uint32_t chain_selected(const struct chain *chain, size_t k,
                        struct bytes *prefix); /* index in corpus.logs; prefix with ':' or n 0 */
/* Survivors in order of output: how many, and the k-th as a corpus line with its prefix. */
uint64_t chain_n_output(const struct chain *chain);
bool chain_output(const struct chain *chain, uint64_t k, uint32_t *line, struct bytes *prefix);
/* The first enabled stage that hid a line: its index, or SIZE_MAX if none did; unselected logs'
 * lines give SIZE_MAX - 1. */
size_t chain_hidden_by(const struct chain *chain, uint32_t line);

#endif
