/* SPDX-License-Identifier: MIT
 *
 * Writes logs into the session: their rows, packed blocks, accesses and problems. It does not read
 * log files.
 *
 *     log_writer_read(&w, &paths, err);       first
 *     log_writer_begin(&w, i, &row, err);     for each log, inside a write transaction
 *     log_writer_put(&w, block, err);         for each block and part, outside a transaction
 *     log_writer_flush(&w, err);
 *     log_writer_finish(&w);                  always, also after an error
 */
#ifndef XSMALL_TRACE_LOG_LOG_WRITER_H
#define XSMALL_TRACE_LOG_LOG_WRITER_H

#include "db/db.h"
#include "trace/log/packer.h"
#include "trace/log/path_table.h"

enum { WRITER_BATCH = 16 /* number of blocks written in one transaction */ };

struct log_row {
    int64_t run, position, load;
    struct bytes name, source; /* borrowed; must outlive the writer */
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
    uint32_t *ids; /* ids of table asked by path number - 1; 0: no access needed the path yet */
    size_t n_ids, cap_ids;
    struct buf waiting; /* the text of the paths without an id, as in struct log_part */
    struct writer_path {
        size_t offset; /* offset in waiting */
        uint32_t n_bytes, n_route;
        uint32_t index; /* in ids */
        bool known;
    } * items; /* one for each waiting path; owned */
    size_t n_items, cap_items;
    struct map ways;       /* call, result and kind of accesses → id of table way */
    struct buf low, upper; /* buffers for one column of numbers */
};

/* Reads the paths that the session has. They must be the first paths of the followed logs. */
bool log_writer_read(struct log_writer *w, struct path_table *paths, struct err *err);
bool log_writer_begin(struct log_writer *w, size_t log, const struct log_row *row, struct err *err);
/* Writes a block or a part; the writer owns it from then on. */
bool log_writer_put(struct log_writer *w, struct block *block, struct err *err);
bool log_writer_flush(struct log_writer *w, struct err *err);
void log_writer_finish(struct log_writer *w);

#endif
