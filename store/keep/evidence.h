/* SPDX-License-Identifier: MIT
 *
 * From log lines to nodes of the subject image: finds the access rows of lines, and the nodes to
 * which the paths of these rows resolve.
 *
 * Not here: the choice of needed nodes (needs/need_traced.c).
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

/* Fills real (accesses->n_paths elements) with the node to which each path resolves, links
 * followed. */
void evidence_resolve(const struct keep_input *input, uint32_t *real);
/* Stores in by_row (accesses->n elements, initially NO_LINE) the first of `lines` that belongs to
 * each row. A call with two paths has two rows. Returns false if cancelled or if a block cannot be
 * read. */
bool evidence_rows(const struct keep_input *input, const roaring_bitmap_t *lines, uint32_t *by_row,
                   struct err *err);
/* Returns whether the access of a row makes its node needed: it succeeded in the root directory of
 * the image and did not remove the file. */
bool evidence_counts(const struct accesses *accesses, size_t row);
/* Sets used[node] for each node that a successful access used, also in lines that the filter chain
 * hides. used: one element for each node. */
void evidence_used(const struct keep_input *input, const struct keep *keep, uint8_t *used);
uint32_t *evidence_filled(size_t n, uint32_t value); /* the caller frees it */

#endif
