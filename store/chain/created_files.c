/* SPDX-License-Identifier: MIT */
#include "chain/created_files.h"
#include "chain/access_route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Flags of an accessed path in one run. */
enum { ABSENT = 1 /* when the run began */, CREATED = 2, USED = 4, UNKNOWN = 8 };

struct making {
    const struct accesses *accesses;
    uint8_t *is_new;    /* by access type: the call fails if the path exists */
    uint8_t *flags;     /* by path as the program passed it */
    uint32_t *absent;   /* by path: index + 1 of the last log so far that found it absent */
    uint8_t *made;      /* by path: a run created it */
    uint8_t *was_there; /* by path: a run used it and did not create it */
};

static bool is_exclusive(const struct access_type *way)
{
    static const char *const calls[] = {"mkdir",     "mkdirat", "mknod",  "mknodat", "symlink",
                                        "symlinkat", "link",    "linkat", "bind"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (way->call && way->kind == ACCESS_CREATED && !strcmp(way->call, calls[i]))
            return true;
    return false;
}

static void take(struct making *making, const struct access_row *row, uint32_t log)
{
    const struct access_type *way = row->type;
    uint8_t *flags = &making->flags[row->path];
    if (way->other_root || !making->accesses->paths[row->path].known)
        return;
    bool found_absent = way->error == ENOENT;
    if (way->error == 0) {
        *flags |= way->kind == ACCESS_CREATED ? CREATED : USED;
        found_absent = making->is_new[way - making->accesses->types];
    }
    if (found_absent) {
        *flags |= ABSENT;
        making->absent[row->path] = log + 1;
    }
    bool removes = way->kind == ACCESS_REMOVED || way->kind == ACCESS_RENAMED;
    if (way->error == 0 && removes && making->absent[row->path] != log + 1)
        *flags |= UNKNOWN;
}

static void take_run(struct making *making, const struct corpus *corpus, int64_t run)
{
    const struct accesses *accesses = making->accesses;
    memset(making->flags, 0, accesses->n_paths);
    for (uint32_t log = 0; log < corpus->n_logs; log++) {
        if (corpus->logs[log].run != run)
            continue;
        for (size_t i = accesses->first_of_log[log]; i < accesses->first_of_log[log + 1]; i++) {
            struct access_row row = access_at(accesses, i);
            take(making, &row, log);
        }
    }
    for (size_t i = 0; i < accesses->n_paths; i++) {
        uint8_t flags = making->flags[i];
        if ((flags & (ABSENT | CREATED | UNKNOWN)) == (ABSENT | CREATED))
            making->made[i] = 1;
        else if (flags & (CREATED | USED))
            making->was_there[i] = 1;
    }
}

static bool is_first_of_run(const struct corpus *corpus, uint32_t log)
{
    for (uint32_t i = 0; i < log; i++)
        if (corpus->logs[i].run == corpus->logs[log].run)
            return false;
    return true;
}

/* Converts the results from paths to nodes, and adds all nodes below them. */
static uint8_t *nodes_of(const struct making *making, const struct tree *subject)
{
    uint8_t *out = mem_zero(subject->n, 1);
    struct tree_walk walk;
    for (int was_there = 0; was_there < 2; was_there++)
        for (size_t i = 0; i < making->accesses->n_paths; i++) {
            if (!(was_there ? making->was_there : making->made)[i])
                continue;
            uint32_t node = access_resolve(subject, &making->accesses->paths[i],
                                           was_there ? TREE_FOLLOW : TREE_NOFOLLOW, &walk);
            if (node != NODE_NONE && node != NODE_ROOT && subject->nodes[node].kind != NODE_LINK)
                out[node] = !was_there;
        }
    for (uint32_t node = 1; node < subject->n; node++)
        out[node] |= out[subject->nodes[node].parent] || subject->nodes[node].kind == NODE_SOCKET;
    return out;
}

uint8_t *created_files_find(const struct corpus *corpus, const struct accesses *accesses,
                            const struct tree *subject)
{
    struct making making = {
        .accesses = accesses,
        .is_new = mem_zero(accesses->n_types + 1, 1),
        .flags = mem_zero(accesses->n_paths + 1, 1),
        .absent = mem_zero(accesses->n_paths + 1, sizeof *making.absent),
        .made = mem_zero(accesses->n_paths + 1, 1),
        .was_there = mem_zero(accesses->n_paths + 1, 1),
    };
    for (size_t i = 0; i < accesses->n_types; i++)
        making.is_new[i] = is_exclusive(&accesses->types[i]);
    for (uint32_t log = 0; log < corpus->n_logs; log++)
        if (is_first_of_run(corpus, log))
            take_run(&making, corpus, corpus->logs[log].run);
    uint8_t *out = nodes_of(&making, subject);
    free(making.is_new);
    free(making.flags);
    free(making.absent);
    free(making.made);
    free(making.was_there);
    return out;
}
