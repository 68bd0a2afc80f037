/* SPDX-License-Identifier: MIT
 *
 * The libraries of the kept tree that only one of two sources names: the files that link to them,
 * or the trace that opened them.
 *
 *     struct linkage linkage;
 *     linkage_find(keep, &input, &linkage);
 *     …
 *     linkage_finish(&linkage);
 */
#ifndef XSMALL_KEEP_LINKAGE_H
#define XSMALL_KEEP_LINKAGE_H

#include "keep/keep.h"

/* Whether the two can be compared: there is a trace, and the dependency kind elf is on. */
bool linkage_is_known(const struct keep_input *input);

struct linkage {
    uint32_t *unopened; /* owned; needed; a file links to it, the trace never opened it */
    size_t n_unopened;
    uint32_t *loaded; /* owned; needed; the trace opened it, no file links to it: dlopen(3) */
    size_t n_loaded;
};

/* Nodes ascending; both are empty if linkage_is_known is false. */
void linkage_find(const struct keep *keep, const struct keep_input *input, struct linkage *out);
void linkage_finish(struct linkage *linkage);

/* Whether the node is a shared library: an ELF file with DT_NEEDED or DT_SONAME and without an
 * interpreter. */
bool linkage_is_library(const struct tree *tree, uint32_t node);

#endif
