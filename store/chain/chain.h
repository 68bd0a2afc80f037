/* SPDX-License-Identifier: MIT
 *
 * The chain: ordered grep and grep -v stages over the corpus, exactly as the shell pipeline would
 * run them with GNU grep 3.8 as `LC_ALL=C grep -a` (semantics.md, Filter chain).
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
 *         chain_add_hits(chain, &scan, hits);                // owner's thread
 *         scan_finish(&scan);
 *     }
 *     chain_evaluate(chain);
 */
#ifndef XSMALL_CHAIN_CHAIN_H
#define XSMALL_CHAIN_CHAIN_H

#include <roaring/roaring.h>
#include <stdatomic.h>

#include "chain/grep/pattern.h"
#include "chain/targets/filter_target.h"
#include "trace/log/corpus.h"

struct chain;

struct stage_view {
    struct bytes text; /* "grep -v 'x'": canonical shell text; borrowed until the stage changes */
    const struct filter_target *target;
    bool enabled, invert;
    bool active;          /* enabled, and has something to say (see filter_target.h) */
    bool counted;         /* the numbers below are there */
    uint32_t hits;        /* arriving lines that the expression matches */
    uint32_t unique_hits; /* lines that would come back without this stage */
    uint32_t left;        /* lines left after this stage; if not active, as before it */
    /* Active, and without this one stage exactly the same lines would survive, none more and none
     * less: what it takes, others take as well, or it takes nothing. Each stage is asked for itself
     * alone: of two equal ones both are redundant, of a first "grep a" and a later "grep ab" the
     * first. */
    bool redundant;
};

/* The decided chain as the session has it. Yours: chain_destroy. */
bool chain_read(struct db *db, struct chain **out, struct err *err);
void chain_destroy(struct chain *chain);
/* Reads the decided chain again, after an undo or a refused edit, into one that has hits and a
 * binding: both stay. *is_bound false: its files are others, chain_bind is to follow. False: the
 * chain is as it was. */
bool chain_read_again(struct chain *chain, struct db *db, bool *is_bound, struct err *err);
/* Journals the chain as one undoable value (db/journal.h); inside a transaction, after
 * journal_step.
 */
bool chain_write(const struct chain *chain, struct db *db, struct err *err);

/* What stages on paths and on the tree look at; borrowed until another is set, NULL: such stages
 * are not active. To be set before chain_bind. Hits that belong to another one are dropped. */
void chain_set_line_paths(struct chain *chain, const struct line_paths *line_paths);
/* Binds the operands to loaded logs: which are selected, in which order, with which prefixes. An
 * operand that matches no log: error, chain unusable. With no logs at all it stays unbound, and
 * nothing survives but what stages on the tree select. The corpus is borrowed until the next bind.
 * Hits of another corpus are dropped; those stored in the session for this one are read, checked.
 */
bool chain_bind(struct chain *chain, const struct corpus *corpus, struct db *db, struct err *err);

size_t chain_n_stages(const struct chain *chain);
struct stage_view chain_stage(const struct chain *chain, size_t i);

/* Edits, in memory; the caller writes. text is one grep command ("grep -v 'x'"), or its arguments
 * alone ("-v x"). A refused one leaves the chain as it was. warning (may be NULL) receives grep's
 * warnings, a line each. A new stage is on lines, a replaced one stays on what it was on. */
bool chain_insert(struct chain *chain, size_t at, struct bytes text, struct buf *warning,
                  struct err *err);
bool chain_replace(struct chain *chain, size_t i, struct bytes text, struct buf *warning,
                   struct err *err);
void chain_remove(struct chain *chain, size_t i);
void chain_move(struct chain *chain, size_t from, size_t to);
void chain_enable(struct chain *chain, size_t i, bool enabled);
void chain_invert(struct chain *chain, size_t i);
void chain_set_target(struct chain *chain, size_t i, const struct filter_target *target);
/* The target that a new stage is on: the first one that has lines to match. */
const struct filter_target *chain_first_target(const struct chain *chain);
void chain_enable_all(struct chain *chain, bool enabled);
/* Stage i alone; again: the stages as they were before, unless one was switched otherwise, or
 * something undone, in between. True: i is alone now. Only memory knows what was before: in a
 * session that was closed in between, i stays alone. */
bool chain_solo(struct chain *chain, size_t i);
/* Inserts a copy of stage i after it. False: the chain has too many stages. */
bool chain_duplicate(struct chain *chain, size_t i, struct err *err);
/* The whole chain from a shell pipeline ("grep 'x' log.* | grep -v y"); "" empties it. */
bool chain_from_pipeline(struct chain *chain, struct bytes text, struct buf *warning,
                         struct err *err);
/* The chain as a shell pipeline, disabled stages left out; appended, no newline. Without stages:
 * "grep ''" with the files. Stages on paths and on the tree, which a pipeline cannot say, stand
 * after it as a shell comment, "  # path: grep -v 'x'"; returns how many. */
size_t chain_print(const struct chain *chain, struct buf *out);

/* A missing piece of work. Owned: scan_finish. */
struct scan {
    size_t stage;            /* position at the time */
    struct pattern *pattern; /* a compiled one of its own */
    const struct filter_target *target;
    bool prefixed;
    bool urgent;                 /* the current survivors need it; else it is for later toggles */
    const struct corpus *corpus; /* NULL where the lines are the subject's paths */
    const struct line_paths *line_paths;
    struct scan_prefixes *prefixes; /* one for each log; owned */
    struct buf stage_text;          /* whom chain_add_hits gives it to */
};
bool chain_next_scan(const struct chain *chain, struct scan *out); /* urgent ones first */
/* Scans all lines with as many threads as there are cores, at most 8. Cancelled: false with
 * ERR_CANCELLED, and as after any error no hits. -P may stop with grep's own error. */
bool scan_run(const struct scan *scan, struct db *db, const atomic_bool *cancel,
              roaring_bitmap_t **hits, struct err *err);
/* Several of the same chain at once, which unpacks the lines only once; hits has room for n. */
bool scan_run_all(const struct scan *scans, size_t n, struct db *db, const atomic_bool *cancel,
                  roaring_bitmap_t **hits, struct err *err);
/* Takes hits over; dropped if the stage is gone meanwhile. */
void chain_add_hits(struct chain *chain, const struct scan *scan, roaring_bitmap_t *hits);
void scan_finish(struct scan *scan);
/* Stores hits found since the last time in the session, and the numbers in `counted`. A transaction
 * of its own. */
bool chain_store_hits(struct chain *chain, struct db *db, struct err *err);

/* A preview: the stage that a text would make at position `at` on a target, as a scan;
 * chain_preview_count then counts what would be left after it, and how many of the arriving lines
 * it matches. False, too, where such a stage would not be active. */
bool chain_preview_scan(const struct chain *chain, size_t at, struct bytes text,
                        const struct filter_target *target, struct scan *out, bool *invert,
                        struct err *err);
void chain_preview_count(const struct chain *chain, size_t at, bool invert,
                         const roaring_bitmap_t *hits, uint32_t *matched, uint32_t *left);

/* Runs all scans that the survivors need, in this thread, and evaluates. For batch commands. */
bool chain_settle(struct chain *chain, struct db *db, const atomic_bool *cancel, struct err *err);

/* Recomputes survivors and stage numbers from the hits at hand: false if urgent ones are missing,
 * the old result stays then. */
bool chain_evaluate(struct chain *chain);
/* Lines that every active stage lets through (of the selected logs); NULL before the first
 * evaluation. Lines of the corpus, or without logs of line_paths.h. Borrowed until the next
 * chain_evaluate. */
const roaring_bitmap_t *chain_survivors(const struct chain *chain);
/* For each stage the lines that would come back without it, which stage_view.unique_hits counts;
 * NULL for one that is not active, or not counted yet. out has a place for each; the sets are
 * yours. */
void chain_unique_lines(const struct chain *chain, roaring_bitmap_t **out);
/* Without logs: the position of the stage that a survivor is said to be selected by, the last
 * active grep without -v, else the last active one; SIZE_MAX: none is active, or there are logs. */
size_t chain_selecting_stage(const struct chain *chain);

/* The order of output: selected logs in pipeline order. A log may be selected twice, as in a shell.
 */
size_t chain_n_selected(const struct chain *chain);
uint32_t chain_selected(const struct chain *chain, size_t k,
                        struct bytes *prefix); /* index in corpus.logs; prefix with ':' or n 0 */
/* Survivors in order of output: how many, and the k-th as a line with its prefix. */
uint64_t chain_n_output(const struct chain *chain);
bool chain_output(const struct chain *chain, uint64_t k, uint32_t *line, struct bytes *prefix);
/* The first enabled stage that hid a line: its index, or SIZE_MAX if none did; unselected logs'
 * lines give SIZE_MAX - 1. */
size_t chain_hidden_by(const struct chain *chain, uint32_t line);

#endif
