/* SPDX-License-Identifier: MIT
 *
 * The way from log lines to nodes of the subject image: lines lead to rows of the accesses, and the
 * rows to the nodes where their paths end.
 *
 * Not here: which of these nodes become needed (needs/need_traced.c).
 *
 *     MEM_AUTO uint32_t *lines = evidence_filled(input->accesses->n, NO_LINE);
 *     if (!evidence_rows(input, input->survivors, lines, err)) …
 *     if (lines[row] != NO_LINE && evidence_counts(input->accesses, row)) …
 */
#ifndef XSMALL_KEEP_EVIDENCE_H
#define XSMALL_KEEP_EVIDENCE_H

#include "keep/keep.h"

enum {
    NO_LINE = UINT32_MAX,
    NOT_YET = UINT32_MAX - 1 /* a node that is not resolved yet */
};

/* Fills real (accesses->n_paths places): where each path that a log names ends, links followed. */
void evidence_resolve(const struct keep_input *input, uint32_t *real);
/* Stores in by_row (accesses->n places, NO_LINE at first) the first of `lines` that leads to each
 * row; both rows of a call with two paths. False: cancelled, or a block cannot be read. */
bool evidence_rows(const struct keep_input *input, const roaring_bitmap_t *lines, uint32_t *by_row,
                   struct err *err);
/* Whether a row's access makes the node where it ends needed: it succeeded in the image's root and
 * did not remove the file. */
bool evidence_counts(const struct accesses *accesses, size_t row);
/* Sets used[node] for each node where a successful access of the evidence ended, also those that
 * the filter chain hides; used has a place for each node. */
void evidence_used(const struct keep_input *input, const struct keep *keep, uint8_t *used);
uint32_t *evidence_filled(size_t n, uint32_t value); /* yours: free */

#endif
