/* SPDX-License-Identifier: MIT
 *
 * Groups the accesses of surviving lines by path, by process, or by name of a failed look-up; or
 * lists the surviving lines that pass a filter.
 *
 *     struct pivot pivot = {.by = PIVOT_PATHS};
 *     if (!pivot_make(&input, &uses, &filter, &pivot, err)) …
 *     pivot.paths[0].times
 *     pivot_finish(&pivot);
 *
 * Only the lines in the log count: if a file was opened a thousand times, but grep removed these
 * lines before the log was loaded, the pivot has no access to the file.
 */
#ifndef XSMALL_REPORT_PIVOT_H
#define XSMALL_REPORT_PIVOT_H

#include "report/uses.h"
#include "util/arena.h"

enum pivot_by { PIVOT_LINES, PIVOT_PATHS, PIVOT_PROCESSES, PIVOT_SEARCHES, N_PIVOTS };

struct pivot_path {
    uint32_t asked; /* path as the program passed it; index in accesses.paths */
    uint32_t node;  /* the node of the subject image to which it resolves, or NODE_NONE */
    uint32_t times, failed;
    int32_t error;  /* errno of the first failed access; 0: no access failed */
    uint32_t kinds; /* bits 1 << enum access_kind of the successful accesses */
    uint32_t line;  /* first surviving line */
};

struct pivot_process {
    uint32_t process;           /* index in accesses.processes */
    uint32_t depth;             /* level in the process tree: number of known ancestors */
    int32_t pid, parent;        /* 0: unknown */
    struct bytes program, argv; /* in the arena; program has n 0 if the trace has no execve */
    uint32_t n_files, n_failed; /* distinct paths that were used; that only failed */
    uint32_t times;
    uint32_t line; /* its first surviving line in the corpus; UINT32_MAX: no surviving line */
};

/* A file name whose look-up failed, in any directory. */
struct pivot_search {
    struct bytes name; /* the last component; borrowed from the accesses */
    uint32_t first, n; /* its places: a range of pivot.places, in the order of the look-ups */
    uint32_t times;    /* failed look-ups */
    uint32_t found; /* index in accesses.paths of an existing path with this name, or UINT32_MAX */
};
struct pivot_place {
    uint32_t asked; /* path as the program passed it; index in accesses.paths */
    uint32_t times, line;
    int32_t error;
};

struct pivot {
    enum pivot_by by; /* set by the caller */
    size_t n;         /* number of rows of the array that `by` selects */
    uint32_t *lines;  /* positions in the chain's output, ascending; owned, as all arrays below */
    struct pivot_path *paths;
    struct pivot_process *processes; /* parents before their children */
    struct pivot_search *searches;   /* names found nowhere first, then by number of places */
    struct pivot_place *places;
    struct arena arena;
};
/* Fills the pivot. uses must be counted from the same input; it is not needed for PIVOT_LINES. */
bool pivot_make(const struct pivot_input *input, const struct uses *uses,
                const struct pivot_filter *filter, struct pivot *pivot, struct err *err);
void pivot_finish(struct pivot *pivot);

enum pivot_sort { PIVOT_BY_TIMES, PIVOT_BY_PATH, PIVOT_BY_BYTES, N_PIVOT_SORTS };
/* Sorts pivot->paths. tree is used for PIVOT_BY_BYTES; it may be NULL. */
void pivot_sort_paths(struct pivot *pivot, enum pivot_sort sort, const struct accesses *accesses,
                      const struct tree *tree);

#endif
