/* SPDX-License-Identifier: MIT
 *
 * The lines of all expressions of one grep command, each once, and whether they are fixed strings.
 */
#ifndef XSMALL_CHAIN_GREP_GREP_EXPRS_H
#define XSMALL_CHAIN_GREP_GREP_EXPRS_H

#include "chain/grep/pattern.h"

struct exprs {
    struct bytes *lines; /* owned array; into text */
    size_t n;
    struct buf text; /* the lines, with a newline between them */
};

/* Splits the expressions at newlines and drops repeated lines, as grep does. */
void exprs_split(const struct stage_spec *spec, struct exprs *out);
/* Where several basic or extended lines hold no operator, grep takes them as fixed strings, without
 * looking for mistakes: makes these of them (out is a new list). False: it does not. */
bool exprs_as_fixed(const struct exprs *exprs, enum grep_syntax syntax, struct exprs *out);
/* The same fixed strings as basic regular expressions. */
void exprs_escape(const struct exprs *exprs, struct exprs *out);
void exprs_finish(struct exprs *exprs);

#endif
