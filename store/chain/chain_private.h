/* SPDX-License-Identifier: MIT
 *
 * What the files of the chain share; no other file includes it.
 *
 *     chain.c     stages: edited, read, written, printed
 *     chain_bind.c      file operands to logs and prefixes
 *     stage_hits.c      which hits are there, in memory and in the session
 *     scan.c      finding hits
 *     chain_evaluate.c  survivors and numbers from the hits
 *     chain_output.c    survivors in the order of output
 *     chain_print.c     the chain as a pipeline
 *     stage_switch.c    several stages switched at once
 *     chain_settle.c    what is missing, and previews
 */
#ifndef XSMALL_CHAIN_CHAIN_PRIVATE_H
#define XSMALL_CHAIN_CHAIN_PRIVATE_H

#include "chain/chain.h"
#include "chain/line_set.h"
#include "chain/grep/pipeline.h"
#include "util/arena.h"

enum { FORM_BYTES = 64 }; /* an identity of a form: at most 30 bytes, 32 hex digits, NUL */

/* What an expression's hits are found in. Its identity, as the session has it: '' for bare lines,
 * 'p' and the prefixes' hash for prefixed ones, for other targets NAME:ID with line_paths_id. */
struct hit_form {
    const struct filter_target *target;
    bool prefixed; /* of target_line: the lines with their prefix */
};

struct stage {
    struct stage_spec spec;
    const struct filter_target *target;
    bool enabled, was_enabled; /* the latter before chain_solo */
    struct buf text;           /* canonical */
    struct buf key; /* the same without -v, -h, -H: two stages of one key have the same hits */
    struct stage_view numbers; /* counted, hits, unique_hits, left, redundant */
};

/* The lines that an expression matches in one form. */
struct stage_hits {
    struct buf key; /* stage.key */
    struct hit_form form;
    bool stored;            /* the session has it */
    roaring_bitmap_t *hits; /* owned */
};

/* An operand's log, in order of output. */
struct selected {
    uint32_t log;        /* in corpus.logs */
    struct bytes prefix; /* "FILE:"; in chain.names */
    uint64_t first;      /* of its survivors, in order of output */
    uint64_t rank;       /* survivors in the corpus before its first line */
};

struct chain {
    struct stage *stages; /* owned */
    size_t n_stages, cap_stages;
    struct operands files; /* none: all logs in load order */

    bool is_solo; /* was_enabled of the stages is what they were */

    const struct line_paths *line_paths; /* NULL: none */
    const struct corpus *corpus;         /* NULL: not bound to logs */
    bool of_tree;              /* not bound to logs, but the lines are the subject's paths */
    bool unusable;             /* an operand matches no log */
    struct selected *selected; /* owned */
    size_t n_selected, cap_selected;
    bool selects_twice; /* a log is there more than once */
    struct arena names;
    char form[FORM_BYTES]; /* of the prefixes; a set of another form is dropped */
    uint32_t n_lines;      /* of all logs, or of the tree */
    roaring_bitmap_t
        *lines; /* of the selected logs, or of the tree; owned; NULL: nothing survives */

    struct stage_hits *sets; /* owned */
    size_t n_sets, cap_sets;
    uint8_t key[16]; /* corpus.key that the sets belong to */

    roaring_bitmap_t *survivors; /* owned; NULL before the first evaluation */
    uint64_t n_output;
    struct output_cursor *cursor; /* owned; where chain_output was */
};

/* chain.c */
enum grep_prefix chain_prefix_mode(const struct chain *chain);

/* chain_bind.c */
bool chain_is_prefixing(const struct chain *chain);
void chain_unbind(struct chain *chain);

/* stage_hits.c */
/* The hits of a stage's expression; NULL: not found yet. Borrowed. */
const roaring_bitmap_t *hits_find(const struct chain *chain, struct bytes key,
                                  struct hit_form form);
void hits_put(struct chain *chain, struct bytes key, struct hit_form form, bool stored,
              roaring_bitmap_t *hits);
/* Removes the hits found in prefixed lines, in what calls use, or all hits. */
void hits_drop_prefixed(struct chain *chain);
void hits_drop_calls(struct chain *chain);
void hits_drop_all(struct chain *chain);
/* The form of a stage's hits; prefixed only counts for target_line. */
struct hit_form hits_form(const struct filter_target *target, bool prefixed);
bool hits_form_equal(struct hit_form a, struct hit_form b);
/* Writes the identity of a form; out has FORM_BYTES. */
void hits_form_id(const struct chain *chain, struct hit_form form, char *out);
/* Reads what the session has for the stages of a bound chain. */
bool hits_load(struct chain *chain, struct db *db, struct err *err);

/* chain_evaluate.c */
bool chain_is_active(const struct chain *chain, const struct stage *stage);
/* An active stage with the hits that it has at its place. */
struct active_stage {
    size_t stage;
    struct hit_form form;
    bool invert;
    const roaring_bitmap_t *hits; /* borrowed; NULL: missing */
};

struct active_stages {
    struct active_stage *list; /* owned */
    size_t n;
};

/* The active stages below `end`. False: hits are missing. out is owned: active_stages_finish. */
bool active_stages_find(const struct chain *chain, size_t end, struct active_stages *out);
/* The index of the link that would open the files without the one that does, and has other hits
 * then: the second on lines, if that has a prefix; else n. */
size_t active_stages_next_opener(const struct active_stages *links);
void active_stages_finish(struct active_stages *links);
#define ACTIVE_STAGES_AUTO __attribute__((cleanup(active_stages_finish)))
/* Of `lines`, those that a stage lets through; yours. */
roaring_bitmap_t *chain_pass(const roaring_bitmap_t *lines, const roaring_bitmap_t *hits,
                             bool invert);
/* How many lines of output: those of a log that is selected twice count twice. */
uint32_t chain_count(const struct chain *chain, const roaring_bitmap_t *lines);
uint32_t chain_count_common(const struct chain *chain, const roaring_bitmap_t *a,
                            const roaring_bitmap_t *b);
uint64_t chain_count_log(const struct chain *chain, uint32_t log, const roaring_bitmap_t *lines);

/* chain_output.c */
void output_order(struct chain *chain); /* again, from chain.survivors */
void output_cursor_destroy(struct output_cursor *cursor);

/* scan.c */
struct scan_prefixes {
    uint32_t n;
    struct bytes *by_log;  /* owned, their bytes too; p NULL: the log is not selected */
    char form[FORM_BYTES]; /* identity of the form that is scanned */
    struct buf text;       /* the bytes */
};
/* Fills out for a stage; false: its expression cannot be compiled any more. */
bool scan_init(const struct chain *chain, size_t at, const struct stage_spec *spec,
               struct bytes key, struct hit_form form, struct scan *out);

#endif
