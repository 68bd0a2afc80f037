/* SPDX-License-Identifier: MIT
 *
 * One log into the session: its lines in packed blocks, its accesses, its problems.
 *
 *     log_writer_begin(&w, db, packer, &row, err);         inside a write transaction
 *     log_writer_chunk(&w, &tracker, chunk, true, err);    outside of one, as often as need be
 *     log_writer_end(&w, &tracker, &file, err);
 *     log_writer_reset(&w);                                in any case
 *
 * A block waits while a call in it waits for its second half: the number that stands beside the
 * first half's line is known only then.
 */
#ifndef XSMALL_TRACE_LOG_WRITER_H
#define XSMALL_TRACE_LOG_WRITER_H

#include "db/db.h"
#include "trace/log_file.h"
#include "trace/packer.h"
#include "trace/track.h"

enum {
    WRITER_BATCH = 16,   /* packed blocks that are written in one transaction */
    WRITER_RAW_MAX = 16  /* waiting blocks that are kept unpacked */
};

struct log_row {
    int64_t run, position, load;
    struct bytes name, source; /* borrowed */
};

struct log_writer {
    struct db *db;         /* borrowed, as the packer */
    struct packer *packer;
    struct log_row row;
    int64_t log;           /* 0: nothing is stored */
    uint32_t n_lines;
    bool cut;
    struct block *current; /* whose lines are being read; owned, as the next two */
    struct block **waiting; /* by first line */
    size_t n_waiting, cap_waiting;
    struct block *ready[WRITER_BATCH];
    size_t n_ready;
};

void log_writer_init(struct log_writer *w);
void log_writer_finish(struct log_writer *w);
bool log_writer_begin(struct log_writer *w, struct db *db, struct packer *packer,
                      const struct log_row *row, struct err *err);
/* Hands whole lines to the tracker, and where stored, to the session. */
bool log_writer_chunk(struct log_writer *w, struct tracker *t, struct bytes chunk, bool stored,
                      struct err *err);
bool log_writer_end(struct log_writer *w, struct tracker *t, const struct log_file *file,
                    struct err *err);
/* Drops what is not written, for the next log. */
void log_writer_reset(struct log_writer *w);
/* The tracker's settle. */
void log_writer_settle(void *writer, uint32_t line, uint32_t seq);

#endif
