/* SPDX-License-Identifier: MIT
 *
 * What would break: every successful access of the evidence replayed on the image that the export
 * would make (base and kept files), and the failures of check runs (traced in the slim image)
 * joined with the subject. Terms: share/doc/semantics.md (Terms; Needed, kept, base).
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
    BREAK_CHECK_B, /* failed in a check run; the subject has it, no evidence used it */
    BREAK_MISSING, /* succeeded in evidence; the final image does not have it */
    BREAK_OTHER,   /* succeeded in evidence; the path leads to another file there */
    BREAK_VERSION, /* the base's library lacks symbol versions that a kept file needs */
    BREAK_PLACE,   /* the final image lacks a directory in which the program made a file */
    BREAK_FOUND,   /* was absent in evidence, and the base has it: a hint */
    N_BREAK_KINDS
};
/* "missing", …: one word. */
const char *break_kind_name(enum break_kind kind);

struct break_row {
    enum break_kind kind;
    uint32_t node;        /* of the subject; OTHER, MISSING: where the evidence ended; PLACE: the
                             directory; NODE_NONE: it has none */
    struct bytes path;    /* as the first access asked for it, absolute; in the arena; VERSION: of
                             the library */
    struct bytes now;     /* OTHER, FOUND: the path that it leads to; else n 0 */
    struct bytes version; /* VERSION: the first that is lacking, and who needs it: a node */
    uint32_t user;
    uint32_t row; /* index in accesses.rows: the first one; UINT32_MAX: none */
    uint32_t n;   /* accesses, counted; VERSION: files that need what is lacking */
    /* CHECK_A, CHECK_B: the first failure */
    struct bytes log; /* its log's name; in the arena */
    uint32_t line;    /* in that log, from 1 */
    int32_t error;
};

struct breaks {
    struct break_row *rows; /* by kind, then by path in C order; one for each kind and node */
    size_t n, cap;
    size_t n_of[N_BREAK_KINDS];
    struct break_link {
        uint32_t node, link;
    } * links; /* owned; links on the way to nodes that are missing, of the subject */
    size_t n_links, cap_links;
    uint32_t n_elsewhere; /* class (c): paths that failed in a check run and in the subject too */
    struct arena arena;
};

/* Pure but for reading the check runs through input->db; another thread can run it. Without a
 * subject or accesses there are none. */
bool breaks_compute(const struct keep_input *input, const struct keep *keep, struct breaks **out,
                    struct err *err);
void breaks_destroy(struct breaks *breaks); /* NULL is allowed */

/* Those that are no mere hint: all but FOUND, where nothing fails that succeeded. */
size_t breaks_standing(const struct breaks *breaks);
/* The nodes of one kind, N_BREAK_KINDS for all, with the links on the way to each: what keep marks
 * would mend. *nodes is yours. */
void breaks_nodes(const struct breaks *breaks, const struct tree *subject, enum break_kind kind,
                  uint32_t **nodes, size_t *n);
/* A row in words, without its path: what would happen, and the stage or mark that caused it, with
 * log:line; appended, no newline. chain may be NULL. */
void breaks_print(const struct breaks *breaks, size_t i, const struct keep_input *input,
                  const struct keep *keep, const struct chain *chain, struct buf *out);

/* The part of breaks_compute about symbol versions: adds rows. final is the tree of final_tree. */
void versions_check(const struct keep_input *input, const struct keep *keep,
                    const struct tree *final, struct breaks *out);

/* The image that the export would make, as a tree: base and kept files. A node's path_id tells
 * where it is from: N + 1, node N of the subject, or the same in the base; -(N + 1), the base's
 * other version of it; 0, the base alone has it. Yours: tree_destroy. */
struct tree *final_tree(const struct keep_input *input, const struct keep *keep);

#endif
