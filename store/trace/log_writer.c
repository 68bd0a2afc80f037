/* SPDX-License-Identifier: MIT */
#include "trace/log_writer.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_GUESS = 64 };

void log_writer_init(struct log_writer *w)
{
    *w = (struct log_writer){0};
}

void log_writer_reset(struct log_writer *w)
{
    struct block *block;
    block_destroy(w->current);
    for (size_t i = 0; i < w->n_waiting; i++)
        block_destroy(w->waiting[i]);
    for (size_t i = 0; i < w->n_ready; i++)
        block_destroy(w->ready[i]);
    while (w->packer && (block = packer_take(w->packer, PACKER_WAIT)))
        block_destroy(block);
    struct block **waiting = w->waiting;
    size_t cap = w->cap_waiting;
    *w = (struct log_writer){.waiting = waiting, .cap_waiting = cap};
}

void log_writer_finish(struct log_writer *w)
{
    log_writer_reset(w);
    free(w->waiting);
}

/* Size, hash and lines are known at the end. */
static const char LOG_MAKE[] =
    "INSERT INTO log (run, position, name, source, size, hash, n_lines, load) "
    "VALUES (:run, :position, :name, :source, 0, x'', 0, :load)";

bool log_writer_begin(struct log_writer *w, struct db *db, struct packer *packer,
                      const struct log_row *row, struct err *err)
{
    struct stmt *q = db_query(db, LOG_MAKE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":run", row->run);
    stmt_bind_int(q, ":position", row->position);
    stmt_bind_text(q, ":name", row->name);
    stmt_bind_text(q, ":source", row->source);
    stmt_bind_int(q, ":load", row->load);
    if (!stmt_run(q, err))
        return false;
    w->db = db;
    w->packer = packer;
    w->row = *row;
    w->log = db_last_id(db);
    return true;
}

static const char BLOCK_MAKE[] =
    "INSERT INTO block (log, first_line, n_lines, n_bytes, text, calls) "
    "VALUES (:log, :first_line, :n_lines, :n_bytes, :text, :calls)";

static bool write_block(struct log_writer *w, const struct block *block, struct err *err)
{
    struct stmt *q = db_query(w->db, BLOCK_MAKE, err);
    if (!q)
        return false;
    if (block->failed)
        return err_set(err, "%.*s: no memory for compressing", (int)w->row.name.n, w->row.name.p);
    stmt_bind_int(q, ":log", w->log);
    stmt_bind_int(q, ":first_line", block->first_line);
    stmt_bind_int(q, ":n_lines", block->n_lines);
    stmt_bind_int(q, ":n_bytes", block->n_bytes);
    stmt_bind_blob_borrowed(q, ":text", buf_bytes(&block->packed_text));
    stmt_bind_blob_borrowed(q, ":calls", buf_bytes(&block->packed_calls));
    return stmt_run(q, err);
}

static bool write_ready(struct log_writer *w, struct err *err)
{
    if (!w->n_ready)
        return true;
    bool ok = db_begin(w->db, err);
    for (size_t i = 0; i < w->n_ready; i++) {
        ok = ok && write_block(w, w->ready[i], err) && db_slice(w->db, err);
        block_destroy(w->ready[i]);
    }
    w->n_ready = 0;
    if (!ok) {
        db_rollback(w->db);
        return false;
    }
    return db_commit(w->db, err);
}

/* Fetches packed blocks and writes them, a batch at a time. */
static bool drain(struct log_writer *w, enum packer_wait wait, struct err *err)
{
    struct block *block;
    while ((block = packer_take(w->packer, wait))) {
        w->ready[w->n_ready++] = block;
        if (w->n_ready == WRITER_BATCH && !write_ready(w, err))
            return false;
    }
    return wait == PACKER_NOW || write_ready(w, err);
}

/* Index of the first waiting block that begins behind line. */
static size_t waiting_behind(const struct log_writer *w, uint32_t line)
{
    size_t low = 0, high = w->n_waiting;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->waiting[middle]->first_line <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void log_writer_settle(void *writer, uint32_t line, uint32_t seq)
{
    struct log_writer *w = writer;
    if (w->current && line >= w->current->first_line) {
        w->current->calls[line - w->current->first_line] = seq;
        w->current->n_pending--;
        return;
    }
    size_t at = waiting_behind(w, line);
    if (!at) /* nothing is stored */
        return;
    struct block *block = w->waiting[--at];
    block->calls[line - block->first_line] = seq;
    if (--block->n_pending)
        return;
    memmove(w->waiting + at, w->waiting + at + 1, (--w->n_waiting - at) * sizeof *w->waiting);
    packer_put(w->packer, block);
}

/* The current block is read to its end. */
static void close_current(struct log_writer *w)
{
    struct block *block = mem_steal(&w->current);
    size_t n_raw = 0;
    if (!block->n_pending) {
        packer_put(w->packer, block);
        return;
    }
    ARRAY_ROOM(w->waiting, w->n_waiting, w->cap_waiting);
    w->waiting[w->n_waiting++] = block;
    for (size_t i = w->n_waiting; i-- > 0;)
        if (w->waiting[i]->text.n && ++n_raw > WRITER_RAW_MAX)
            packer_shrink(w->packer, w->waiting[i]);
}

static void add_line(struct log_writer *w, struct tracker *t, struct bytes text, bool coloured)
{
    struct block *block = w->current;
    uint32_t number = ++w->n_lines;
    size_t at = block ? block->n_lines : 0;
    if (block) {
        if (at == block->cap_calls) {
            block->cap_calls *= 2;
            block->calls = mem_array(block->calls, block->cap_calls, sizeof *block->calls);
        }
        block->n_lines++;
        block->calls[at] = 0;
    }
    uint32_t seq = track_line(t, coloured ? line_plain(text, &t->plain) : text, number);
    if (!block)
        return;
    if (seq == TRACK_PENDING)
        block->n_pending++;
    else
        block->calls[at] = seq;
}

bool log_writer_chunk(struct log_writer *w, struct tracker *t, struct bytes chunk, bool stored,
                      struct err *err)
{
    bool coloured = bytes_index(chunk, '\033') != chunk.n;
    if (!chunk.n)
        return true;
    if (stored) {
        struct block *block = w->current = block_create(w->n_lines + 1);
        block->cap_calls = chunk.n / LINE_BYTES_GUESS + 1;
        block->calls = mem_array(NULL, block->cap_calls, sizeof *block->calls);
        buf_reserve(&block->text, chunk.n + 1);
        buf_add(&block->text, chunk);
        w->cut = chunk.p[chunk.n - 1] != '\n';
        if (w->cut)
            buf_byte(&block->text, '\n');
        block->n_bytes = (uint32_t)block->text.n;
    }
    for (struct bytes rest = chunk; rest.n;) {
        struct bytes text = bytes_from(rest.p, bytes_index(rest, '\n'));
        add_line(w, t, text, coloured);
        rest = bytes_skip(rest, text.n + 1);
    }
    if (!stored)
        return true;
    close_current(w);
    return drain(w, PACKER_NOW, err);
}

static const char ASKED_MAKE[] = "INSERT OR IGNORE INTO asked (path, known) VALUES (:path, :known)";
static const char ASKED_FIND[] = "SELECT id FROM asked WHERE path = :path AND known = :known";

/* Gives a path its id of table asked. */
static bool write_asked(struct log_writer *w, struct tracker *t, uint32_t number, struct err *err)
{
    struct paths_item *item = paths_item(&t->paths, number);
    struct stmt *make = db_query(w->db, ASKED_MAKE, err);
    if (!make)
        return false;
    stmt_bind_text_borrowed(make, ":path", paths_bytes(&t->paths, number));
    stmt_bind_int(make, ":known", item->known);
    if (!stmt_run(make, err))
        return false;
    item->id = db_last_id(w->db);
    if (db_changes(w->db))
        return true;
    struct stmt *find = db_query(w->db, ASKED_FIND, err);
    if (!find)
        return false;
    stmt_bind_text_borrowed(find, ":path", paths_bytes(&t->paths, number));
    stmt_bind_int(find, ":known", item->known);
    enum step step = stmt_step(find, err);
    item->id = step == STEP_ROW ? stmt_int(find, 0) : 0;
    stmt_reset(find);
    return step == STEP_ROW;
}

static const char ACCESS_MAKE[] =
    "INSERT INTO access (log, seq, mate, pid, call, asked, kind, errno, nofollow, other_root, n, "
    "first_line) VALUES (:log, :seq, :mate, :pid, :call, :asked, :kind, :errno, :nofollow, "
    ":other_root, :n, :first_line)";

/* Binds what is other than in the row before; bindings stay from one run to the next. */
static void bind_row(struct stmt *q, struct tracker *t, const struct row *row,
                     const struct row *before)
{
    stmt_bind_int(q, ":asked", paths_item(&t->paths, row->path)->id);
    stmt_bind_int(q, ":first_line", row->first_line);
    if (!before || row->process != before->process)
        stmt_bind_int(q, ":pid", t->all.pids[row->process]);
    if (!before || row->call != before->call)
        stmt_bind_text_borrowed(q, ":call", bytes_of(row->call->name));
    if (!before || row->kind != before->kind)
        stmt_bind_text_borrowed(q, ":kind", bytes_of(access_kind_name(row->kind)));
    if (!before || row->error != before->error)
        stmt_bind_int(q, ":errno", row->error);
    if (!before || row->n != before->n)
        stmt_bind_int(q, ":n", row->n);
    if (!before || row->mate != before->mate)
        stmt_bind_int(q, ":mate", row->mate);
    if (!before || row->nofollow != before->nofollow)
        stmt_bind_int(q, ":nofollow", row->nofollow);
    if (!before || row->other_root != before->other_root)
        stmt_bind_int(q, ":other_root", row->other_root);
}

static bool write_accesses(struct log_writer *w, struct tracker *t, struct err *err)
{
    for (uint32_t seq = 1; seq <= t->rows.n; seq++) {
        uint32_t path = rows_get(&t->rows, seq)->path;
        if (!paths_item(&t->paths, path)->id &&
            (!write_asked(w, t, path, err) || !db_slice(w->db, err)))
            return false;
    }
    struct stmt *q = db_query(w->db, ACCESS_MAKE, err);
    const struct row *before = NULL;
    if (!q)
        return false;
    stmt_bind_int(q, ":log", w->log);
    for (uint32_t seq = 1; seq <= t->rows.n; seq++) {
        const struct row *row = rows_get(&t->rows, seq);
        bind_row(q, t, row, before);
        stmt_bind_int(q, ":seq", seq);
        if (!stmt_run(q, err) || !db_slice(w->db, err))
            return false;
        before = row;
    }
    return true;
}

static const char PROBLEM_MAKE[] =
    "INSERT INTO problem (where_, what, n, load) VALUES (:where, :what, :n, :load) "
    "ON CONFLICT (where_, what, load) DO UPDATE SET n = n + excluded.n";

static bool write_problems(struct log_writer *w, struct tracker *t, struct err *err)
{
    for (int i = 0; i < TRACK_PROBLEMS; i++) {
        if (!t->problems[i])
            continue;
        struct stmt *q = db_query(w->db, PROBLEM_MAKE, err);
        if (!q)
            return false;
        stmt_bind_text(q, ":where", w->row.name);
        stmt_bind_text(q, ":what", bytes_of(track_problem_text((enum track_problem)i)));
        stmt_bind_int(q, ":n", (int64_t)t->problems[i]);
        stmt_bind_int(q, ":load", w->row.load);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

static const char LOG_DONE[] =
    "UPDATE log SET size = :size, hash = :hash, n_lines = :n_lines, cut = :cut WHERE id = :log";

static bool write_totals(struct log_writer *w, const struct log_file *file, struct err *err)
{
    uint8_t hash[LOG_HASH_BYTES];
    struct stmt *q = db_query(w->db, LOG_DONE, err);
    if (!q)
        return false;
    log_file_hash(file, hash);
    stmt_bind_int(q, ":size", (int64_t)file->n_bytes);
    stmt_bind_blob(q, ":hash", bytes_from((const char *)hash, sizeof hash));
    stmt_bind_int(q, ":n_lines", w->n_lines);
    stmt_bind_int(q, ":cut", w->cut);
    stmt_bind_int(q, ":log", w->log);
    return stmt_run(q, err);
}

bool log_writer_end(struct log_writer *w, struct tracker *t, const struct log_file *file,
                    struct err *err)
{
    if (!drain(w, PACKER_WAIT, err) || !db_begin(w->db, err))
        return false;
    if (!write_accesses(w, t, err) || !write_problems(w, t, err) || !write_totals(w, file, err)) {
        db_rollback(w->db);
        return false;
    }
    return db_commit(w->db, err);
}
