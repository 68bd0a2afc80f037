/* SPDX-License-Identifier: MIT
 *
 * The surviving accesses grouped: by path, by process, by what was looked for in vain; and the
 * surviving lines that pass a filter.
 *
 *     struct pivot pivot = {.by = PIVOT_PATHS};
 *     if (!pivot_make(&input, &uses, &filter, &pivot, err)) …
 *     pivot.paths[0].times
 *     pivot_finish(&pivot);
 *
 * Only what strace's lines tell: a file that was opened a thousand times before a grep took these
 * lines was not opened.
 */
#ifndef XSMALL_REPORT_PIVOT_H
#define XSMALL_REPORT_PIVOT_H

#include "report/uses.h"
#include "util/arena.h"

enum pivot_by { PIVOT_LINES, PIVOT_PATHS, PIVOT_PROCESSES, PIVOT_SEARCHES, N_PIVOTS };

struct pivot_path {
    uint32_t asked; /* in accesses.paths */
    uint32_t node;  /* where it ends in the subject, or NODE_NONE */
    uint32_t times, failed;
    int32_t error;  /* of the first that failed; 0: none did */
    uint32_t kinds; /* 1 << enum access_kind of those that succeeded */
    uint32_t line;  /* the first */
};

struct pivot_process {
    uint32_t process;           /* in accesses.processes */
    uint32_t depth;             /* below those whose parents are not known */
    int32_t pid, parent;        /* 0: not known */
    struct bytes program, argv; /* in the arena; program n 0: no execve was seen */
    uint32_t n_files, n_failed; /* different paths: used, looked for in vain only */
    uint32_t times;
    uint32_t line; /* of the corpus: its first one that survives, UINT32_MAX: none does */
};

/* A name that was not there, wherever that was. */
struct pivot_search {
    struct bytes name; /* the last component; borrowed from the accesses */
    uint32_t first, n; /* in pivot.places, in the order in which they were tried */
    uint32_t times;    /* in vain */
    uint32_t found;    /* in accesses.paths: a path of that name that was there, else
                          UINT32_MAX */
};
struct pivot_place {
    uint32_t asked; /* in accesses.paths */
    uint32_t times, line;
    int32_t error;
};

struct pivot {
    enum pivot_by by; /* set by the caller */
    size_t n;         /* rows of what it is by */
    uint32_t *lines;  /* numbers among the chain's output, ascending; owned, like the others */
    struct pivot_path *paths;
    struct pivot_process *processes; /* parents before their children */
    struct pivot_search *searches;   /* found nowhere first, then what was tried in most places */
    struct pivot_place *places;
    struct arena arena;
};
/* uses: of the same input; not needed for lines. */
bool pivot_make(const struct pivot_input *input, const struct uses *uses,
                const struct pivot_filter *filter, struct pivot *pivot, struct err *err);
void pivot_finish(struct pivot *pivot);

enum pivot_sort { PIVOT_BY_TIMES, PIVOT_BY_PATH, PIVOT_BY_BYTES, N_PIVOT_SORTS };
/* tree: for the bytes; NULL is allowed. */
void pivot_sort_paths(struct pivot *pivot, enum pivot_sort sort, const struct accesses *accesses,
                      const struct tree *tree);

#endif
