/* SPDX-License-Identifier: MIT
 *
 * Reads a log file in chunks of whole lines, and hashes it at the same time.
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
    LOG_CHUNK_BYTES = 256 * 1024,          /* of whole lines; a longer line is its own chunk */
    LOG_LINE_BYTES_MAX = 64 * 1024 * 1024, /* a longer line is an error */
    LOG_HASH_BYTES = 16
};

struct log_file {
    const char *path; /* borrowed */
    int fd;           /* -1: not open */
    struct buf text;  /* owned; from offset `given` on: bytes that are read and not returned yet */
    size_t given;
    bool at_end;
    uint64_t n_bytes;          /* bytes read so far */
    struct XXH3_state_s *hash; /* of the bytes read so far; owned; NULL: not hashed */
};

enum log_hashed { LOG_NOT_HASHED, LOG_HASHED };

/* Opens a log file. Anything but a regular file is an error. */
bool log_file_open(struct log_file *file, const char *path, enum log_hashed hashed,
                   struct err *err);
/* Reads the next chunk; n is 0 at the end. Only the last chunk can lack its newline. Borrowed until
 * the next call. */
bool log_file_next(struct log_file *file, struct bytes *chunk, struct err *err);
/* Writes the canonical XXH3-128 hash of the bytes read so far. */
void log_file_hash(const struct log_file *file, uint8_t out[LOG_HASH_BYTES]);
void log_file_close(struct log_file *file); /* also after a failed open */

/* The difference between a file now and its size and hash at the last load. */
enum log_change { LOG_SAME, LOG_GROWN, LOG_CHANGED };
bool log_file_compare(const char *path, uint64_t size, struct bytes hash, enum log_change *change,
                      struct err *err);

#endif
