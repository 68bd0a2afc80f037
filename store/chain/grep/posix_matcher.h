/* SPDX-License-Identifier: MIT
 *
 * glibc's matcher with grep's syntax bits. It checks whether an expression is valid, and decides
 * the lines that PCRE2 cannot decide: all lines if the expression has a back-reference, otherwise
 * the lines on which PCRE2 reaches its limits. It is slow and not thread-safe: each thread needs
 * its own matcher.
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

/* Returns whether glibc compiles one expression (one line of a pattern). On error, err has glibc's
 * message. */
bool posix_matcher_check(struct bytes expr, enum posix_flags flags, struct err *err);

struct posix_matcher;
/* Compiles all lines of a pattern. Lines with a back-reference are compiled one by one, the other
 * lines together. For -w, the matcher retries matches exactly as grep does. The caller owns *out:
 * posix_matcher_destroy. */
bool posix_matcher_create(const struct bytes *lines, size_t n_lines, enum posix_flags flags,
                          struct posix_matcher **out, struct err *err);
void posix_matcher_destroy(struct posix_matcher *matcher);
/* Returns 1 if line matches, 0 if it does not, -1 if glibc ran out of memory. */
int posix_matcher_match(struct posix_matcher *matcher, struct bytes line);

/* Returns whether an expression may contain a back-reference: a backslash and a digit. */
bool posix_matcher_has_backref(struct bytes expr);

/* Appends the expression with -w or -x expressed as groups, as grep itself does. */
void posix_matcher_wrap(struct bytes expr, enum posix_flags flags, struct buf *out);

#endif
