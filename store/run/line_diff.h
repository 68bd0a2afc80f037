/* SPDX-License-Identifier: MIT
 *
 * The lines in which two texts differ, as diff(1) finds them.
 *
 *     struct line_diff diff = {0};
 *     line_diff_make(a, b, &diff, err)
 *     diff.hunks[0] … lines 5 to 7 of a are lines 5 to 9 of b
 *     line_diff_finish(&diff);
 */
#ifndef XSMALL_RUN_LINE_DIFF_H
#define XSMALL_RUN_LINE_DIFF_H

#include "util/bytes.h"
#include "util/err.h"

/* Lines first to first + n - 1 of each text, from 1; n is 0 where lines were only added: they are
 * then after line first - 1. */
struct line_hunk {
    size_t a_first, a_n, b_first, b_n;
};
struct line_diff {
    struct line_hunk *hunks; /* owned; in the order of the texts */
    size_t n, cap;
};

/* Compares two files by running diff. */
bool line_diff_make(const char *a, const char *b, struct line_diff *out, struct err *err);
void line_diff_finish(struct line_diff *diff);

#endif
