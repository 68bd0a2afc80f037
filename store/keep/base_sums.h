/* SPDX-License-Identifier: MIT
 *
 * Sums of the subject's files by how the base compares (enum in_base), and differences between one
 * file and the base as text.
 *
 *     struct base_sum sums[N_BASE_CLASSES];
 *     base_sums(keep, &input, sums);
 *     sums[BASE_CONTENT].needed_bytes
 */
#ifndef XSMALL_KEEP_BASE_SUMS_H
#define XSMALL_KEEP_BASE_SUMS_H

#include "keep/keep.h"

enum {
    BASE_ELSEWHERE = BASE_ABSENT + 1, /* absent, but the base has the content at another path */
    N_BASE_CLASSES
};
const char *base_class_name(int base_class); /* "same", …, "elsewhere" */

struct base_sum {
    uint32_t n_files, n_needed;  /* non-directories; the needed ones of them */
    int64_t bytes, needed_bytes; /* file contents; a hard link once in each class */
};

/* Fills sums; all zero without a base. */
void base_sums(const struct keep *keep, const struct keep_input *input,
               struct base_sum sums[N_BASE_CLASSES]);

/* Appends how the base's file at the node's path differs, such as "; the base has this path with
 * mode 0600", or the path at which the base has the same content. Appends nothing if the file is
 * the same, or if the base does not have the content. */
void base_difference_print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                           struct buf *out);

#endif
