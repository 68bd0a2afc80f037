/* SPDX-License-Identifier: MIT
 *
 * The kept tree: the marked paths and the paths of matching lines, their dependencies, without the
 * files that the base provides.
 *
 * keep_compute is a pure function of immutable inputs, so another thread can run it. Its result is
 * immutable and can be shared. Terms: share/doc/semantics.md (Terms; Marks; Needed, kept, base).
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
/* Returns the name, such as "same"; NULL for BASE_NONE. */
const char *in_base_name(enum in_base in_base);

struct verdict {
    const struct reason *reason; /* why the node is needed: the first reason found, nearest to
                                    the evidence; NULL: not needed */
    uint32_t from;   /* node of the subject or NODE_NONE, unless the row of the reason defines it */
    uint32_t access; /* index in accesses.rows of the reported access, or UINT32_MAX */
    uint32_t line;   /* matching corpus line of `access`, or UINT32_MAX */
    uint32_t n_used; /* number of successful accesses of this node in matching lines */
    uint8_t mark;    /* enum mark: the mark that applies to this path */
    uint8_t own_mark; /* enum mark: the mark set on exactly this path, or MARK_NONE */
    uint8_t in_base;  /* enum in_base */
    bool needed, kept;
    bool linked; /* a needed ELF file names it as interpreter or library */
};

/* Sums over a node and everything below it. A hard link group counts once in each sum. */
struct rollup {
    int64_t bytes;      /* regular file contents in the subject */
    int64_t kept_bytes; /* contents of the kept files (to copy) */
    uint32_t n_files;   /* non-directories */
    uint32_t n_kept;    /* kept non-directories */
    uint32_t n_used;    /* non-directories used in the trace */
    uint32_t n_in_base; /* non-directories with BASE_SAME */
};

/* A needed ELF file and a library that it needs (DT_NEEDED), both in the subject. */
struct keep_link {
    uint32_t user, library;
    struct bytes path; /* where the loader finds the library, links not followed; in the arena */
};

struct keep {
    struct verdict *verdicts; /* one a node of the subject */
    struct rollup *rollups;   /* one a node of the subject */
    uint32_t n;
    uint32_t n_kept;     /* non-directories to copy */
    int64_t kept_bytes;  /* their contents */
    int64_t final_bytes; /* semantics.md, Size forecast: base and kept, hard-link groups once */
    int64_t subject_bytes;
    size_t selecting;        /* keep_input.selecting at the time of the computation */
    struct keep_link *links; /* owned; empty if the dependency kind elf is off */
    size_t n_links;
    struct arena arena;
    uint32_t *real; /* accesses->n_paths nodes: the node of the subject to which each path resolves,
                       links followed, or NODE_NONE; NULL without accesses */
};

struct keep_input {
    const struct tree *subject; /* NULL: nothing is computed */
    const struct tree *base;    /* NULL: no base */
    const struct marks *marks;
    const struct corpus *corpus;
    const struct accesses *accesses;     /* may be NULL */
    const struct line_paths *line_paths; /* of the same accesses; may be NULL */
    const roaring_bitmap_t *survivors;   /* matching lines, from chain_survivors; NULL: none */
    size_t selecting; /* number, from 1, of the stage from chain_selecting_stage; 0: none */
    struct corpus_reader *reader; /* of the calling thread */
    struct bytes config;          /* image config of the subject, JSON; n 0: no config */
    struct db *db;                /* of the calling thread, for JSON only */
    const atomic_bool *cancel;    /* may be NULL */
};
bool keep_is_cancelled(const struct keep_input *input);
/* Appends PATH from the config's Env, or the default PATH of engines if Env does not set it. */
void config_path(const struct keep_input *input, struct buf *out);
bool keep_compute(const struct keep_input *input, struct keep **out, struct err *err);
void keep_destroy(struct keep *keep);
/* Computes kept from needed, and the sums. The last part of keep_compute. */
void keep_subtract_base(struct keep *keep, const struct keep_input *input);

/* The files that one stage hides: files of the subject that no matching line uses, but that a line
 * hidden only by this stage (chain_unique_lines) uses. Marks, dependencies and the base are
 * ignored.
 */
struct hidden {
    int64_t bytes;    /* contents of regular files; a hard link group once, and only if no name of
                         the group is used by a matching line */
    uint32_t n_files; /* non-directories; counts each name of a hard link */
};
/* Fills out (n elements). back: n sets of lines, one for each stage; for a NULL set the element is
 * zero. Another thread can run it, like keep_compute. Returns false if cancelled or if the calls
 * cannot be read. */
bool keep_hidden(const struct keep_input *input, const roaring_bitmap_t *const *back, size_t n,
                 struct hidden *out, struct err *err);

/* Appends a node's reason in one line, such as "opened ×2, log.12:34", "needed by
 * /usr/bin/python3.11", "selected by stage 2", "marked keep"; nothing if the node is not needed.
 * Paths are raw bytes. */
void keep_reason(const struct keep *keep, const struct keep_input *input, uint32_t node,
                 struct buf *out);
/* Appends the chain of reasons, one line each, that ends with a log line or a mark. For a path that
 * is not needed: the mark or the stage that excludes it, or that no log names the path. */
bool keep_why(const struct keep *keep, const struct keep_input *input, const struct chain *chain,
              uint32_t node, struct buf *out, struct err *err);
/* Appends why a node is not needed although the access in accesses.rows[row] used it: the drop
 * mark, or the stage that hides the line, and LOG:LINE (node NODE_NONE: only LOG:LINE). chain may
 * be NULL.
 */
void keep_cause(const struct keep *keep, const struct keep_input *input, const struct chain *chain,
                uint32_t node, uint32_t row, struct buf *out);
/* Updates the table verdict and the column asked.real: writes only rows that differ, in short
 * transactions of its own. */
bool keep_store(const struct keep *keep, const struct keep_input *input, struct db *db,
                struct err *err);

#endif
