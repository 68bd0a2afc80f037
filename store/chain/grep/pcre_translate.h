/* SPDX-License-Identifier: MIT
 *
 * A POSIX basic or extended regular expression, as GNU grep reads it in the C locale, to the text
 * of a PCRE2 expression that matches the same lines.
 *
 * It refuses what grep refuses, except mistakes in collating elements. Not here: the options -w and
 * -x.
 *
 *     struct translated made;
 *     translate(bytes_of("\\(^a\\)*"), TRANSLATE_BASIC, &out, &made, err)   // (?:^a)*
 *
 * What is made is for PCRE2_MULTILINE with newline LF, and never matches a newline: it can be run
 * over a whole block of lines. Under -i it needs PCRE2_CASELESS; sets are closed under case anyway.
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
    TRANSLATE_WRAPPED = 4 /* groups were put around it, so that \1 is another one: not checked */
};

/* Limits on what is given to glibc's compiler, which never ends on some short expressions. */
enum {
    TRANSLATE_MAX_LEAVES = 40000, /* characters, sets and anchors, repetitions counted out */
    TRANSLATE_MAX_COST = 4000000, /* entries in its lists: some 200 MB at the worst */
    TRANSLATE_MAX_LOOPS = 24,     /* repetitions of what may be empty, times anchors */
    TRANSLATE_MAX_DEPTH = 1000    /* nested groups; for PCRE2 too */
};

struct translated {
    bool backref;     /* only the regular-expression matcher can decide: a back-reference, or a
                         collating element; the text then matches at least the same lines */
    bool has_char;    /* there is a character or a set in it */
    bool stray_paren; /* a ) that closes nothing and stands for itself */
    bool unclosed;    /* glibc's compiler, unlike grep's own parser, misses a ) */
    bool for_glibc;   /* glibc's compiler can be given it: it is within the limits */
    size_t wrong_at;  /* where it is refused: the offset of a token */
    uint64_t n_leaves;
    char literal[TRANSLATE_NEEDLE_BYTES]; /* a line that matches has these bytes in it */
    size_t n_literal;                     /* 0: there are none that it must have */
};

/* Appends the translation to out. A newline in text separates alternatives. Warnings (grep's words,
 * a line each) go to warning, which may be NULL. False: grep
 * refuses it, in its words, or the groups are too deep; out then holds the beginning. */
bool translate(struct bytes text, enum translate_flags flags, struct buf *out, struct buf *warning,
               struct translated *made, struct err *err);

#endif
