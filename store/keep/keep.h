/* SPDX-License-Identifier: MIT
 *
 * The kept tree: marks and survivors, closed over needs, without what the base has.
 *
 * keep_compute is a pure function of immutable inputs, so another thread can run it; its result is
 * immutable and shared. Terms: share/doc/semantics.md (Terms; Marks; Needed, kept, base).
 */
#ifndef XSMALL_KEEP_KEEP_H
#define XSMALL_KEEP_KEEP_H

#include <stdatomic.h>

#include "chain/chain.h"
#include "image/tree/tree.h"
#include "keep/marks.h"
#include "keep/needs/needs.h"
#include "trace/access.h"

enum in_base {
    BASE_NONE /* no base */,
    BASE_SAME,
    BASE_META,
    BASE_CONTENT,
    BASE_LINK,
    BASE_ABSENT
};
/* "same", "meta", …; NULL for BASE_NONE. */
const char *in_base_name(enum in_base in_base);

struct verdict {
    const struct reason *reason; /* why it is needed: the first reason found, nearest to the
                                    evidence; NULL: not needed */
    uint32_t from;    /* node of the subject or NODE_NONE; another meaning is at the reason's row */
    uint32_t access;  /* index in accesses.rows of the access that is reported, or UINT32_MAX */
    uint32_t line;    /* corpus line of `access` that survived, or UINT32_MAX */
    uint32_t n_used;  /* successful surviving accesses that ended here, counted */
    uint8_t mark;     /* enum mark: the mark that holds here */
    uint8_t own_mark; /* enum mark: set on this very path, MARK_NONE if not */
    uint8_t in_base;  /* enum in_base */
    bool needed, kept;
    bool linked; /* an ELF file that is needed names it as interpreter or library */
};

/* Sums over a node and all below it. Hard-link groups count once in each sum. */
struct rollup {
    int64_t bytes;      /* regular file contents in the subject */
    int64_t kept_bytes; /* of those kept (to copy) */
    uint32_t n_files;   /* non-directories */
    uint32_t n_kept;    /* of those kept */
    uint32_t n_used;    /* non-directories that the trace used */
    uint32_t n_in_base; /* non-directories, BASE_SAME */
};

/* A needed ELF file and a library that it needs (DT_NEEDED), both in the subject. */
struct keep_link {
    uint32_t user, library;
    struct bytes path; /* where the loader finds it, links not followed; in the arena */
};

struct keep {
    struct verdict *verdicts; /* one a node of the subject */
    struct rollup *rollups;   /* one a node of the subject */
    uint32_t n;
    uint32_t n_kept;     /* non-directories to copy */
    int64_t kept_bytes;  /* their contents */
    int64_t final_bytes; /* semantics.md, Size forecast: base and kept, hard-link groups once */
    int64_t subject_bytes;
    size_t selecting;        /* as in keep_input, at the time */
    struct keep_link *links; /* owned; those with the kind elf off: none */
    size_t n_links;
    struct arena arena;
    uint32_t *real; /* accesses->n_paths nodes: where each path of the accesses ends in the subject
                       (following), or NODE_NONE; NULL without accesses */
};

struct keep_input {
    const struct tree *subject; /* NULL: nothing is computed */
    const struct tree *base;    /* NULL: none */
    const struct marks *marks;
    const struct corpus *corpus;
    const struct accesses *accesses;     /* may be NULL */
    const struct line_paths *line_paths; /* of the same; may be NULL */
    const roaring_bitmap_t *survivors;   /* lines as chain_survivors has them; NULL: none */
    size_t selecting; /* number, from 1, of the stage that chain_selecting_stage names; 0: none */
    struct corpus_reader *reader; /* of the calling thread */
    struct bytes config;          /* the subject's image config, JSON; n 0: none */
    struct db *db;                /* of the calling thread, for JSON only */
    const atomic_bool *cancel;    /* may be NULL */
};
bool keep_is_cancelled(const struct keep_input *input);
/* Appends PATH of the config's Env, or the default of engines if Env has no PATH. */
void config_path(const struct keep_input *input, struct buf *out);
bool keep_compute(const struct keep_input *input, struct keep **out, struct err *err);
void keep_destroy(struct keep *keep);
/* The last part of keep_compute: from needed to kept, and the sums. */
void keep_subtract_base(struct keep *keep, const struct keep_input *input);

/* What a stage hides: the subject's files that no surviving access uses, and that one would if the
 * lines that come back without the stage (chain_unique_lines) survived too. Marks, needs and the
 * base have no say in it. */
struct hidden {
    int64_t bytes;    /* of regular files' contents; a hard-link group once, and only where none of
                         its names is used now */
    uint32_t n_files; /* non-directories; each name of a hard link */
};
/* back: n sets of lines, one a stage; a NULL one gives zeros. out has n places. Another thread may
 * run it, as keep_compute. False: cancelled, or the calls cannot be read. */
bool keep_hidden(const struct keep_input *input, const roaring_bitmap_t *const *back, size_t n,
                 struct hidden *out, struct err *err);

/* One line of words for a node's reason: "opened ×2, log.12:34", "needed by /usr/bin/python3.11",
 * "above /app/app.py", "selected by stage 2", "marked keep", ""; appended. Paths are raw bytes. */
void keep_reason(const struct keep *keep, const struct keep_input *input, uint32_t node,
                 struct buf *out);
/* The chain of reasons down to a log line or a mark, a line each; for a path not needed, the mark
 * or the stage that dropped it, or that no log names it; appended. */
bool keep_why(const struct keep *keep, const struct keep_input *input, const struct chain *chain,
              uint32_t node, struct buf *out, struct err *err);
/* Why a node is not needed though the access in accesses.rows[row] ended there: the drop mark, or
 * the stage that hides its line, and LOG:LINE (NODE_NONE: that alone); appended. chain may be NULL.
 */
void keep_cause(const struct keep *keep, const struct keep_input *input, const struct chain *chain,
                uint32_t node, uint32_t row, struct buf *out);
/* Brings table verdict and asked.real up to date: only rows that differ. A transaction of its own,
 * in slices. */
bool keep_store(const struct keep *keep, const struct keep_input *input, struct db *db,
                struct err *err);

#endif
