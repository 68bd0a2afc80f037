/* SPDX-License-Identifier: MIT
 *
 * The lines of all expressions of one grep command, without duplicates, and whether they are fixed
 * strings.
 */
#ifndef XSMALL_CHAIN_GREP_GREP_EXPRS_H
#define XSMALL_CHAIN_GREP_GREP_EXPRS_H

#include "chain/grep/pattern.h"

struct exprs {
    struct bytes *lines; /* owned array; slices of text */
    size_t n;
    struct buf text; /* the lines, with a newline between them */
};

/* Splits the expressions at newlines and drops repeated lines, as grep does. */
void exprs_split(const struct stage_spec *spec, struct exprs *out);
/* If several basic or extended lines contain no operator, grep treats them as fixed strings and
 * does not check their syntax. In this case, fills out with the fixed strings and returns true. */
bool exprs_as_fixed(const struct exprs *exprs, enum grep_syntax syntax, struct exprs *out);
/* Writes the fixed strings as basic regular expressions to out. */
void exprs_escape(const struct exprs *exprs, struct exprs *out);
void exprs_finish(struct exprs *exprs);

#endif
