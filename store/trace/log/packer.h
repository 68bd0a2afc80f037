/* SPDX-License-Identifier: MIT
 *
 * What the thread that follows the logs hands to the one that writes the session: blocks of lines,
 * which worker threads pack on the way, and what became of their calls, in parts.
 *
 *     follower: packer_put(packer, block);               owned by the packer now; may wait
 *               packer_pass(packer, part_of_log);        the same, not packed
 *               packer_close(packer);
 *     writer:   while ((block = packer_take(packer)))    waits; NULL: closed, and all is taken
 *                   write and block_destroy(block);
 *
 * Parts come out in the order in which they went in; blocks in any order, and before or after the
 * last part of their log.
 */
#ifndef XSMALL_TRACE_LOG_PACKER_H
#define XSMALL_TRACE_LOG_PACKER_H

#include "trace/log/log_traits.h"
#include "trace/log/log_file.h"
#include "trace/log/access_rows.h"

/* A process that a log has lines of. */
struct part_process {
    uint32_t number; /* among those of its trace */
    int32_t pid, parent;
    uint32_t first_line;
    size_t program, argv; /* in part.texts */
    size_t n_program, n_argv;
};

/* Accesses of a log that no further line changes. The last part is its end: what is known only
 * then. */
struct log_part {
    struct access_rows_part rows;
    struct buf paths; /* the paths that came up since the part before, one after the other */
    struct path_table_item *items; /* one each, their numbers on from the last part's; owned */
    size_t n_items;

    bool last;
    struct part_process *processes; /* owned */
    size_t n_processes;
    struct buf texts;
    uint64_t *problems;      /* by enum log_problem; owned */
    uint32_t *problem_lines; /* where each was met first; owned */
    struct log_traits traits;
    uint64_t n_bytes;
    uint32_t n_lines;
    uint8_t hash[LOG_HASH_BYTES];
    bool cut;
};

struct block {
    struct block *next;  /* in a queue */
    size_t log;          /* whose; an index of the writer's */
    uint32_t first_line; /* in its log, from 1 */
    uint32_t n_lines;
    uint32_t n_bytes; /* of text */
    struct buf text;  /* whole lines, each with its newline; empty once packed */
    uint32_t *calls;  /* one a line; owned; NULL once packed */
    size_t cap_calls;
    uint32_t n_pending;                   /* calls that are not known yet */
    struct buf packed_text, packed_calls; /* zstd frames */
    bool failed;                          /* the packing did */
    struct log_part *part;                /* owned; not NULL: this is no block but a log's part */
};

struct packer;

bool packer_create(struct packer **out, struct err *err);
void packer_destroy(struct packer *packer); /* with all that it holds; NULL is allowed */
void packer_put(struct packer *packer, struct block *block);
void packer_pass(struct packer *packer, struct block *block);
void packer_close(struct packer *packer);
struct block *packer_take(struct packer *packer);
/* Packs the text here and now, for a block that has to be kept for long. The follower's only. */
void packer_shrink(struct packer *packer, struct block *block);

struct block *block_create(size_t log, uint32_t first_line);
void block_destroy(struct block *block); /* NULL is allowed */

#endif
