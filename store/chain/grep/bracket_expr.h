/* SPDX-License-Identifier: MIT
 *
 * A set of bytes: what a bracket expression, a dot or \w matches in the C locale.
 */
#ifndef XSMALL_CHAIN_GREP_BRACKET_EXPR_H
#define XSMALL_CHAIN_GREP_BRACKET_EXPR_H

#include "util/bytes.h"
#include "util/err.h"

struct byteset {
    uint64_t words[4];
};

void byteset_add(struct byteset *set, unsigned char c);
void byteset_add_fold(struct byteset *set, unsigned char c); /* both cases of an ASCII letter */
bool byteset_has(const struct byteset *set, unsigned char c);
void byteset_invert(struct byteset *set);
/* Adds a POSIX class ("alpha"). Returns false if no class has this name. */
bool byteset_add_class(struct byteset *set, struct bytes name);
/* Returns true for letters, digits and the underscore, as \w. */
bool byteset_is_word(unsigned char c);
/* Appends the set in PCRE2 syntax. The newline is never in it. */
void byteset_print(const struct byteset *set, struct buf *out);

enum bracket { BRACKET_SET, BRACKET_UNKNOWN /* collating elements: not a set of bytes */ };
/* Reads a bracket expression from *rest: everything after the "[", up to and including the "]".
 * fold: ignore case (-i). */
bool byteset_read_bracket(struct bytes *rest, bool fold, struct byteset *set, enum bracket *what,
                          struct err *err);

#endif
