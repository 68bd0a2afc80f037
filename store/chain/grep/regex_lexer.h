/* SPDX-License-Identifier: MIT
 *
 * The tokens of a POSIX regular expression, with the context rules of GNU grep's own parser: what
 * ^, $, *, \{ mean depends on the token before, and on whether anything but zero-width matches
 * began the alternative. For pcre_translate.c only.
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

/* What glibc's compiler, which grep asks first, would make of the same text: in an extended
 * expression it skips an operator without operand, and a ) after it that closes nothing. */
struct shadow {
    bool no_operand; /* nothing stands before that an operator could be of */
    bool skipped;    /* an operator was skipped just before */
    size_t n_open;   /* groups */
};

/* Set rest, extended, fold, made, err; last to TOKEN_END, at_start and shadow.no_operand to true.
 */
struct regex_lexer {
    struct bytes rest;
    struct shadow shadow;
    const char *begin; /* of the last token, in the text */
    bool extended, fold;
    bool wrapped; /* back-references were checked before */
    enum regex_token last;
    bool at_start;      /* nothing but zero-width matches since the alternative began */
    size_t n_open;      /* groups */
    size_t n_groups;    /* all so far; counted by the parser */
    unsigned completed; /* bit n: group n is closed, for n up to 9; set by the parser */
    struct byteset set;
    const char *anchor;
    int min, max;
    struct buf *warning;
    struct translated *made;
    struct err *err;
};

/* The next token; what it is of lies in set, anchor, min and max until then. TOKEN_WRONG: err says
 * why. */
enum regex_token regex_lexer_next(struct regex_lexer *lex);

#endif
