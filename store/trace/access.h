/* SPDX-License-Identifier: MIT
 *
 * The accesses of the evidence in memory, immutable after reading.
 */
#ifndef XSMALL_TRACE_ACCESS_H
#define XSMALL_TRACE_ACCESS_H

#include "trace/log/corpus.h"
#include "trace/strace/access_kind.h"
#include "util/bit_pack.h"

/* How a path was used: one of a few combinations. */
struct access_type {
    const char *call; /* "openat", in the arena */
    int32_t error;    /* 0 success, -1 unknown, else errno */
    uint8_t kind;     /* enum access_kind */
    bool nofollow, other_root;
    bool pair; /* the next row is the second path of the same call */
};

/* A process with at least one line in the log. */
struct access_process {
    uint32_t log;    /* in corpus.logs */
    uint32_t number; /* number in table process */
    int32_t pid;
};

struct access_row {
    const struct access_type *type;
    uint32_t path;       /* in accesses.paths */
    uint32_t process;    /* in accesses.processes */
    uint32_t first_line; /* in its log, from 1 */
    uint32_t n;
};

struct access_path {
    struct bytes path;
    struct bytes route; /* the way as the kernel walks it (share/schema.sql, asked); often = path */
    int64_t id;         /* id in table asked */
    bool known;         /* false: relative to an unknown directory */
};

/* There are about as many rows as lines, so they are stored bit-packed; access_at unpacks one row.
 */
struct accesses {
    size_t n;             /* rows; those of a log are consecutive */
    size_t *first_of_log; /* n_logs + 1 indices of rows: the row of (log, seq) is first_of_log[log]
                             + seq - 1 */
    struct access_block {
        struct bit_packed type, path, process, first_line, n;
    } * blocks; /* of BIT_PACK_N rows each */
    struct access_path *paths;
    size_t n_paths;
    struct access_type *types; /* by id of table way; call NULL: the id is not used */
    size_t n_types;
    struct access_process *processes;
    size_t n_processes;
    struct arena arena;
};

bool accesses_read(struct db *db, const struct corpus *corpus, struct accesses **out,
                   struct err *err);
void accesses_destroy(struct accesses *accesses);
struct access_row access_at(const struct accesses *accesses, size_t index);         /* below n */
uint32_t access_log(const struct accesses *accesses, const struct access_row *row); /* its index */

#endif
