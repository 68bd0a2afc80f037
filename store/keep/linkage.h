/* SPDX-License-Identifier: MIT
 *
 * Finds the libraries of the kept tree that are linked but never opened, or opened without being
 * linked.
 *
 *     struct linkage linkage;
 *     linkage_find(keep, &input, &linkage);
 *     …
 *     linkage_finish(&linkage);
 */
#ifndef XSMALL_KEEP_LINKAGE_H
#define XSMALL_KEEP_LINKAGE_H

#include "keep/keep.h"

/* Returns whether links and trace can be compared: a trace exists, and the dependency kind elf is
 * on. */
bool linkage_is_known(const struct keep_input *input);

struct linkage {
    uint32_t *unopened; /* owned; needed libraries: a file links to them, the trace has no open */
    size_t n_unopened;
    uint32_t *loaded; /* owned; needed libraries: opened, but no file links to them: dlopen(3) */
    size_t n_loaded;
};

/* Fills both lists, nodes ascending; empty if linkage_is_known returns false. */
void linkage_find(const struct keep *keep, const struct keep_input *input, struct linkage *out);
void linkage_finish(struct linkage *linkage);

/* Returns whether the node is a shared library: an ELF file with DT_NEEDED or DT_SONAME and without
 * an interpreter. */
bool linkage_is_library(const struct tree *tree, uint32_t node);

#endif
