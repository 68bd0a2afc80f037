/* SPDX-License-Identifier: MIT
 *
 * The set of needed nodes while it grows: what the reasons of needs/needs.h seed, then everything
 * that depends on it, each node once, with the first reason that was found. Private to store/keep.
 *
 *     struct closure closure;
 *     closure_init(&closure, input, verdicts);
 *     bool ok = closure_run(&closure, err);
 *     closure_finish(&closure);
 */
#ifndef XSMALL_KEEP_CLOSURE_H
#define XSMALL_KEEP_CLOSURE_H

#include "keep/keep.h"

struct closure {
    const struct keep_input *input; /* borrowed */
    const struct tree *tree;        /* the subject; borrowed */
    struct verdict *verdicts;       /* borrowed; marks are set */
    const uint32_t *real;           /* borrowed; by path of the accesses, as in struct keep */
    uint32_t *queue;                /* owned; nodes in the order in which they became needed */
    uint32_t n_queue, head;         /* those before head are done */
    bool is_on[N_REASONS];          /* in the order of needs.h, like states */
    void *states[N_REASONS];        /* owned; a reason's own memory; NULL: it has none */
    struct buf path_dirs;           /* PATH of the image, ':' between them */
    struct keep_link *links;        /* owned; the libraries that were found */
    size_t n_links, cap_links;
    struct arena arena; /* of their paths */
};

void closure_init(struct closure *closure, const struct keep_input *input,
                  struct verdict *verdicts);
void closure_finish(struct closure *closure);
/* Seeds, then follows all dependency kinds that are on until nothing is added. False: cancelled, or
 * a log cannot be read. */
bool closure_run(struct closure *closure, struct err *err);

bool closure_is_on(const struct closure *closure, const struct reason *reason);
/* Whether there are surviving lines, of a log or of the tree. */
bool closure_has_evidence(const struct closure *closure);

/* Makes a node needed, unless it is already or a drop mark holds for it. */
void closure_need(struct closure *closure, uint32_t node, const struct reason *reason,
                  uint32_t from);
/* Makes needed the regular file at an absolute path, and the links on the way to it. Returns the
 * file, also if it was needed already; NODE_NONE: there is no such file. */
uint32_t closure_need_file(struct closure *closure, struct bytes path, const struct reason *reason,
                           uint32_t from);
/* Makes needed the links that a resolution went through on the way to a needed node, and the
 * directories that it left by "..". */
void closure_need_links(struct closure *closure, const struct tree_walk *walk, uint32_t end);
/* Makes needed the executable that a word means: a path if it has a slash (relative to cwd, n 0:
 * the root), else found along PATH. */
void closure_need_command(struct closure *closure, struct bytes word, struct bytes cwd,
                          const struct reason *reason, uint32_t from);

/* Fills n_kept, the byte sums and the rollups. base_of as tree_compare_map gives it; NULL without
 * base.
 */
void sums_fill(struct keep *keep, const struct keep_input *input, const uint32_t *base_of);

#endif
