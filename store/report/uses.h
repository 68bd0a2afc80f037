/* SPDX-License-Identifier: MIT
 *
 * Counts which accesses belong to surviving lines, and filters accesses. These functions can run on
 * any thread: all data is in the input and must not change during a call.
 *
 *     struct uses uses = {0};
 *     if (!uses_count(&input, &uses, err)) …
 *     uses.times[row] > 0 && uses_pass(&input, &filter, row)
 *     uses_finish(&uses);
 */
#ifndef XSMALL_REPORT_USES_H
#define XSMALL_REPORT_USES_H

#include "chain/chain.h"
#include "chain/line_paths.h"
#include "trace/access.h"

struct pivot_input {
    const struct corpus *corpus;
    const struct accesses *accesses;
    const struct line_paths *line_paths;
    const struct tree *subject;        /* resolves paths; NULL: no subject image */
    struct corpus_reader *reader;      /* used by this thread only */
    struct db *db;                     /* used by this thread only */
    const roaring_bitmap_t *survivors; /* surviving lines; NULL: no line survives */
    const uint32_t *logs;              /* selected logs in the order of output; indices in corpus */
    size_t n_logs;
    const atomic_bool *cancel; /* NULL: cannot be cancelled */
};

struct uses {
    uint32_t *times; /* by access: number of its calls that have a surviving line; owned */
    uint32_t *lines; /* by access: first surviving line, or UINT32_MAX; owned */
};
bool uses_count(const struct pivot_input *input, struct uses *out, struct err *err);
void uses_finish(struct uses *uses);

enum pivot_outcome { PIVOT_ANY, PIVOT_SUCCEEDED, PIVOT_FAILED, N_OUTCOMES };

#define PIVOT_ALL UINT32_MAX

struct pivot_filter {
    enum pivot_outcome outcome;
    struct bytes call; /* n 0: any; borrowed */
    uint32_t kind;     /* enum access_kind; PIVOT_ALL: any */
    uint32_t process;  /* index in accesses.processes; PIVOT_ALL: any */
    struct bytes path; /* n 0: any; else this path and all paths below it, as written or as
                          resolved; borrowed */
    uint32_t node;     /* node of path in the subject image, or NODE_NONE */
};
extern const struct pivot_filter pivot_no_filter;
bool pivot_is_filter(const struct pivot_filter *filter); /* false: all accesses pass */
bool uses_pass(const struct pivot_input *input, const struct pivot_filter *filter, size_t row);

/* Calls visit for each surviving line of a log whose call passes. number is the position among the
 * surviving lines of the log; row is the access of the call, or the first of its two accesses. */
bool uses_walk(const struct pivot_input *input, uint32_t log,
               void (*visit)(void *with, uint32_t line, uint64_t number, size_t row), void *with,
               struct err *err);

#endif
