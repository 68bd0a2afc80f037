/* SPDX-License-Identifier: MIT
 *
 * The tokens of a POSIX regular expression, with the context rules of GNU grep's own parser: the
 * meaning of ^, $, * and \{ depends on the token before, and on whether the alternative has only
 * zero-width matches so far. For pcre_translate.c only.
 */
#ifndef XSMALL_CHAIN_GREP_REGEX_LEXER_H
#define XSMALL_CHAIN_GREP_REGEX_LEXER_H

#include "chain/grep/bracket_expr.h"
#include "chain/grep/pcre_translate.h"

enum regex_token {
    TOKEN_END,
    TOKEN_SET,    /* lexer.set */
    TOKEN_ANCHOR, /* lexer.anchor */
    TOKEN_BACKREF,
    TOKEN_OPTIONAL,
    TOKEN_STAR,
    TOKEN_PLUS,
    TOKEN_REPEAT, /* lexer.min, lexer.max */
    TOKEN_OR,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_WRONG /* err is filled */
};

enum { TOKEN_NO_MAXIMUM = -1 /* of {m,} */ };

/* How glibc's compiler, which grep runs first, would read the same text: in an extended expression
 * it skips an operator without an operand, and a ) without a ( after such an operator. */
struct shadow {
    bool no_operand; /* no operand is before this position */
    bool skipped;    /* an operator was skipped just before */
    size_t n_open;   /* open groups */
};

/* Set rest, extended, fold, made, err; last to TOKEN_END, at_start and shadow.no_operand to
 * true. */
struct regex_lexer {
    struct bytes rest;
    struct shadow shadow;
    const char *begin; /* of the last token, in the text */
    bool extended, fold;
    bool wrapped; /* back-references were checked earlier */
    enum regex_token last;
    bool at_start;      /* only zero-width matches since the alternative began */
    size_t n_open;      /* open groups */
    size_t n_groups;    /* number of groups that were opened; set by the parser */
    unsigned completed; /* bit n: group n is closed, for n up to 9; set by the parser */
    struct byteset set;
    const char *anchor;
    int min, max;
    struct buf *warning;
    struct translated *made;
    struct err *err;
};

/* Returns the next token. Its details are in set, anchor, min and max until the next call. For
 * TOKEN_WRONG, err has the reason. */
enum regex_token regex_lexer_next(struct regex_lexer *lex);

#endif
