/* SPDX-License-Identifier: MIT
 *
 * Passes data from the thread that follows the logs to the thread that writes the session. Blocks
 * of lines are compressed by worker threads on the way; the accesses of a log are passed in parts.
 *
 *     follower: packer_put(packer, block);               owned by the packer now; may wait
 *               packer_pass(packer, part_of_log);        the same, not packed
 *               packer_close(packer);
 *     writer:   while ((block = packer_take(packer)))    waits; NULL: closed, and no block is left
 *                   write and block_destroy(block);
 *
 * Parts are returned in the order in which they were passed. Blocks are returned in any order,
 * before or after the last part of their log.
 */
#ifndef XSMALL_TRACE_LOG_PACKER_H
#define XSMALL_TRACE_LOG_PACKER_H

#include "trace/log/log_traits.h"
#include "trace/log/log_file.h"
#include "trace/log/access_rows.h"

/* A process with at least one line in the log. */
struct part_process {
    uint32_t number; /* number among the processes of its trace */
    int32_t pid, parent;
    uint32_t first_line;
    size_t program, argv; /* in part.texts */
    size_t n_program, n_argv;
};

/* Accesses of a log that no further line changes. The last part also has the values that are known
 * only at the end of the log. */
struct log_part {
    struct access_rows_part rows;
    struct buf paths; /* the paths that are new since the previous part, one after the other, each
                         followed by its route if it has one */
    struct path_table_item *items; /* one for each new path, in order; owned */
    size_t n_items;

    bool last;
    struct part_process *processes; /* owned */
    size_t n_processes;
    struct buf texts;
    uint64_t *problems;      /* by enum log_problem; owned */
    uint32_t *problem_lines; /* line of the first occurrence; owned */
    struct log_traits traits;
    uint64_t n_bytes;
    uint32_t n_lines;
    uint8_t hash[LOG_HASH_BYTES];
    bool cut;
};

struct block {
    struct block *next;  /* in a queue */
    size_t log;          /* index of the log in the writer */
    uint32_t first_line; /* in its log, from 1 */
    uint32_t n_lines;
    uint32_t n_bytes; /* bytes of text */
    struct buf text;  /* whole lines, each with its newline; empty once packed */
    uint32_t *calls;  /* one number for each line; owned; NULL once packed */
    size_t cap_calls;
    uint32_t n_pending;                   /* calls whose second half was not read yet */
    struct buf packed_text, packed_calls; /* zstd frames */
    bool failed;                          /* true if compression failed */
    struct log_part *part; /* owned; if not NULL, this is a part of a log, not a block */
};

struct packer;

bool packer_create(struct packer **out, struct err *err);
/* Also destroys the blocks in the queues. NULL is allowed. */
void packer_destroy(struct packer *packer);
void packer_put(struct packer *packer, struct block *block);
void packer_pass(struct packer *packer, struct block *block);
void packer_close(struct packer *packer);
struct block *packer_take(struct packer *packer);
/* Compresses the text at once, for a block that must be kept for long. Only the follower calls it.
 */
void packer_shrink(struct packer *packer, struct block *block);

struct block *block_create(size_t log, uint32_t first_line);
void block_destroy(struct block *block); /* NULL is allowed */

#endif
