/* SPDX-License-Identifier: MIT
 *
 * Types and functions that the files of the chain share; no other file includes this header.
 *
 *     chain.c     edits, reads, writes and prints stages
 *     chain_bind.c      binds file operands to logs and prefixes
 *     stage_hits.c      the known hits, in memory and in the session
 *     scan.c      finds hits
 *     chain_evaluate.c  computes the surviving lines and the numbers from the hits
 *     chain_output.c    returns the surviving lines in the order of output
 *     chain_print.c     prints the chain as a pipeline
 *     stage_switch.c    enables or disables several stages at once
 *     chain_settle.c    finds missing hits; previews
 */
#ifndef XSMALL_CHAIN_CHAIN_PRIVATE_H
#define XSMALL_CHAIN_CHAIN_PRIVATE_H

#include "chain/chain.h"
#include "chain/line_set.h"
#include "chain/grep/pipeline.h"
#include "util/arena.h"

enum { FORM_BYTES = 64 }; /* identity of a form: at most 30 bytes, 32 hex digits, NUL */

/* The texts in which the hits of an expression were found. The session stores this identity: '' for
 * bare lines, 'p' and the hash of the prefixes for prefixed lines, NAME:ID with line_paths_id for
 * other targets. */
struct hit_form {
    const struct filter_target *target;
    bool prefixed; /* for target_line only: the lines have their prefix */
};

struct stage {
    struct stage_spec spec;
    const struct filter_target *target;
    bool enabled, was_enabled; /* was_enabled: state before chain_solo */
    struct buf text;           /* canonical shell text */
    struct buf key; /* the text without -v, -h, -H; stages with equal keys have equal hits */
    struct stage_view numbers; /* counted, hits, unique_hits, left, redundant */
};

/* The lines that one expression matches in one form. */
struct stage_hits {
    struct buf key; /* stage.key */
    struct hit_form form;
    bool stored;            /* is stored in the session */
    roaring_bitmap_t *hits; /* owned */
};

/* A log that an operand selects, in the order of output. */
struct selected {
    uint32_t log;        /* in corpus.logs */
    struct bytes prefix; /* "FILE:"; in chain.names */
    uint64_t first;      /* number of its first surviving line in the order of output */
    uint64_t rank;       /* number of surviving lines of the corpus before its first line */
};

struct chain {
    struct stage *stages; /* owned */
    size_t n_stages, cap_stages;
    struct operands files; /* n 0: all logs in load order */

    bool is_solo; /* one stage is enabled alone; was_enabled is valid */

    const struct line_paths *line_paths; /* may be NULL */
    const struct corpus *corpus;         /* NULL: not bound to logs */
    bool of_tree;              /* not bound to logs; the lines are the paths of the subject image */
    bool unusable;             /* an operand matches no log */
    struct selected *selected; /* owned */
    size_t n_selected, cap_selected;
    bool selects_twice; /* a log is selected more than once */
    struct arena names;
    char form[FORM_BYTES]; /* identity of the prefixes; hits of another form are removed */
    uint32_t n_lines;      /* number of lines of all logs, or of the tree */
    roaring_bitmap_t
        *lines; /* lines of the selected logs, or of the tree; owned; NULL: no line survives */

    struct stage_hits *sets; /* owned */
    size_t n_sets, cap_sets;
    uint8_t key[16]; /* corpus.key of the sets */

    roaring_bitmap_t *survivors; /* owned; NULL before the first evaluation */
    uint64_t n_output;
    struct output_cursor *cursor; /* owned; position of the last chain_output */
};

/* chain.c */
enum grep_prefix chain_prefix_mode(const struct chain *chain);

/* chain_bind.c */
bool chain_is_prefixing(const struct chain *chain);
void chain_unbind(struct chain *chain);

/* stage_hits.c */
/* Returns the hits of an expression, borrowed; NULL: not found yet. */
const roaring_bitmap_t *hits_find(const struct chain *chain, struct bytes key,
                                  struct hit_form form);
void hits_put(struct chain *chain, struct bytes key, struct hit_form form, bool stored,
              roaring_bitmap_t *hits);
/* Remove the hits in prefixed lines; the hits in texts of accesses; all hits. */
void hits_drop_prefixed(struct chain *chain);
void hits_drop_calls(struct chain *chain);
void hits_drop_all(struct chain *chain);
/* Returns the form of the hits of a stage; prefixed matters only for target_line. */
struct hit_form hits_form(const struct filter_target *target, bool prefixed);
bool hits_form_equal(struct hit_form a, struct hit_form b);
/* Writes the identity of a form; out has room for FORM_BYTES bytes. */
void hits_form_id(const struct chain *chain, struct hit_form form, char *out);
/* Reads the hits that the session stores for the stages of a bound chain. */
bool hits_load(struct chain *chain, struct db *db, struct err *err);

/* chain_evaluate.c */
bool chain_is_active(const struct chain *chain, const struct stage *stage);
/* An active stage, with the hits in the form that its position needs. */
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

/* Finds the active stages before position `end`. Returns false if hits are missing. The caller owns
 * *out: active_stages_finish. */
bool active_stages_find(const struct chain *chain, size_t end, struct active_stages *out);
/* The first stage on lines reads the files. Returns the index of the stage that would read the
 * files without that first stage, if its hits would then change: the second stage on lines, if it
 * matches prefixed lines. Otherwise returns n. */
size_t active_stages_next_opener(const struct active_stages *links);
void active_stages_finish(struct active_stages *links);
#define ACTIVE_STAGES_AUTO __attribute__((cleanup(active_stages_finish)))
/* Returns the lines of `lines` that pass a stage; the caller owns the bitmap. */
roaring_bitmap_t *chain_pass(const roaring_bitmap_t *lines, const roaring_bitmap_t *hits,
                             bool invert);
/* Return the number of output lines. The lines of a log that is selected twice count twice. */
uint32_t chain_count(const struct chain *chain, const roaring_bitmap_t *lines);
uint32_t chain_count_common(const struct chain *chain, const roaring_bitmap_t *a,
                            const roaring_bitmap_t *b);
uint64_t chain_count_log(const struct chain *chain, uint32_t log, const roaring_bitmap_t *lines);

/* chain_output.c */
void output_order(struct chain *chain); /* computes the order of output from chain.survivors */
void output_cursor_destroy(struct output_cursor *cursor);

/* scan.c */
struct scan_prefixes {
    uint32_t n;
    struct bytes *by_log;  /* owned, with their bytes; p NULL: the log is not selected */
    char form[FORM_BYTES]; /* identity of the scanned form */
    struct buf text;       /* bytes of the prefixes */
};
/* Fills *out for a stage. Returns false if its expression cannot be compiled any more. */
bool scan_init(const struct chain *chain, size_t at, const struct stage_spec *spec,
               struct bytes key, struct hit_form form, struct scan *out);

#endif
