/* SPDX-License-Identifier: MIT
 *
 * The libraries of the kept tree, as the files ask for them and as the trace opened them: what only
 * one of the two knows of.
 *
 *     struct linkage linkage;
 *     linkage_find(keep, &input, &linkage);
 *     …
 *     linkage_finish(&linkage);
 */
#ifndef XSMALL_KEEP_LINKAGE_H
#define XSMALL_KEEP_LINKAGE_H

#include "keep/keep.h"

struct linkage {
    uint32_t *unopened; /* owned; needed ones that a file asks for and the trace never opened */
    size_t n_unopened;
    uint32_t *loaded; /* owned; needed ones that the trace opened and no file asks for: dlopen(3) */
    size_t n_loaded;
};

/* Nodes ascending. Without a trace, or with the kind elf switched off, both are empty. */
void linkage_find(const struct keep *keep, const struct keep_input *input, struct linkage *out);
void linkage_finish(struct linkage *linkage);

/* Whether the node is an ELF file that others are linked against or that is loaded at run time:
 * one that asks for something, and for no interpreter. */
bool linkage_is_library(const struct tree *tree, uint32_t node);

#endif
