/* SPDX-License-Identifier: MIT
 *
 * One grep command, compiled: its options and expressions. Matches a line as GNU grep 3.8 does in
 * the C locale with -a.
 *
 * Basic and extended expressions are translated to PCRE2 and JIT-compiled. If PCRE2 reaches a limit
 * on a line, glibc's re_search with grep's syntax bits decides that line. A compiled pattern is
 * immutable and shared by threads; each thread needs its own scratch.
 */
#ifndef XSMALL_CHAIN_GREP_PATTERN_H
#define XSMALL_CHAIN_GREP_PATTERN_H

#include "chain/grep/stage_spec.h"
#include "util/err.h"

struct pattern;
struct pattern_scratch;
/* Compiles spec. Rejects the expressions that grep rejects, with grep's messages and the column
 * (from 1) if it is known. */
bool pattern_compile(const struct stage_spec *spec, struct pattern **out, struct buf *warning,
                     struct err *err);
void pattern_destroy(struct pattern *pattern);
struct pattern_scratch *pattern_scratch_create(const struct pattern *pattern);
void pattern_scratch_destroy(struct pattern_scratch *scratch);
/* Returns 1 if line matches, 0 if it does not. Returns -1 and fills err if grep would stop at this
 * line with an error (-P), or would not terminate. -v is not applied. line has no newline. */
int pattern_match(const struct pattern *pattern, struct pattern_scratch *scratch, struct bytes line,
                  struct err *err);

/* Complete lines, each with its newline. starts[i] is the offset of line i in text; starts[n_lines]
 * is the end of the last line. */
struct pattern_lines {
    struct bytes text;
    const uint32_t *starts; /* n_lines + 1 offsets */
    size_t n_lines;
};
/* Sets bit i of bits for each matching line i: the same results as pattern_match, many times
 * faster. bits has 64 bits per word and must be all zero. Returns false where pattern_match would
 * return -1. */
bool pattern_match_lines(const struct pattern *pattern, struct pattern_scratch *scratch,
                         const struct pattern_lines *lines, uint64_t *bits, struct err *err);

#endif
