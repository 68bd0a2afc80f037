/* SPDX-License-Identifier: MIT
 *
 * Logs into the session: their rows, their packed blocks, their accesses and problems. Reads no
 * log.
 *
 *     log_writer_read(&w, &paths, err);     first
 *     log_writer_begin(&w, i, &row, err);         inside a write transaction, for each log
 *     log_writer_put(&w, block, err);             outside of one, for each block and each part
 *     log_writer_flush(&w, err);
 *     log_writer_finish(&w);                      in any case
 */
#ifndef XSMALL_TRACE_LOG_LOG_WRITER_H
#define XSMALL_TRACE_LOG_LOG_WRITER_H

#include "db/db.h"
#include "trace/log/packer.h"
#include "trace/log/path_table.h"

enum { WRITER_BATCH = 16 /* blocks that are written in one transaction */ };

struct log_row {
    int64_t run, position, load;
    struct bytes name, source; /* borrowed; they outlive the writer */
};

struct log_writer {
    struct db *db; /* borrowed; set by the caller */
    struct writer_log {
        int64_t id;
        struct log_row row;
    } * logs; /* by index; owned */
    size_t n_logs;
    struct block *batch[WRITER_BATCH]; /* owned */
    size_t n_batch;
    uint32_t *ids; /* by path number - 1: of table asked; 0: no access needed it yet */
    size_t n_ids, cap_ids;
    struct buf waiting; /* the paths without an id, one after the other */
    struct writer_path {
        size_t offset; /* in waiting */
        uint32_t n_bytes;
        uint32_t index; /* in ids */
        bool known;
    } * items; /* of each of these, by index; owned */
    size_t n_items, cap_items;
    struct map ways;       /* what is the same of accesses → id of table way */
    struct buf low, upper; /* of a column */
};

/* What the session has: its paths are to be the first ones of those that are followed. */
bool log_writer_read(struct log_writer *w, struct path_table *paths, struct err *err);
bool log_writer_begin(struct log_writer *w, size_t log, const struct log_row *row, struct err *err);
/* Takes the block over. */
bool log_writer_put(struct log_writer *w, struct block *block, struct err *err);
bool log_writer_flush(struct log_writer *w, struct err *err);
void log_writer_finish(struct log_writer *w);

#endif
