/* SPDX-License-Identifier: MIT
 *
 * How much of the subject the base has, by class (enum in_base), and which file of the base has a
 * content that the subject has at another path.
 *
 *     struct base_sum sums[N_BASE_CLASSES];
 *     base_sums(keep, &input, sums);
 *     sums[BASE_CONTENT].needed_bytes
 */
#ifndef XSMALL_KEEP_BASE_SUMS_H
#define XSMALL_KEEP_BASE_SUMS_H

#include "keep/keep.h"

enum {
    BASE_ELSEWHERE = BASE_ABSENT + 1, /* of those absent: the content is at another path */
    N_BASE_CLASSES
};
const char *base_class_name(int base_class); /* "same", …, "elsewhere" */

struct base_sum {
    uint32_t n_files, n_needed;  /* non-directories; of those needed */
    int64_t bytes, needed_bytes; /* contents; a hard link once in each class */
};

/* Without a base all is zero. */
void base_sums(const struct keep *keep, const struct keep_input *input,
               struct base_sum sums[N_BASE_CLASSES]);

/* In what the base's file at the node's path differs: "the base has another content: 12 bytes, up
 * to GLIBC_2.28 where this has GLIBC_2.36", or where else the base has the same content; nothing
 * for one that is the same or nowhere. Appended. */
void base_difference_print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                           struct buf *out);

#endif
