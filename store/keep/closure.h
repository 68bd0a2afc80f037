/* SPDX-License-Identifier: MIT
 *
 * The set of needed nodes while it is computed: the seeds of the reasons in needs/needs.h, then
 * their dependencies, each node once and with the first reason found. Private to store/keep.
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
    struct verdict *verdicts;       /* borrowed; the marks are already set */
    const uint32_t *real;           /* borrowed; by path of the accesses, as in struct keep */
    uint32_t *queue;                /* owned; nodes in the order in which they became needed */
    uint32_t n_queue, head;         /* nodes before head are processed */
    bool is_on[N_REASONS];          /* in the order of needs.h, like states */
    void *states[N_REASONS];        /* owned; memory of a reason; NULL: not used */
    struct buf path_dirs;           /* directories of the image's PATH, separated by ':' */
    struct keep_link *links;        /* owned; the libraries found */
    size_t n_links, cap_links;
    struct arena arena; /* paths of the links */
};

void closure_init(struct closure *closure, const struct keep_input *input,
                  struct verdict *verdicts);
void closure_finish(struct closure *closure);
/* Adds the seeds, then follows all enabled dependency kinds until no node is added. Returns false
 * if cancelled or if a log cannot be read. */
bool closure_run(struct closure *closure, struct err *err);

/* The two parts of an extension of a set of needed nodes that is complete: closure_prepare fills
 * the states of the dependency kinds and adds no node; closure_follow, after calls of closure_need,
 * adds the dependencies of the new nodes. The queue then contains the added nodes. */
bool closure_prepare(struct closure *closure, struct err *err);
bool closure_follow(struct closure *closure, struct err *err);

bool closure_is_on(const struct closure *closure, const struct reason *reason);
/* Returns whether there are matching lines, of a log or of the tree. */
bool closure_has_evidence(const struct closure *closure);

/* Makes a node needed, unless it already is or a drop mark applies to it. */
void closure_need(struct closure *closure, uint32_t node, const struct reason *reason,
                  uint32_t from);
/* Makes needed the regular file at an absolute path and the symlinks in that path. Returns the
 * file, also if it was already needed; NODE_NONE if no such file exists. */
uint32_t closure_need_file(struct closure *closure, struct bytes path, const struct reason *reason,
                           uint32_t from);
/* Makes needed the symlinks that the resolution of a needed node went through, and the directories
 * that it left through "..". */
void closure_need_links(struct closure *closure, const struct tree_walk *walk, uint32_t end);
/* Makes needed the executable that a command word names: a path if it contains a slash (relative to
 * cwd; n 0: the root), else the first match in PATH. */
void closure_need_command(struct closure *closure, struct bytes word, struct bytes cwd,
                          const struct reason *reason, uint32_t from);

/* Fills n_kept, the byte sums and the rollups. base_of: the result of tree_compare_map; NULL
 * without a base. */
void sums_fill(struct keep *keep, const struct keep_input *input, const uint32_t *base_of);

#endif
