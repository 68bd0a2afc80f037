/* SPDX-License-Identifier: MIT
 *
 * Translates a POSIX basic or extended regular expression, as GNU grep reads it in the C locale, to
 * a PCRE2 expression that matches the same lines.
 *
 * It rejects the expressions that grep rejects, except for errors in collating elements. It does
 * not handle the options -w and -x.
 *
 *     struct translated made;
 *     translate(bytes_of("\\(^a\\)*"), TRANSLATE_BASIC, &out, &made, err)   // (?:^a)*
 *
 * The PCRE2 expression needs PCRE2_MULTILINE with newline LF. It never matches a newline, so that
 * it can be matched against a whole block of lines. With -i it also needs PCRE2_CASELESS; sets
 * already contain both cases.
 */
#ifndef XSMALL_CHAIN_GREP_PCRE_TRANSLATE_H
#define XSMALL_CHAIN_GREP_PCRE_TRANSLATE_H

#include "util/bytes.h"
#include "util/err.h"

enum { TRANSLATE_NEEDLE_BYTES = 64 };

enum translate_flags {
    TRANSLATE_BASIC = 0,
    TRANSLATE_EXTENDED = 1,
    TRANSLATE_FOLD = 2,   /* -i */
    TRANSLATE_WRAPPED = 4 /* text is inside additional groups, which shift the numbers of \1:
                             back-references are not checked */
};

/* Limits for expressions that are passed to glibc's compiler, which does not terminate on some
 * short expressions. */
enum {
    TRANSLATE_MAX_LEAVES = 40000, /* characters, sets and anchors, with repetitions expanded */
    TRANSLATE_MAX_COST = 4000000, /* entries in its lists: 200 MB in the worst case */
    TRANSLATE_MAX_LOOPS = 24,     /* repetitions of possibly empty parts, times anchors */
    TRANSLATE_MAX_DEPTH = 1000    /* nested groups; also for PCRE2 */
};

struct translated {
    bool backref;  /* contains a back-reference or a collating element: the translation matches the
                      same lines and possibly more, so posix_matcher.h must decide */
    bool has_char; /* contains a character or a set */
    bool stray_paren; /* contains a ) without a (, which is literal */
    bool unclosed;    /* glibc's compiler, but not grep's own parser, reports a missing ) */
    bool for_glibc;   /* within the limits for glibc's compiler */
    size_t wrong_at;  /* if it is rejected: offset of the wrong token */
    uint64_t n_leaves;
    char literal[TRANSLATE_NEEDLE_BYTES]; /* bytes that each matching line contains */
    size_t n_literal;                     /* 0: no such bytes */
};

/* Appends the translation to out. A newline in text separates alternatives. Appends grep's warnings
 * to warning (may be NULL), one per line. Returns false if grep rejects the expression (err has
 * grep's message) or if groups are nested too deeply; out then contains a partial translation. */
bool translate(struct bytes text, enum translate_flags flags, struct buf *out, struct buf *warning,
               struct translated *made, struct err *err);

#endif
