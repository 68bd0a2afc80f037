/* SPDX-License-Identifier: MIT */
#include "trace/log_writer.h"

#include <stdlib.h>

#include "trace/track.h"

/* Size, hash and lines are known at the end. */
static const char LOG_MAKE[] =
    "INSERT INTO log (run, position, name, source, size, hash, n_lines, load) "
    "VALUES (:run, :position, :name, :source, 0, x'', 0, :load)";

bool log_writer_begin(struct log_writer *w, size_t log, const struct log_row *row, struct err *err)
{
    struct stmt *q = db_query(w->db, LOG_MAKE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":run", row->run);
    stmt_bind_int(q, ":position", row->position);
    stmt_bind_text(q, ":name", row->name);
    stmt_bind_text(q, ":source", row->source);
    stmt_bind_int(q, ":load", row->load);
    if (!stmt_run(q, err))
        return false;
    if (log >= w->n_logs) {
        w->logs = mem_array(w->logs, log + 1, sizeof *w->logs);
        w->n_logs = log + 1;
    }
    w->logs[log] = (struct writer_log){db_last_id(w->db), *row};
    return true;
}

static const char BLOCK_MAKE[] =
    "INSERT INTO block (log, first_line, n_lines, n_bytes, text, calls) "
    "VALUES (:log, :first_line, :n_lines, :n_bytes, :text, :calls)";

static bool write_block(struct log_writer *w, const struct block *block, struct err *err)
{
    const struct writer_log *log = &w->logs[block->log];
    struct stmt *q = db_query(w->db, BLOCK_MAKE, err);
    if (!q)
        return false;
    if (block->failed)
        return err_set(err, "%.*s: no memory for compressing", (int)log->row.name.n,
                       log->row.name.p);
    stmt_bind_int(q, ":log", log->id);
    stmt_bind_int(q, ":first_line", block->first_line);
    stmt_bind_int(q, ":n_lines", block->n_lines);
    stmt_bind_int(q, ":n_bytes", block->n_bytes);
    stmt_bind_blob_borrowed(q, ":text", buf_bytes(&block->packed_text));
    stmt_bind_blob_borrowed(q, ":calls", buf_bytes(&block->packed_calls));
    return stmt_run(q, err);
}

bool log_writer_flush(struct log_writer *w, struct err *err)
{
    if (!w->n_batch)
        return true;
    bool begun = db_begin(w->db, err), ok = begun;
    for (size_t i = 0; i < w->n_batch; i++) {
        ok = ok && write_block(w, w->batch[i], err) && db_slice(w->db, err);
        block_destroy(w->batch[i]);
    }
    w->n_batch = 0;
    if (begun && !ok)
        db_rollback(w->db);
    return ok && db_commit(w->db, err);
}

static const char ASKED_MAKE[] = "INSERT OR IGNORE INTO asked (path, known) VALUES (:path, :known)";
static const char ASKED_FIND[] = "SELECT id FROM asked WHERE path = :path AND known = :known";

/* Gives a path its id of table asked. */
static bool write_asked(struct log_writer *w, uint32_t number, struct err *err)
{
    struct writer_path *item = &w->items[number - 1];
    struct bytes path = {w->paths.p + item->offset, item->n_bytes};
    struct stmt *make = db_query(w->db, ASKED_MAKE, err);
    if (!make)
        return false;
    stmt_bind_text_borrowed(make, ":path", path);
    stmt_bind_int(make, ":known", item->known);
    if (!stmt_run(make, err))
        return false;
    item->id = db_last_id(w->db);
    if (db_changes(w->db))
        return true;
    struct stmt *find = db_query(w->db, ASKED_FIND, err);
    if (!find)
        return false;
    stmt_bind_text_borrowed(find, ":path", path);
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
static void bind_row(struct stmt *q, const struct row *row, const struct row *before)
{
    stmt_bind_int(q, ":first_line", row->first_line);
    if (!before || row->pid != before->pid)
        stmt_bind_int(q, ":pid", row->pid);
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

static bool write_accesses(struct log_writer *w, const struct writer_log *log,
                           const struct rows *rows, struct err *err)
{
    for (uint32_t seq = 1; seq <= rows->n; seq++) {
        uint32_t path = rows_get(rows, seq)->path;
        if (!w->items[path - 1].id && (!write_asked(w, path, err) || !db_slice(w->db, err)))
            return false;
    }
    struct stmt *q = db_query(w->db, ACCESS_MAKE, err);
    const struct row *before = NULL;
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log->id);
    for (uint32_t seq = 1; seq <= rows->n; seq++) {
        const struct row *row = rows_get(rows, seq);
        bind_row(q, row, before);
        stmt_bind_int(q, ":seq", seq);
        stmt_bind_int(q, ":asked", w->items[row->path - 1].id);
        if (!stmt_run(q, err) || !db_slice(w->db, err))
            return false;
        before = row;
    }
    return true;
}

static const char PROBLEM_MAKE[] =
    "INSERT INTO problem (where_, what, n, load) VALUES (:where, :what, :n, :load) "
    "ON CONFLICT (where_, what, load) DO UPDATE SET n = n + excluded.n";

static bool write_problems(struct log_writer *w, const struct writer_log *log,
                           const struct log_end *end, struct err *err)
{
    for (int i = 0; i < TRACK_PROBLEMS; i++) {
        const char *name = track_problem_name((enum track_problem)i);
        uint64_t n = end->problems[i];
        struct clue clue = {n > UINT32_MAX ? UINT32_MAX : (uint32_t)n, end->problem_lines[i], {0}};
        if (!n)
            continue;
        struct stmt *q = db_query(w->db, PROBLEM_MAKE, err);
        if (!q)
            return false;
        stmt_bind_text(q, ":where", log->row.name);
        stmt_bind_text(q, ":what", bytes_of(track_problem_text((enum track_problem)i)));
        stmt_bind_int(q, ":n", (int64_t)n);
        stmt_bind_int(q, ":load", log->row.load);
        if (!stmt_run(q, err) || !clue_write(w->db, log->id, name, &clue, err))
            return false;
    }
    return true;
}

static const char LOG_DONE[] =
    "UPDATE log SET size = :size, hash = :hash, n_lines = :n_lines, cut = :cut WHERE id = :log";

static bool write_totals(struct log_writer *w, int64_t log, const struct log_end *end,
                         struct err *err)
{
    struct stmt *q = db_query(w->db, LOG_DONE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":size", (int64_t)end->n_bytes);
    stmt_bind_blob(q, ":hash", bytes_from((const char *)end->hash, sizeof end->hash));
    stmt_bind_int(q, ":n_lines", end->n_lines);
    stmt_bind_int(q, ":cut", end->cut);
    stmt_bind_int(q, ":log", log);
    return stmt_run(q, err);
}

/* The paths that came up in a log go behind those of the logs before. */
static void take_paths(struct log_writer *w, const struct log_end *end)
{
    for (size_t i = 0; i < end->n_items; i++) {
        const struct paths_item *item = &end->items[i];
        ARRAY_ROOM(w->items, w->n_items, w->cap_items);
        w->items[w->n_items++] =
            (struct writer_path){w->paths.n + item->offset, item->n_bytes, item->known, 0};
    }
    buf_add(&w->paths, buf_bytes(&end->paths));
}

static bool write_end(struct log_writer *w, size_t index, const struct log_end *end,
                      struct err *err)
{
    const struct writer_log *log = &w->logs[index];
    take_paths(w, end);
    if (!db_begin(w->db, err))
        return false;
    if (!write_accesses(w, log, &end->rows, err) || !write_problems(w, log, end, err) ||
        !clues_write(w->db, log->id, &end->clues, err) || !write_totals(w, log->id, end, err)) {
        db_rollback(w->db);
        return false;
    }
    return db_commit(w->db, err);
}

bool log_writer_put(struct log_writer *w, struct block *block, struct err *err)
{
    if (block->end) {
        bool ok = write_end(w, block->log, block->end, err);
        block_destroy(block);
        return ok;
    }
    w->batch[w->n_batch++] = block;
    return w->n_batch < WRITER_BATCH || log_writer_flush(w, err);
}

void log_writer_finish(struct log_writer *w)
{
    for (size_t i = 0; i < w->n_batch; i++)
        block_destroy(w->batch[i]);
    buf_finish(&w->paths);
    free(w->items);
    free(w->logs);
    *w = (struct log_writer){0};
}
