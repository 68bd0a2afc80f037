/* SPDX-License-Identifier: MIT
 *
 * Bytes that a line must have in it to match, looked for before the expression is tried: a search
 * for the one among them that is rarest in the text costs next to nothing.
 */
#ifndef XSMALL_CHAIN_GREP_LITERAL_PREFILTER_H
#define XSMALL_CHAIN_GREP_LITERAL_PREFILTER_H

#include "chain/grep/pcre_translate.h"

/* A literal in one of so many lines, or fewer, pays. */
enum { LITERAL_PAYS = 4 };

struct literal_prefilter {
    char bytes[TRANSLATE_NEEDLE_BYTES];
    size_t n;    /* 0: none */
    size_t rare; /* the byte that is looked for */
};

/* bytes is cut where it is longer; one byte alone is none. */
void literal_prefilter_set(struct literal_prefilter *literal, struct bytes bytes);
/* Chooses the byte that is rarest in text, which is like those to come. */
void literal_prefilter_choose(struct literal_prefilter *literal, struct bytes text);
/* The first of them in text, or NULL. */
const char *literal_prefilter_find(const struct literal_prefilter *literal, struct bytes text);

#endif
