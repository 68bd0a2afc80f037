/* SPDX-License-Identifier: MIT
 *
 * One grep command: its options and expressions, compiled; matches a line as GNU grep 3.8 does in
 * the C locale with -a.
 *
 * BRE and ERE are translated to PCRE2 and JIT-compiled; a line on which PCRE2 hits a limit is
 * decided by glibc's re_search with grep's syntax bits. A compiled pattern is immutable and shared
 * by threads; each thread matches through a scratch of its own.
 */
#ifndef XSMALL_CHAIN_GREP_PATTERN_H
#define XSMALL_CHAIN_GREP_PATTERN_H

#include "chain/grep/stage_spec.h"
#include "util/err.h"

struct pattern;
struct pattern_scratch;
/* Compiles. Refuses what grep refuses, in grep's words, with the column (from 1) where it is known.
 */
bool pattern_compile(const struct stage_spec *spec, struct pattern **out, struct buf *warning,
                     struct err *err);
void pattern_destroy(struct pattern *pattern);
struct pattern_scratch *pattern_scratch_create(const struct pattern *pattern);
void pattern_scratch_destroy(struct pattern_scratch *scratch);
/* 1: matches, 0: does not, -1: grep would stop here with an error (with -P), or would not come to
 * an end (err is filled). The inversion is not applied. line is without its newline. */
int pattern_match(const struct pattern *pattern, struct pattern_scratch *scratch, struct bytes line,
                  struct err *err);

/* Whole lines, each with its newline. starts[i] is the offset of line i in text, starts[n_lines]
 * the end. */
struct pattern_lines {
    struct bytes text;
    const uint32_t *starts; /* n_lines + 1 of them */
    size_t n_lines;
};
/* Sets bit i of bits (64 a word; given all zero) for each line that matches: the same answers as
 * pattern_match, many times faster. False: as its -1. */
bool pattern_match_lines(const struct pattern *pattern, struct pattern_scratch *scratch,
                         const struct pattern_lines *lines, uint64_t *bits, struct err *err);

#endif
