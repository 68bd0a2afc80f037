/* SPDX-License-Identifier: MIT
 *
 * Which accesses the surviving lines are of, and a filter on them. Nothing here is of the screen's
 * thread: all that is needed is in the input, and immutable meanwhile.
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
    const struct tree *subject;        /* of places; NULL: none */
    struct corpus_reader *reader;      /* the thread's own */
    struct db *db;                     /* likewise */
    const roaring_bitmap_t *survivors; /* NULL: none */
    const uint32_t *logs;              /* the selected ones in order of output; indices in corpus */
    size_t n_logs;
    const atomic_bool *cancel; /* NULL: never */
};

struct uses {
    uint32_t *times; /* by access: its calls of which a line survives; owned */
    uint32_t *lines; /* by access: the first surviving line, UINT32_MAX: none; owned */
};
bool uses_count(const struct pivot_input *input, struct uses *out, struct err *err);
void uses_finish(struct uses *uses);

enum pivot_outcome { PIVOT_ANY, PIVOT_SUCCEEDED, PIVOT_FAILED, N_OUTCOMES };

#define PIVOT_ALL UINT32_MAX

struct pivot_filter {
    enum pivot_outcome outcome;
    struct bytes call; /* n 0: any; borrowed */
    uint32_t kind;     /* enum access_kind, PIVOT_ALL: any */
    uint32_t process;  /* in accesses.processes, PIVOT_ALL: any */
    struct bytes path; /* n 0: any; else it and all below, by name or by where it ends; borrowed */
    uint32_t node;     /* of path in the subject, NODE_NONE: it is not there */
};
extern const struct pivot_filter pivot_no_filter;
bool pivot_is_filter(const struct pivot_filter *filter); /* false: everything passes */
bool uses_pass(const struct pivot_input *input, const struct pivot_filter *filter, size_t row);

/* The surviving lines of a log whose call passes, as numbers among the log's survivors, to visit.
 * row: of the call's access, the first of two. */
bool uses_walk(const struct pivot_input *input, uint32_t log,
               void (*visit)(void *with, uint32_t line, uint64_t number, size_t row), void *with,
               struct err *err);

#endif
