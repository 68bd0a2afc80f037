/* SPDX-License-Identifier: MIT
 *
 * glibc's matcher with grep's syntax bits: says whether an expression is valid, and decides the
 * lines that PCRE2 cannot: all of them where there is a back-reference, those on which PCRE2 hits
 * its limits otherwise. Slow, and one thread at a time: each thread has its own.
 */
#ifndef XSMALL_CHAIN_GREP_POSIX_MATCHER_H
#define XSMALL_CHAIN_GREP_POSIX_MATCHER_H

#include "util/bytes.h"
#include "util/err.h"

enum posix_flags {
    POSIX_EXTENDED = 1,
    POSIX_FOLD = 2,
    POSIX_WORD = 4, /* -w */
    POSIX_LINE = 8  /* -x */
};

/* Whether glibc compiles one expression (a line of a pattern); its words for what is wrong. */
bool posix_matcher_check(struct bytes expr, enum posix_flags flags, struct err *err);

struct posix_matcher;
/* All lines of a pattern. Those with a back-reference are compiled each for itself, the others
 * together, and the ways of grep with -w are gone exactly. Yours: posix_matcher_destroy. */
bool posix_matcher_create(const struct bytes *lines, size_t n_lines, enum posix_flags flags,
                          struct posix_matcher **out, struct err *err);
void posix_matcher_destroy(struct posix_matcher *matcher);
/* 1: matches, 0: does not, -1: glibc ran out of memory. */
int posix_matcher_match(struct posix_matcher *matcher, struct bytes line);

/* Whether an expression may hold a back-reference: a backslash and a digit. */
bool posix_matcher_has_backref(struct bytes expr);

/* The expression with -w or -x written into it, in grep's own way; appended. */
void posix_matcher_wrap(struct bytes expr, enum posix_flags flags, struct buf *out);

#endif
