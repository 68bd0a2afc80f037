/* SPDX-License-Identifier: MIT
 *
 * Compares the answers of two runs: how the program ended, the exit status and output of each test,
 * and the program's own output if it ended by itself (semantics.md, Same answer).
 *
 * Lines that differ between two runs of the same image are masked: times, process ids, addresses.
 *
 *     struct run_comparison comparison = {0};
 *     if (run_compare(&spec, results, &ignored, false, &comparison, err))
 *         comparison.n_differences == 0 … "same answer"
 *     run_comparison_finish(&comparison);
 */
#ifndef XSMALL_RUN_RUN_COMPARE_H
#define XSMALL_RUN_RUN_COMPARE_H

#include "run/run.h"

struct run_comparison {
    size_t n_differences;
    struct buf
        differences;   /* lines, without masked ones: what differs, "- " of the subject, "+ " */
    struct buf notes;  /* lines: what differs and does not count */
    size_t n_masked;   /* lines of the subject that differ between its two runs, or match
                          `ignored` */
    struct buf masked; /* these lines, at most MASKED_SHOWN of them */
};
enum { RUN_MASKED_SHOWN = 100, RUN_DIFFERENCES_SHOWN = 40 };

/* runs: two of the subject image and one of the slim image, all of the same spec. `ignored` lists
 * extended regular expressions; lines that match one are not compared. */
bool run_compare(const struct run_spec *spec, const struct run_result runs[3],
                 const struct words *ignored, bool compare_output, struct run_comparison *out,
                 struct err *err);
void run_comparison_finish(struct run_comparison *comparison);

#endif
