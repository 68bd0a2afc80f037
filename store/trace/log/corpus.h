/* SPDX-License-Identifier: MIT
 *
 * The lines of all complete evidence logs, in load order, numbered from 0 over all of them.
 *
 * `struct corpus` is the index; it is immutable after reading and shared by threads. Each thread
 * reads text through its own `struct corpus_reader`, which decompresses blocks from the session
 * file.
 */
#ifndef XSMALL_TRACE_LOG_CORPUS_H
#define XSMALL_TRACE_LOG_CORPUS_H

#include "db/db.h"
#include "util/arena.h"

struct corpus_log {
    int64_t id, run;
    struct bytes name;   /* as grep would print it */
    uint32_t first_line; /* in the corpus */
    uint32_t n_lines;
    uint32_t first_block, n_blocks; /* in corpus.blocks */
    bool cut;                       /* its last line has no newline; grep adds one */
};

struct corpus_block {
    uint32_t log;        /* in corpus.logs */
    uint32_t first_line; /* in the corpus */
    uint32_t n_lines;
    uint32_t n_bytes;
};

struct corpus {
    struct corpus_log *logs;
    uint32_t n_logs;
    struct corpus_block *blocks;
    uint32_t n_blocks;
    uint32_t n_lines; /* at most UINT32_MAX - 1; a load beyond that limit fails */
    uint8_t key[16];  /* XXH3-128 over log ids, sizes and hashes: changes when the lines do */
    struct arena arena;
};

/* Reads the index; the caller frees *out with corpus_destroy. */
bool corpus_read(struct db *db, struct corpus **out, struct err *err);
void corpus_destroy(struct corpus *corpus);
uint32_t corpus_log_of(const struct corpus *corpus, uint32_t line);   /* index in logs */
uint32_t corpus_block_of(const struct corpus *corpus, uint32_t line); /* index in blocks */

struct corpus_reader;
/* Creates a reader with its own database connection. db is used only for its path. */
bool corpus_reader_create(struct db *db, const struct corpus *corpus, struct corpus_reader **out,
                          struct err *err);
void corpus_reader_destroy(struct corpus_reader *reader);
/* Returns the text of a block: whole lines, each with its newline (a newline is added if the last
 * line of a log has no newline). Borrowed until the next call on this reader. A damaged block is an
 * error that names the log. */
bool corpus_block_text(struct corpus_reader *reader, uint32_t block, struct bytes *out,
                       struct err *err);
/* Returns n_lines numbers: for each line, the access.seq of its call in its log, or 0 if the line
 * has no access. Borrowed until the next call on this reader. */
bool corpus_block_calls(struct corpus_reader *reader, uint32_t block, const uint32_t **out,
                        struct err *err);
/* Returns one line without its newline. The reader keeps a few decompressed blocks. Borrowed until
 * the next call. */
bool corpus_line(struct corpus_reader *reader, uint32_t line, struct bytes *out, struct err *err);

#endif
