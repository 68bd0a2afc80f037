/* SPDX-License-Identifier: MIT */
#include "trace/log/log_writer.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "trace/log/number_text.h"
#include "trace/log/log_problems.h"

/* Size, hash and number of lines are known only at the end of the log. */
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

static const char ASKED_MAKE[] =
    "INSERT INTO asked (path, known, route) VALUES (:path, :known, :route)";

/* Returns the waiting path for an index in ids. */
static const struct writer_path *find_waiting(const struct log_writer *w, uint32_t index)
{
    size_t low = 0, high = w->n_items;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (w->items[middle].index <= index)
            low = middle;
        else
            high = middle;
    }
    return &w->items[low];
}

/* Assigns an id of table asked to a path. */
static bool write_asked(struct log_writer *w, uint32_t index, struct err *err)
{
    const struct writer_path *item = find_waiting(w, index);
    struct stmt *q = db_query(w->db, ASKED_MAKE, err);
    if (!q)
        return false;
    const char *text = w->waiting.p + item->offset;
    stmt_bind_text_borrowed(q, ":path", bytes_from(text, item->n_bytes));
    stmt_bind_text_borrowed(q, ":route", bytes_from(text + item->n_bytes, item->n_route));
    stmt_bind_int(q, ":known", item->known);
    if (!stmt_run(q, err))
        return false;
    int64_t id = db_last_id(w->db);
    w->ids[index] = (uint32_t)id;
    return id <= UINT32_MAX || err_set(err, "the logs have more paths than a session can store");
}

/* The fields that identify a row of table way, as bytes. */
struct way_key {
    int32_t error;
    uint8_t kind, nofollow, other_root, pair;
    char call[40];
};
_Static_assert(sizeof(struct way_key) == 48, "no padding");

static uint64_t *way_at(struct log_writer *w, struct way_key *key, struct bytes call, bool *is_new)
{
    size_t n = call.n < sizeof key->call ? call.n : sizeof key->call; /* all known call names fit */
    memcpy(key->call, call.p, n);
    struct bytes bytes = {(const char *)key, offsetof(struct way_key, call) + n};
    return map_at(&w->ways, bytes, is_new);
}

static const char WAYS[] = "SELECT id, call, kind, errno, nofollow, other_root, pair FROM way";

static bool read_ways(struct log_writer *w, struct err *err)
{
    struct stmt *q = db_query(w->db, WAYS, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        enum access_kind kind = access_kind_of(stmt_bytes(q, 2));
        if (!bytes_equal(stmt_bytes(q, 2), bytes_of(access_kind_name(kind))))
            continue; /* a kind of a newer xsmall, which this version never stores */
        struct way_key key = {(int32_t)stmt_int(q, 3), (uint8_t)kind,       stmt_int(q, 4) != 0,
                              stmt_int(q, 5) != 0,     stmt_int(q, 6) != 0, ""};
        *way_at(w, &key, stmt_bytes(q, 1), NULL) = (uint64_t)stmt_int(q, 0);
    }
    return step == STEP_DONE;
}

static const char ASKED_ALL[] = "SELECT id, path, known, route FROM asked ORDER BY id";

/* A damaged session can have bytes that a path cannot contain; such a route is not used. */
static uint32_t stored_path(struct path_table *paths, struct stmt *q)
{
    struct bytes path = stmt_bytes(q, 1), route = stmt_bytes(q, 3);
    if (!stmt_int(q, 2))
        return path_table_number(paths, path, PATH_UNKNOWN);
    bool odd = bytes_index(path, 0) != path.n || bytes_index(route, 0) != route.n;
    return odd ? path_table_number(paths, path, PATH_KNOWN) : path_table_routed(paths, path, route);
}

bool log_writer_read(struct log_writer *w, struct path_table *paths, struct err *err)
{
    struct stmt *q = db_query(w->db, ASKED_ALL, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        uint32_t number = stored_path(paths, q);
        if (number <= w->n_ids)
            continue;
        ARRAY_ROOM(w->ids, w->n_ids, w->cap_ids);
        w->ids[w->n_ids++] = (uint32_t)stmt_int(q, 0);
    }
    return step == STEP_DONE && read_ways(w, err);
}

static const char WAY_MAKE[] = "INSERT INTO way (call, kind, errno, nofollow, other_root, pair) "
                               "VALUES (:call, :kind, :errno, :nofollow, :other_root, :pair)";

/* Returns the id in table way for an access; 0 on error. */
static uint32_t way_of(struct log_writer *w, const struct new_access *row, struct err *err)
{
    bool is_new;
    struct way_key key = {row->error,      row->kind,      row->nofollow,
                          row->other_root, row->mate != 0, ""};
    uint64_t *id = way_at(w, &key, bytes_of(row->call->name), &is_new);
    if (!is_new)
        return (uint32_t)*id;
    struct stmt *q = db_query(w->db, WAY_MAKE, err);
    if (!q)
        return 0;
    stmt_bind_text_borrowed(q, ":call", bytes_of(row->call->name));
    stmt_bind_text_borrowed(q, ":kind", bytes_of(access_kind_name(row->kind)));
    stmt_bind_int(q, ":errno", row->error);
    stmt_bind_int(q, ":nofollow", row->nofollow);
    stmt_bind_int(q, ":other_root", row->other_root);
    stmt_bind_int(q, ":pair", row->mate != 0);
    if (!stmt_run(q, err))
        return 0;
    *id = (uint64_t)db_last_id(w->db);
    return (uint32_t)*id;
}

/* The columns of one row of table packed. */
enum column { PROCESS, WAY, ASKED, LINE, TIMES, COLUMNS };
static const struct {
    const char *low, *upper;
} columns[COLUMNS] = {[PROCESS] = {":process", ":process_upper"},
                      [WAY] = {":way", NULL},
                      [ASKED] = {":asked", ":asked_upper"},
                      [LINE] = {":line", ":line_upper"},
                      [TIMES] = {":times", ":times_upper"}};

static const char PACKED_MAKE[] =
    "INSERT INTO packed (log, first_seq, n, base_asked, base_line, process, process_upper, way, "
    "asked, asked_upper, line, line_upper, times, times_upper) VALUES (:log, :first_seq, :n, "
    ":base_asked, :base_line, :process, :process_upper, :way, :asked, :asked_upper, :line, "
    ":line_upper, :times, :times_upper)";

/* Subtracts the least number from all numbers; returns the least. */
static uint32_t take_base(uint32_t *numbers, size_t n)
{
    uint32_t base = UINT32_MAX;
    for (size_t i = 0; i < n; i++)
        base = numbers[i] < base ? numbers[i] : base;
    for (size_t i = 0; i < n; i++)
        numbers[i] -= base;
    return base;
}

/* Writes at most ACCESS_ROWS_PACKED accesses of a log as one row; the first access has number
 * first_seq. */
static bool write_packed(struct log_writer *w, int64_t log, uint32_t first_seq,
                         const struct new_access *rows, size_t n, struct err *err)
{
    uint32_t numbers[COLUMNS][ACCESS_ROWS_PACKED];
    for (size_t i = 0; i < n; i++) {
        uint32_t path = rows[i].path - 1;
        if ((!w->ids[path] && !write_asked(w, path, err)) ||
            !(numbers[WAY][i] = way_of(w, &rows[i], err)))
            return false;
        numbers[ASKED][i] = w->ids[path];
        numbers[PROCESS][i] = rows[i].process;
        numbers[LINE][i] = rows[i].first_line;
        numbers[TIMES][i] = rows[i].n;
    }
    struct stmt *q = db_query(w->db, PACKED_MAKE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log);
    stmt_bind_int(q, ":first_seq", first_seq);
    stmt_bind_int(q, ":n", (int64_t)n);
    stmt_bind_int(q, ":base_asked", take_base(numbers[ASKED], n));
    stmt_bind_int(q, ":base_line", take_base(numbers[LINE], n));
    for (int i = 0; i < COLUMNS; i++) {
        number_text_write(numbers[i], n, &w->low, &w->upper);
        stmt_bind_text(q, columns[i].low, buf_bytes(&w->low));
        if (columns[i].upper)
            stmt_bind_text(q, columns[i].upper, buf_bytes(&w->upper));
    }
    return stmt_run(q, err);
}

static bool write_accesses(struct log_writer *w, int64_t log, const struct access_rows_part *rows,
                           struct err *err)
{
    for (size_t at = 0; at < rows->n; at += ACCESS_ROWS_PACKED) {
        size_t n = rows->n - at < ACCESS_ROWS_PACKED ? rows->n - at : ACCESS_ROWS_PACKED;
        if (!write_packed(w, log, rows->first + (uint32_t)at, rows->items + at, n, err) ||
            !db_slice(w->db, err))
            return false;
    }
    return true;
}

static const char PROCESS_MAKE[] =
    "INSERT INTO process (log, number, pid, parent, program, argv, first_line) "
    "VALUES (:log, :number, :pid, :parent, :program, :argv, :first_line)";

static bool write_processes(struct log_writer *w, int64_t log, const struct log_part *part,
                            struct err *err)
{
    for (size_t i = 0; i < part->n_processes; i++) {
        const struct part_process *process = &part->processes[i];
        struct stmt *q = db_query(w->db, PROCESS_MAKE, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":log", log);
        stmt_bind_int(q, ":number", process->number);
        stmt_bind_int(q, ":pid", process->pid);
        stmt_bind_int(q, ":parent", process->parent);
        stmt_bind_text_borrowed(q, ":program",
                                bytes_from(part->texts.p + process->program, process->n_program));
        stmt_bind_text_borrowed(q, ":argv",
                                bytes_from(part->texts.p + process->argv, process->n_argv));
        stmt_bind_int(q, ":first_line", process->first_line);
        if (!stmt_run(q, err) || !db_slice(w->db, err))
            return false;
    }
    return true;
}

static const char PROBLEM_MAKE[] =
    "INSERT INTO problem (where_, what, n, load) VALUES (:where, :what, :n, :load) "
    "ON CONFLICT (where_, what, load) DO UPDATE SET n = n + excluded.n";

static bool write_problems(struct log_writer *w, const struct writer_log *log,
                           const struct log_part *end, struct err *err)
{
    for (int i = 0; i < N_LOG_PROBLEMS; i++) {
        const char *name = log_problem_name((enum log_problem)i);
        uint64_t n = end->problems[i];
        struct log_trait trait = {
            n > UINT32_MAX ? UINT32_MAX : (uint32_t)n, end->problem_lines[i], {0}};
        if (!n)
            continue;
        struct stmt *q = db_query(w->db, PROBLEM_MAKE, err);
        if (!q)
            return false;
        stmt_bind_text(q, ":where", log->row.name);
        stmt_bind_text(q, ":what", bytes_of(log_problem_text((enum log_problem)i)));
        stmt_bind_int(q, ":n", (int64_t)n);
        stmt_bind_int(q, ":load", log->row.load);
        if (!stmt_run(q, err) || !log_trait_write(w->db, log->id, name, &trait, err))
            return false;
    }
    return true;
}

static const char LOG_DONE[] =
    "UPDATE log SET size = :size, hash = :hash, n_lines = :n_lines, cut = :cut WHERE id = :log";

static bool write_totals(struct log_writer *w, int64_t log, const struct log_part *end,
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

/* Appends the new paths of a part to the waiting paths of earlier parts. */
static void take_paths(struct log_writer *w, const struct log_part *part)
{
    for (size_t i = 0; i < part->n_items; i++) {
        const struct path_table_item *item = &part->items[i];
        ARRAY_ROOM(w->items, w->n_items, w->cap_items);
        w->items[w->n_items++] =
            (struct writer_path){w->waiting.n + item->offset, item->n_bytes, item->n_route,
                                 (uint32_t)w->n_ids, item->known};
        ARRAY_ROOM(w->ids, w->n_ids, w->cap_ids);
        w->ids[w->n_ids++] = 0;
    }
    buf_add(&w->waiting, buf_bytes(&part->paths));
}

/* Nearly all paths are written together with the part that contains them. */
static void forget_written(struct log_writer *w)
{
    size_t n_items = 0, n_bytes = 0;
    for (size_t i = 0; i < w->n_items; i++) {
        struct writer_path item = w->items[i];
        if (w->ids[item.index])
            continue;
        size_t n_text = (size_t)item.n_bytes + item.n_route;
        memmove(w->waiting.p + n_bytes, w->waiting.p + item.offset, n_text);
        item.offset = n_bytes;
        n_bytes += n_text;
        w->items[n_items++] = item;
    }
    w->n_items = n_items;
    w->waiting.n = n_bytes;
}

static bool write_part(struct log_writer *w, size_t index, const struct log_part *part,
                       struct err *err)
{
    const struct writer_log *log = &w->logs[index];
    take_paths(w, part);
    if (!db_begin(w->db, err))
        return false;
    bool ok = write_accesses(w, log->id, &part->rows, err);
    if (part->last)
        ok = ok && write_processes(w, log->id, part, err) && write_problems(w, log, part, err) &&
             log_traits_write(w->db, log->id, &part->traits, err) &&
             write_totals(w, log->id, part, err);
    if (!ok) {
        db_rollback(w->db);
        return false;
    }
    forget_written(w);
    return db_commit(w->db, err);
}

bool log_writer_put(struct log_writer *w, struct block *block, struct err *err)
{
    if (block->part) {
        bool ok = write_part(w, block->log, block->part, err);
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
    buf_finish(&w->waiting);
    buf_finish(&w->low);
    buf_finish(&w->upper);
    map_finish(&w->ways);
    free(w->items);
    free(w->ids);
    free(w->logs);
    *w = (struct log_writer){0};
}
