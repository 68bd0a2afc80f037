/* SPDX-License-Identifier: MIT
 *
 * Bytes that each matching line contains. They are searched before the expression is matched: a
 * search for the byte that is rarest in the text is very fast.
 */
#ifndef XSMALL_CHAIN_GREP_LITERAL_PREFILTER_H
#define XSMALL_CHAIN_GREP_LITERAL_PREFILTER_H

#include "chain/grep/pcre_translate.h"

/* The prefilter is worth its cost if at most one line in LITERAL_PAYS contains the bytes. */
enum { LITERAL_PAYS = 4 };

struct literal_prefilter {
    char bytes[TRANSLATE_NEEDLE_BYTES];
    size_t n;    /* 0: no prefilter */
    size_t rare; /* index of the byte that is searched */
};

/* Sets the bytes; longer input is cut. A single byte makes no prefilter. */
void literal_prefilter_set(struct literal_prefilter *literal, struct bytes bytes);
/* Chooses the byte that is rarest in text, a sample of the texts to search. */
void literal_prefilter_choose(struct literal_prefilter *literal, struct bytes text);
/* Returns the first occurrence of the bytes in text, or NULL. */
const char *literal_prefilter_find(const struct literal_prefilter *literal, struct bytes text);

#endif
