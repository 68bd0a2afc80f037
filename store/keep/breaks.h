/* SPDX-License-Identifier: MIT
 *
 * Breaks: accesses that would fail in the slim image. Every successful access of the evidence is
 * replayed on the final tree (base and kept files), and the failures of check runs (traced in the
 * slim image) are compared with the subject. Terms: share/doc/semantics.md (Terms; Needed, kept,
 * base).
 *
 *     struct breaks *breaks;
 *     if (!breaks_compute(&input, keep, &breaks, err)) …
 *     for (size_t i = 0; i < breaks->n; i++)
 *         breaks_print(breaks, i, &input, keep, chain, &text);
 *     breaks_destroy(breaks);
 */
#ifndef XSMALL_KEEP_BREAKS_H
#define XSMALL_KEEP_BREAKS_H

#include "keep/keep.h"

enum break_kind {
    BREAK_CHECK_A, /* failed in a check run, succeeded in evidence */
    BREAK_CHECK_B, /* failed in a check run; the subject has the file, the evidence does not use it
                    */
    BREAK_MISSING, /* succeeded in evidence; the slim image does not have it */
    BREAK_OTHER,   /* succeeded in evidence; in the slim image the path is a different file */
    BREAK_VERSION, /* the base's library lacks symbol versions that a kept file needs */
    BREAK_PLACE,   /* the slim image lacks a directory in which the program creates a file */
    BREAK_LISTED,  /* the program lists a directory of which entries are not in the slim image: a
                      hint, because the program may not need them */
    BREAK_FOUND,   /* absent in evidence, but the base has it: a hint, not a failure */
    N_BREAK_KINDS
};
/* Returns the name in one word, such as "missing". */
const char *break_kind_name(enum break_kind kind);

struct break_row {
    enum break_kind kind;
    uint32_t node;        /* of the subject; OTHER, MISSING: the file that the evidence used;
                             PLACE: the directory; NODE_NONE: the subject has no such file */
    struct bytes path;    /* absolute, as the first access names it; in the arena; VERSION: path
                             of the library */
    struct bytes now;     /* OTHER, FOUND: the path to which it resolves; else n 0 */
    struct bytes version; /* VERSION: the first missing version, and the node that needs it */
    uint32_t user;
    uint32_t row; /* index in accesses.rows of the first access; UINT32_MAX: no access */
    uint32_t n;   /* number of accesses; VERSION: number of files that need a missing version */
    uint32_t n_entries, n_missing; /* LISTED: entries that the subject has; the slim image lacks */
    /* CHECK_A, CHECK_B: the first failure; LISTED: the first listing in a check run */
    struct bytes log; /* name of its log; in the arena */
    uint32_t line;    /* in that log, from 1 */
    int32_t error;
};

struct breaks {
    struct break_row *rows; /* by kind, then by path in C order; one for each kind and node */
    size_t n, cap;
    size_t n_of[N_BREAK_KINDS];
    struct break_link {
        uint32_t node, link;
    } * links; /* owned; symlinks of the subject in the paths of missing nodes */
    size_t n_links, cap_links;
    struct break_entry {
        uint32_t directory, node; /* nodes of the subject */
        bool is_like_used; /* a file; the evidence used one with the same suffix next to it */
    } * entries; /* owned; missing entries of listed directories, by directory, then in C order */
    size_t n_entries, cap_entries;
    uint32_t n_elsewhere; /* class (c): paths that failed in a check run and in the subject too */
    struct arena arena;
};

/* Computes the breaks. Reads only the check runs through input->db, so another thread can run it.
 * Without a subject image or accesses the list is empty. */
bool breaks_compute(const struct keep_input *input, const struct keep *keep, struct breaks **out,
                    struct err *err);
void breaks_destroy(struct breaks *breaks); /* NULL is allowed */

/* Returns the number of breaks without hints (BREAK_LISTED, BREAK_FOUND). */
size_t breaks_standing(const struct breaks *breaks);
/* Lists the nodes of one kind (N_BREAK_KINDS: all kinds without BREAK_LISTED) and the symlinks in
 * their paths. Keep marks on these nodes fix the breaks. BREAK_LISTED: as LISTED_SAME. The caller
 * frees *nodes. */
void breaks_nodes(const struct breaks *breaks, const struct tree *subject, enum break_kind kind,
                  uint32_t **nodes, size_t *n);
enum listed_choice {
    LISTED_SAME, /* the missing files with the suffix of a used file of the same directory */
    LISTED_ALL   /* the listed directories themselves; a mark on them holds for all below them */
};
/* Lists the nodes that keep marks must be set on to keep entries of listed directories. The caller
 * frees *nodes. */
void breaks_listed_nodes(const struct breaks *breaks, enum listed_choice choice, uint32_t **nodes,
                         size_t *n);
/* Appends a row without its path, as one line without newline: what would happen, the stage or mark
 * that causes it, and LOG:LINE. chain may be NULL. */
void breaks_print(const struct breaks *breaks, size_t i, const struct keep_input *input,
                  const struct keep *keep, const struct chain *chain, struct buf *out);

/* Adds the rows of BREAK_VERSION; called by breaks_compute. final: the result of final_tree. */
void versions_check(const struct keep_input *input, const struct keep *keep,
                    const struct tree *final, struct breaks *out);

/* Adds the rows of BREAK_LISTED; called by breaks_compute. */
bool listed_check(const struct keep_input *input, const struct keep *keep, const struct tree *final,
                  struct breaks *out, struct err *err);
/* Appends the counts and some names; called by breaks_print. */
void listed_print(const struct breaks *breaks, const struct break_row *row,
                  const struct tree *subject, struct buf *out);
/* Returns whether engines mount the path in every container, so that the image does not need it. */
bool break_is_mounted(struct bytes path);
/* Returns whether the breaks consider accesses of a path (index in accesses.paths). */
bool break_is_replayed(const struct keep_input *input, uint32_t path_index);
/* Returns the index in accesses.paths of an id of table asked; UINT32_MAX: no access names it. */
uint32_t break_path_of_id(const struct accesses *accesses, int64_t id);

/* Returns the tree of the slim image: base and kept files. A node's path_id is its origin: N + 1:
 * node N of the subject, or the same file in the base; -(N + 1): the base's different file at the
 * path of node N; 0: a file that only the base has. The caller frees it with tree_destroy. */
struct tree *final_tree(const struct keep_input *input, const struct keep *keep);

#endif
