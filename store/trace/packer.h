/* SPDX-License-Identifier: MIT
 *
 * Blocks of a log's lines, packed by worker threads while the caller reads on.
 *
 *     struct packer *packer;
 *     packer_create(&packer, err);
 *     packer_put(packer, block);                        owned by the packer now; may wait
 *     while ((block = packer_take(packer, PACKER_NOW)))  packed ones, yours, in any order
 *         write and block_destroy(block);
 *     packer_destroy(packer);
 */
#ifndef XSMALL_TRACE_PACKER_H
#define XSMALL_TRACE_PACKER_H

#include "util/bytes.h"
#include "util/err.h"

struct block {
    struct block *next;    /* in a queue */
    uint32_t first_line;   /* in its log, from 1 */
    uint32_t n_lines;
    uint32_t n_bytes;      /* of text */
    struct buf text;       /* whole lines, each with its newline; empty once packed */
    uint32_t *calls;       /* one a line; owned; NULL once packed */
    size_t cap_calls;
    uint32_t n_pending;    /* calls that are not known yet */
    struct buf packed_text, packed_calls; /* zstd frames */
    bool failed;           /* the packing did */
};

struct packer;

enum packer_wait { PACKER_NOW, PACKER_WAIT };

bool packer_create(struct packer **out, struct err *err);
void packer_destroy(struct packer *packer); /* with all that it holds; NULL is allowed */
void packer_put(struct packer *packer, struct block *block);
/* A packed block; NULL: none is ready, or with PACKER_WAIT, none is on the way. */
struct block *packer_take(struct packer *packer, enum packer_wait wait);
/* Packs the text here and now, for a block that has to be kept for long. */
void packer_shrink(struct packer *packer, struct block *block);

struct block *block_create(uint32_t first_line);
void block_destroy(struct block *block); /* NULL is allowed */

#endif
