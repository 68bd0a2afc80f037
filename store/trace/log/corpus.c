/* SPDX-License-Identifier: MIT
 *
 * The index of all evidence lines. A session can come from a stranger: the values of the tables are
 * checked here once, so that the readers can rely on them.
 */
#include "trace/log/corpus.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "trace/log/log_file.h"

/* State during corpus_read. */
struct reading {
    struct corpus *out;
    XXH3_state_t *key;
    size_t cap_logs, cap_blocks;
};

static const char LOGS[] =
    "SELECT log.id, log.run, log.name, log.n_lines, log.cut, log.size, log.hash "
    "FROM log JOIN run ON run.id = log.run WHERE log.complete = 1 AND run.role = 'evidence' "
    "ORDER BY log.position, log.id";
static const char BLOCKS[] =
    "SELECT first_line, n_lines, n_bytes FROM block WHERE log = :log ORDER BY first_line";

static bool damaged(struct db *db, const struct corpus_log *log, struct err *err)
{
    return err_set(err, "%s: the text of %.*s is damaged; load the log again", db_path(db),
                   (int)log->name.n, log->name.p);
}

/* Reads the blocks of the last log, which must cover its lines without a gap. */
static bool read_blocks(struct db *db, struct reading *r, struct err *err)
{
    struct corpus *out = r->out;
    uint32_t at = out->n_logs - 1;
    struct corpus_log *log = &out->logs[at];
    uint32_t line = 0;
    struct stmt *q = db_query(db, BLOCKS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log->id);
    log->first_block = out->n_blocks;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        int64_t n_lines = stmt_int(q, 1), n_bytes = stmt_int(q, 2);
        if (stmt_int(q, 0) != (int64_t)line + 1 || n_lines < 1 ||
            n_lines > (int64_t)log->n_lines - line || n_bytes < n_lines ||
            n_bytes > LOG_LINE_BYTES_MAX + 1) {
            stmt_reset(q);
            return damaged(db, log, err);
        }
        ARRAY_ROOM(out->blocks, out->n_blocks, r->cap_blocks);
        out->blocks[out->n_blocks++] =
            (struct corpus_block){at, log->first_line + line, (uint32_t)n_lines, (uint32_t)n_bytes};
        line += (uint32_t)n_lines;
        log->n_blocks++;
    }
    if (step == STEP_DONE && line != log->n_lines)
        return damaged(db, log, err);
    return step == STEP_DONE;
}

/* Adds the values that identify the lines of this log to the key. */
static void add_to_key(struct reading *r, struct stmt *q)
{
    int64_t numbers[] = {stmt_int(q, 0), stmt_int(q, 5), stmt_int(q, 3)};
    struct bytes hash = stmt_bytes(q, 6);
    XXH3_128bits_update(r->key, numbers, sizeof numbers);
    XXH3_128bits_update(r->key, hash.p ? hash.p : "", hash.n);
}

static bool read_logs(struct db *db, struct reading *r, struct err *err)
{
    struct corpus *out = r->out;
    struct stmt *q = db_query(db, LOGS, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        int64_t n_lines = stmt_int(q, 3);
        ARRAY_ROOM(out->logs, out->n_logs, r->cap_logs);
        struct corpus_log *log = &out->logs[out->n_logs++];
        *log = (struct corpus_log){.id = stmt_int(q, 0),
                                   .run = stmt_int(q, 1),
                                   .name = arena_copy(&out->arena, stmt_bytes(q, 2)),
                                   .first_line = out->n_lines,
                                   .n_lines = (uint32_t)n_lines,
                                   .cut = stmt_int(q, 4) != 0};
        add_to_key(r, q);
        bool fits = n_lines >= 0 && n_lines < (int64_t)UINT32_MAX - out->n_lines;
        if (!fits || !read_blocks(db, r, err)) {
            stmt_reset(q);
            return fits ? false : damaged(db, log, err);
        }
        out->n_lines += log->n_lines;
    }
    return step == STEP_DONE;
}

bool corpus_read(struct db *db, struct corpus **out, struct err *err)
{
    struct corpus *corpus = mem_zero(1, sizeof *corpus);
    struct reading r = {.out = corpus, .key = XXH3_createState()};
    bool ok = r.key && XXH3_128bits_reset(r.key) == XXH_OK;
    if (!ok)
        err_set(err, "%s: no memory for hashing", db_path(db));
    ok = ok && read_logs(db, &r, err);
    if (ok) {
        XXH128_canonical_t key;
        XXH128_canonicalFromHash(&key, XXH3_128bits_digest(r.key));
        memcpy(corpus->key, key.digest, sizeof corpus->key);
        *out = corpus;
    } else {
        corpus_destroy(corpus);
    }
    XXH3_freeState(r.key);
    return ok;
}

void corpus_destroy(struct corpus *corpus)
{
    if (!corpus)
        return;
    free(corpus->logs);
    free(corpus->blocks);
    arena_finish(&corpus->arena);
    free(corpus);
}

/* Empty logs begin at the same line as the next log, so this finds the last log that begins at or
 * before the line. */
uint32_t corpus_log_of(const struct corpus *corpus, uint32_t line)
{
    uint32_t low = 0, high = corpus->n_logs;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (corpus->logs[middle].first_line <= line)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t corpus_block_of(const struct corpus *corpus, uint32_t line)
{
    uint32_t low = 0, high = corpus->n_blocks;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (corpus->blocks[middle].first_line <= line)
            low = middle;
        else
            high = middle;
    }
    return low;
}
