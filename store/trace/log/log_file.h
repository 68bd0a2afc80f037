/* SPDX-License-Identifier: MIT
 *
 * A log file read in chunks of whole lines, and hashed on the way.
 *
 *     struct log_file file = {0};
 *     if (!log_file_open(&file, path, LOG_HASHED, err)) return false;
 *     while (log_file_next(&file, &chunk, err) && chunk.n) …
 *     log_file_close(&file);
 */
#ifndef XSMALL_TRACE_LOG_LOG_FILE_H
#define XSMALL_TRACE_LOG_LOG_FILE_H

#include "util/bytes.h"
#include "util/err.h"

enum {
    LOG_CHUNK_BYTES = 256 * 1024,          /* of whole lines; a longer line is a chunk alone */
    LOG_LINE_BYTES_MAX = 64 * 1024 * 1024, /* a longer line is refused */
    LOG_HASH_BYTES = 16
};

struct log_file {
    const char *path; /* borrowed */
    int fd;           /* -1: not open */
    struct buf text;  /* owned; bytes that are read and not yet given, from given on */
    size_t given;
    bool at_end;
    uint64_t n_bytes;          /* read so far */
    struct XXH3_state_s *hash; /* of those; owned; NULL: not hashed */
};

enum log_hashed { LOG_NOT_HASHED, LOG_HASHED };

/* Regular files only. */
bool log_file_open(struct log_file *file, const char *path, enum log_hashed hashed,
                   struct err *err);
/* Borrowed until the next call; n 0 at the end. Only the last chunk can lack its newline. */
bool log_file_next(struct log_file *file, struct bytes *chunk, struct err *err);
/* XXH3-128, canonical, of what was read so far. */
void log_file_hash(const struct log_file *file, uint8_t out[LOG_HASH_BYTES]);
void log_file_close(struct log_file *file); /* also after a failed open */

/* How a file compares with the size and hash that it had. */
enum log_change { LOG_SAME, LOG_GROWN, LOG_CHANGED };
bool log_file_compare(const char *path, uint64_t size, struct bytes hash, enum log_change *change,
                      struct err *err);

#endif
