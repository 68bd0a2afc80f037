/* SPDX-License-Identifier: MIT
 *
 * The filter chain: ordered grep and grep -v stages over the corpus. It selects the same lines as
 * the shell pipeline with GNU grep 3.8 and `LC_ALL=C grep -a` (semantics.md, Filter chain).
 *
 * The hits of a stage are all lines that its expression matches, before earlier stages are applied.
 * A roaring bitmap stores them in up to two forms: for the bare text, and for the text after its
 * "FILE:" prefix. Once the hits are known, the chain evaluates an enabled, moved or deleted stage
 * with bitmap operations only.
 *
 * A scan finds the hits. It is separate from the chain so that another thread can run it:
 *
 *     struct scan scan;
 *     while (chain_next_scan(chain, &scan)) {            // hits that are missing
 *         roaring_bitmap_t *hits;
 *         if (!scan_run(&scan, db, &cancel, &hits, err)) …  // any thread
 *         chain_add_hits(chain, &scan, hits);                // owner's thread
 *         scan_finish(&scan);
 *     }
 *     chain_evaluate(chain);
 */
#ifndef XSMALL_CHAIN_CHAIN_H
#define XSMALL_CHAIN_CHAIN_H

#include <stdatomic.h>

#include "chain/grep/pattern.h"
#include "chain/targets/filter_target.h"
#include "trace/log/corpus.h"
#include "util/bitmap_type.h"

struct chain;

struct stage_view {
    struct bytes text; /* "grep -v 'x'": canonical shell text; borrowed until the stage changes */
    const struct filter_target *target;
    bool enabled, invert;
    bool active;          /* enabled, and its target has lines to match (filter_target.h) */
    bool counted;         /* the fields below are valid */
    uint32_t hits;        /* arriving lines that the expression matches */
    uint32_t unique_hits; /* lines that would match again without this stage */
    uint32_t left;        /* lines after this stage; if it is not active, the lines before it */
    /* The stage is active, and the result is the same without this stage. Each stage is tested
     * alone: of two equal stages both are redundant; of "grep a" and a later "grep ab" the first is
     * redundant. */
    bool redundant;
};

/* Reads the chain of the session. The caller owns *out: chain_destroy. */
bool chain_read(struct db *db, struct chain **out, struct err *err);
void chain_destroy(struct chain *chain);
/* Reads the chain of the session again, after an undo or a rejected edit, and keeps the hits and
 * the binding of chain. Sets *is_bound to false if the file operands changed; call chain_bind then.
 * On error, the chain is unchanged. */
bool chain_read_again(struct chain *chain, struct db *db, bool *is_bound, struct err *err);
/* Writes the chain to the session as one undoable value (db/journal.h). Call inside a transaction,
 * after journal_step. */
bool chain_write(const struct chain *chain, struct db *db, struct err *err);

/* Sets the texts that stages on paths and on the tree match. line_paths is borrowed until the next
 * call; if it is NULL, such stages are not active. Call before chain_bind. Removes the hits that
 * belong to another line_paths. */
void chain_set_line_paths(struct chain *chain, const struct line_paths *line_paths);
/* Binds the file operands to loaded logs: which logs are selected, in which order, with which
 * prefixes. If an operand matches no log, returns an error, and the chain is unusable. If no log is
 * loaded, the chain stays unbound, and only stages on the tree select lines. The corpus is borrowed
 * until the next call. Removes hits of another corpus; reads and checks the hits that the session
 * stores for this corpus. */
bool chain_bind(struct chain *chain, const struct corpus *corpus, struct db *db, struct err *err);

size_t chain_n_stages(const struct chain *chain);
struct stage_view chain_stage(const struct chain *chain, size_t i);

/* These functions edit the chain in memory; the caller calls chain_write. text is one grep command
 * ("grep -v 'x'") or only its arguments ("-v x"). A rejected text leaves the chain unchanged.
 * warning (may be NULL) receives grep's warnings, one per line. A new stage has the target "line";
 * a replaced stage keeps its target. */
bool chain_insert(struct chain *chain, size_t at, struct bytes text, struct buf *warning,
                  struct err *err);
bool chain_replace(struct chain *chain, size_t i, struct bytes text, struct buf *warning,
                   struct err *err);
void chain_remove(struct chain *chain, size_t i);
void chain_move(struct chain *chain, size_t from, size_t to);
void chain_enable(struct chain *chain, size_t i, bool enabled);
void chain_invert(struct chain *chain, size_t i);
void chain_set_target(struct chain *chain, size_t i, const struct filter_target *target);
/* Returns the target of a new stage: the first target that has lines to match. */
const struct filter_target *chain_first_target(const struct chain *chain);
void chain_enable_all(struct chain *chain, bool enabled);
/* Enables only stage i. A second call restores which stages were enabled, unless a stage was
 * switched or an edit was undone between the two calls. Returns true if only stage i is enabled
 * now. The earlier state is in memory only: after the session was closed, a second call changes
 * nothing. */
bool chain_solo(struct chain *chain, size_t i);
/* Inserts a copy of stage i after stage i. Returns false if the chain has too many stages. */
bool chain_duplicate(struct chain *chain, size_t i, struct err *err);
/* Replaces the whole chain by a shell pipeline ("grep 'x' log.* | grep -v y"); "" removes all
 * stages. */
bool chain_from_pipeline(struct chain *chain, struct bytes text, struct buf *warning,
                         struct err *err);
/* Appends the chain as a shell pipeline, without disabled stages and without a newline. A chain
 * without stages is printed as "grep ''" with the files. A pipeline cannot express stages on paths
 * and on the tree: they follow as a shell comment, " # path: grep -v 'x'". Returns the number of
 * such stages. */
size_t chain_print(const struct chain *chain, struct buf *out);

/* Work to do: find the missing hits of one stage. Owned: scan_finish. */
struct scan {
    size_t stage;            /* its position when the scan was created */
    struct pattern *pattern; /* compiled for this scan; owned */
    const struct filter_target *target;
    bool prefixed;
    bool urgent; /* needed for the current result; else for stages that are disabled now */
    const struct corpus *corpus; /* NULL if the lines are the paths of the subject image */
    const struct line_paths *line_paths;
    struct scan_prefixes *prefixes; /* one per log; owned */
    struct buf stage_text;          /* canonical text of the stage that receives the hits */
};
bool chain_next_scan(const struct chain *chain, struct scan *out); /* urgent scans first */
/* Scans all lines with one thread per core, at most 8. If it is cancelled, returns false with
 * ERR_CANCELLED. After an error *hits is not set. An expression of -P can fail on a line with
 * grep's own error. */
bool scan_run(const struct scan *scan, struct db *db, const atomic_bool *cancel,
              roaring_bitmap_t **hits, struct err *err);
/* Runs several scans of the same chain at once and unpacks the lines only once; hits has room for n
 * bitmaps. */
bool scan_run_all(const struct scan *scans, size_t n, struct db *db, const atomic_bool *cancel,
                  roaring_bitmap_t **hits, struct err *err);
/* Takes ownership of hits. If the stage was removed after the scan was created, frees them. */
void chain_add_hits(struct chain *chain, const struct scan *scan, roaring_bitmap_t *hits);
void scan_finish(struct scan *scan);
/* Stores in the session the hits that were found after the last call, and the numbers of the stages
 * (table `counted`). Runs its own transaction. */
bool chain_store_hits(struct chain *chain, struct db *db, struct err *err);

/* Creates the scan for a preview: for the stage that text would make at position `at` on a target.
 * After the scan, chain_preview_count counts the arriving lines that the stage would match, and the
 * lines that would be left after it. Returns false also if the stage would not be active. */
bool chain_preview_scan(const struct chain *chain, size_t at, struct bytes text,
                        const struct filter_target *target, struct scan *out, bool *invert,
                        struct err *err);
void chain_preview_count(const struct chain *chain, size_t at, bool invert,
                         const roaring_bitmap_t *hits, uint32_t *matched, uint32_t *left);

/* Runs all urgent scans in this thread, then evaluates the chain. For batch commands. */
bool chain_settle(struct chain *chain, struct db *db, const atomic_bool *cancel, struct err *err);

/* Computes the surviving lines and the numbers of the stages from the known hits. If urgent hits
 * are missing, returns false and keeps the old result. */
bool chain_evaluate(struct chain *chain);
/* Returns the surviving lines: the lines of the selected logs that pass every active stage; NULL
 * before the first evaluation. They are lines of the corpus or, if no log is loaded, of
 * line_paths.h. Borrowed until the next chain_evaluate. */
const roaring_bitmap_t *chain_survivors(const struct chain *chain);
/* Sets out[i] to the lines that would match again without stage i (stage_view.unique_hits is their
 * number); NULL if the stage is not active or not counted yet. out has room for one set per stage;
 * the caller owns the sets. */
void chain_unique_lines(const struct chain *chain, roaring_bitmap_t **out);
/* If no log is loaded, returns the position of the stage that is reported as the one that selected
 * a surviving line: the last active grep without -v, else the last active stage. Returns SIZE_MAX
 * if no stage is active or a log is loaded. */
size_t chain_selecting_stage(const struct chain *chain);

/* The order of output is the order of the selected logs in the pipeline. A log can be selected
 * twice, as in a shell. */
size_t chain_n_selected(const struct chain *chain);
/* Returns the index in corpus.logs of selected log number k. prefix ends with ':', or has n 0. */
uint32_t chain_selected(const struct chain *chain, size_t k, struct bytes *prefix);
/* Surviving lines in the order of output: their number, and line number k with its prefix. */
uint64_t chain_n_output(const struct chain *chain);
bool chain_output(const struct chain *chain, uint64_t k, uint32_t *line, struct bytes *prefix);
/* Returns the index of the first enabled stage that hides a line; SIZE_MAX if the line is not
 * hidden; SIZE_MAX - 1 if the log of the line is not selected. */
size_t chain_hidden_by(const struct chain *chain, uint32_t line);

#endif
