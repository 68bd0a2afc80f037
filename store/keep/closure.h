/* SPDX-License-Identifier: MIT
 *
 * The set of needed nodes while it grows: seeds, then all that they drag in, each once, with the
 * first cause that was found. What store/keep's files share; nobody else includes it.
 *
 *     struct closure closure;
 *     closure_init(&closure, input, verdicts);
 *     closure_need(&closure, node, REASON_TRACED, NODE_NONE);
 *     closure_run(&closure);
 *     closure_finish(&closure);
 */
#ifndef XSMALL_KEEP_CLOSURE_H
#define XSMALL_KEEP_CLOSURE_H

#include "keep/keep.h"
#include "util/map.h"

struct closure {
    const struct keep_input *input; /* borrowed */
    const struct tree *tree;        /* the subject; borrowed */
    struct verdict *verdicts;       /* borrowed; marks are set */
    uint32_t *queue;                /* owned; nodes in the order in which they became needed */
    uint32_t n_queue, head;         /* those before head are closed over */
    unsigned off;                   /* kinds of needs that are switched off, a bit each */
    uint32_t *next_peer;            /* owned; by node: the next name of its hard link, in a ring */
    uint8_t *packages;              /* owned; by node: entries of site-packages looked at */
    struct map libraries;           /* looked for in library_dirs already */
    struct buf library_dirs[2];     /* glibc's own directories, musl's; ':' between them */
    int only_musl;                  /* a file that does not tell is musl's; -1: not looked at yet */
    struct buf path_dirs;           /* PATH of the image, ':' between them */
    struct keep_link *links;        /* owned; libraries that were found, by their users */
    size_t n_links, cap_links;
    struct arena arena; /* of their paths */
    struct buf scratch; /* the path that is being made */
};

void closure_init(struct closure *closure, const struct keep_input *input,
                  struct verdict *verdicts);
void closure_finish(struct closure *closure);

/* Makes a node needed, unless it is already or a drop mark holds there. */
void closure_need(struct closure *closure, uint32_t node, enum reason reason, uint32_t from);
/* Makes needed the regular file at an absolute path, and the links on the way to it. False where
 * there is none. */
bool closure_need_file(struct closure *closure, struct bytes path, enum reason reason,
                       uint32_t from);
/* The links that a resolution went through, as needed for its end. */
void closure_need_hops(struct closure *closure, const struct tree_walk *walk);
/* The executable that a word means: as a path if it has a slash (relative to cwd, n 0: the root),
 * else along PATH. False where there is none. */
bool closure_need_command(struct closure *closure, struct bytes word, struct bytes cwd,
                          enum reason reason, uint32_t from);
bool closure_is_on(const struct closure *closure, enum closure_kind kind);
/* Closes over all kinds of needs that are on until nothing is added. False: cancelled. */
bool closure_run(struct closure *closure);

/* The seeds. What the surviving accesses used; fills access, line, n_used, and `real`, where each
 * asked path ends (accesses->n_paths places). */
bool evidence_seed(struct closure *closure, uint32_t *real, struct err *err);
enum {
    NO_LINE = UINT32_MAX,
    NOT_YET = UINT32_MAX - 1 /* a node that nobody wanted to know yet */
};
/* Notes in by_row (accesses->n places, NO_LINE at first) the first of `lines` that each row, or its
 * mate, has. False: cancelled, or the calls cannot be read. */
bool evidence_rows(const struct keep_input *input, const roaring_bitmap_t *lines, uint32_t *by_row,
                   struct err *err);
/* Whether a surviving line of the row makes a candidate of where it ended. */
bool evidence_counts(const struct accesses *accesses, size_t row);
/* Sets used[node] for each node where a successful access of the evidence ended, whatever the chain
 * hides of it; used has a place a node. */
void evidence_used(const struct keep_input *input, const struct keep *keep, uint8_t *used);
uint32_t *evidence_filled(size_t n, uint32_t value); /* yours: free */
/* What ENTRYPOINT, CMD, HEALTHCHECK, WORKDIR and USER name. */
void config_seed(struct closure *closure);

/* Where the loader of a C library looks for libraries of its own; borrowed, ':' between them. */
struct bytes ld_so_dirs(struct closure *closure, bool musl);
/* Whether a file is of musl: by its interpreter or its C library, or those of its users; else by
 * whether the image has musl's loader. */
bool ld_so_is_musl(struct closure *closure, uint32_t node);
/* What $PLATFORM can be for a NEED_MACHINE; returns how many. */
size_t ld_so_platforms(struct bytes machine, const char *out[4]);
/* Adds the libraries and interpreters that a needed file asks for. */
void library_needs(struct closure *closure, uint32_t node);
/* Adds what belongs to a needed file of Python. */
void python_needs(struct closure *closure, uint32_t node);

/* Fills n_kept, the byte sums and the rollups. base_of as compare_map gives it; NULL without base.
 */
void sums_fill(struct keep *keep, const struct keep_input *input, const uint32_t *base_of);

bool closure_is_cancelled(const struct keep_input *input);

#endif
