/* SPDX-License-Identifier: MIT
 *
 * Reads the text of the corpus, block by block. The last few blocks used for single lines stay
 * decompressed, so that a screen can scroll without decompressing again. A scan uses one buffer.
 */
#include "trace/log/corpus.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { KEPT_BLOCKS = 4 };

struct kept {
    uint32_t block;
    bool filled;
    uint64_t used; /* time of the last use, counted in calls */
    struct buf text;
    uint32_t *starts; /* offsets of its lines, then its length; owned */
};

struct corpus_reader {
    struct db *db; /* owned */
    const struct corpus *corpus;
    ZSTD_DCtx *zstd;
    struct buf text, calls;
    uint32_t *numbers; /* numbers of calls, in native byte order; owned */
    struct kept kept[KEPT_BLOCKS];
    uint64_t n_calls;
};

bool corpus_reader_create(struct db *db, const struct corpus *corpus, struct corpus_reader **out,
                          struct err *err)
{
    struct corpus_reader *reader = mem_zero(1, sizeof *reader);
    reader->corpus = corpus;
    reader->zstd = ZSTD_createDCtx();
    bool ok = reader->zstd || err_set(err, "%s: no memory for unpacking", db_path(db));
    if (!ok || !db_open(db_path(db), DB_READ, &reader->db, err)) {
        corpus_reader_destroy(reader);
        return false;
    }
    *out = reader;
    return true;
}

void corpus_reader_destroy(struct corpus_reader *reader)
{
    if (!reader)
        return;
    db_close(reader->db);
    ZSTD_freeDCtx(reader->zstd);
    buf_finish(&reader->text);
    buf_finish(&reader->calls);
    free(reader->numbers);
    for (size_t i = 0; i < KEPT_BLOCKS; i++) {
        buf_finish(&reader->kept[i].text);
        free(reader->kept[i].starts);
    }
    free(reader);
}

static bool damaged(struct corpus_reader *reader, uint32_t block, struct err *err)
{
    const struct corpus *corpus = reader->corpus;
    struct bytes name = corpus->logs[corpus->blocks[block].log].name;
    return err_set(err, "%s: the text of %.*s is damaged; load the log again", db_path(reader->db),
                   (int)name.n, name.p);
}

static const char TEXT[] = "SELECT text FROM block WHERE log = :log AND first_line = :first_line";
static const char CALLS[] = "SELECT calls FROM block WHERE log = :log AND first_line = :first_line";

/* Decompresses one column of a block into out; the result must have exactly n_bytes. */
static bool unpack(struct corpus_reader *reader, uint32_t block, const char *sql, size_t n_bytes,
                   struct buf *out, struct err *err)
{
    const struct corpus *corpus = reader->corpus;
    const struct corpus_block *at = &corpus->blocks[block];
    const struct corpus_log *log = &corpus->logs[at->log];
    struct stmt *q = db_query(reader->db, sql, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log->id);
    stmt_bind_int(q, ":first_line", at->first_line - log->first_line + 1);
    enum step step = stmt_step(q, err);
    if (step == STEP_ERR)
        return false;
    bool ok = step == STEP_ROW;
    struct bytes packed = ok ? stmt_bytes(q, 0) : (struct bytes){0};
    ok = ok && packed.n && ZSTD_getFrameContentSize(packed.p, packed.n) == n_bytes;
    buf_clear(out);
    if (ok) {
        buf_reserve(out, n_bytes);
        out->n = ZSTD_decompressDCtx(reader->zstd, out->p, n_bytes, packed.p, packed.n);
        ok = !ZSTD_isError(out->n) && out->n == n_bytes;
        out->n = ok ? n_bytes : 0;
    }
    stmt_reset(q);
    return ok || damaged(reader, block, err);
}

/* Returns true if the text has exactly n_lines lines, each with its newline. */
static bool has_lines(struct bytes text, uint32_t n_lines)
{
    uint32_t n = 0;
    bool ends = text.n && text.p[text.n - 1] == '\n';
    for (struct bytes rest = text; rest.n; n++)
        rest = bytes_skip(rest, bytes_index(rest, '\n') + 1);
    return ends && n == n_lines;
}

static bool unpack_text(struct corpus_reader *reader, uint32_t block, struct buf *out,
                        struct err *err)
{
    const struct corpus_block *at = &reader->corpus->blocks[block];
    if (!unpack(reader, block, TEXT, at->n_bytes, out, err))
        return false;
    return has_lines(buf_bytes(out), at->n_lines) || damaged(reader, block, err);
}

bool corpus_block_text(struct corpus_reader *reader, uint32_t block, struct bytes *out,
                       struct err *err)
{
    if (!unpack_text(reader, block, &reader->text, err))
        return false;
    *out = buf_bytes(&reader->text);
    return true;
}

bool corpus_block_calls(struct corpus_reader *reader, uint32_t block, const uint32_t **out,
                        struct err *err)
{
    uint32_t n = reader->corpus->blocks[block].n_lines;
    if (!unpack(reader, block, CALLS, (size_t)n * sizeof **out, &reader->calls, err))
        return false;
    reader->numbers = mem_array(reader->numbers, n, sizeof *reader->numbers);
    memcpy(reader->numbers, reader->calls.p, n * sizeof *reader->numbers);
    for (uint32_t i = 0; i < n; i++)
        reader->numbers[i] = le32toh(reader->numbers[i]);
    *out = reader->numbers;
    return true;
}

/* Returns the decompressed block. If it is not cached, replaces the least recently used block. */
static struct kept *keep_block(struct corpus_reader *reader, uint32_t block, struct err *err)
{
    struct kept *oldest = &reader->kept[0];
    for (size_t i = 0; i < KEPT_BLOCKS; i++) {
        struct kept *kept = &reader->kept[i];
        if (kept->filled && kept->block == block) {
            kept->used = ++reader->n_calls;
            return kept;
        }
        if (kept->used < oldest->used)
            oldest = kept;
    }
    oldest->filled = false;
    if (!unpack_text(reader, block, &oldest->text, err))
        return NULL;
    uint32_t n = reader->corpus->blocks[block].n_lines;
    struct bytes rest = buf_bytes(&oldest->text);
    oldest->starts = mem_array(oldest->starts, (size_t)n + 1, sizeof *oldest->starts);
    for (uint32_t i = 0; i <= n; i++) {
        oldest->starts[i] = (uint32_t)(oldest->text.n - rest.n);
        rest = bytes_skip(rest, bytes_index(rest, '\n') + 1);
    }
    oldest->block = block;
    oldest->filled = true;
    oldest->used = ++reader->n_calls;
    return oldest;
}

bool corpus_line(struct corpus_reader *reader, uint32_t line, struct bytes *out, struct err *err)
{
    uint32_t block = corpus_block_of(reader->corpus, line);
    struct kept *kept = keep_block(reader, block, err);
    if (!kept)
        return false;
    uint32_t at = line - reader->corpus->blocks[block].first_line;
    uint32_t from = kept->starts[at];
    *out = bytes_from(kept->text.p + from, kept->starts[at + 1] - from - 1);
    return true;
}
