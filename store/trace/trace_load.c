/* SPDX-License-Identifier: MIT
 *
 * Loads logs: decides which files are logs and to which runs they belong. Then one thread reads and
 * follows the logs, worker threads compress, and this thread writes the session.
 */
#include "trace/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/follow/log_follower.h"
#include "trace/log/log_writer.h"

struct loader {
    struct db *db;
    const struct trace_request *request;
    struct progress *progress;
    struct log_sources sources;
    struct log_families families;
    struct packer *packer;
    struct log_writer writer;
    int64_t run; /* run for new logs; 0: not created yet */
};

static const char RUN_FIND[] = "SELECT id, role FROM run WHERE name = :name";
static const char RUN_ROLE[] = "SELECT id FROM run WHERE id = :id AND role = :role";
static const char RUN_MAKE[] = "INSERT INTO run (name, role) VALUES (:name, :role)";
static const char LAST_POSITION[] = "SELECT coalesce(max(position), 0) FROM log";
static const char COUNT_LINES[] =
    "SELECT coalesce(sum(n_lines), 0) FROM log JOIN run ON run.id = log.run "
    "WHERE log.complete = 1 AND run.role = 'evidence'";

static bool read_number(struct db *db, const char *sql, int64_t *out, struct err *err)
{
    struct stmt *q = db_query(db, sql, err);
    if (!q || stmt_step(q, err) != STEP_ROW)
        return false;
    *out = stmt_int(q, 0);
    stmt_reset(q);
    return true;
}

/* Finds the run of that name; *id 0 means "no such run". A run of another role is an error. */
static bool find_run(struct loader *l, const char *name, int64_t *id, struct err *err)
{
    struct stmt *q = db_query(l->db, RUN_FIND, err);
    if (!q)
        return false;
    *id = 0;
    stmt_bind_text(q, ":name", bytes_of(name));
    enum step step = stmt_step(q, err);
    bool ok = step != STEP_ERR;
    if (step == STEP_ROW) {
        *id = stmt_int(q, 0);
        if (l->request->run && !bytes_equal(stmt_bytes(q, 1), bytes_of(l->request->role)))
            ok = err_set(err, "run %s: its role is %.*s, not %s; choose another name with --run",
                         name, (int)stmt_bytes(q, 1).n, stmt_bytes(q, 1).p, l->request->role);
    }
    stmt_reset(q);
    return ok;
}

static bool make_run(struct loader *l, const char *name, int64_t *id, struct err *err)
{
    struct stmt *q = db_query(l->db, RUN_MAKE, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":name", bytes_of(name));
    stmt_bind_text(q, ":role", bytes_of(l->request->role));
    if (!stmt_run(q, err))
        return false;
    *id = db_last_id(l->db);
    return true;
}

/* Returns the run for new logs; creates it when the first log needs it. */
static bool need_run(struct loader *l, struct err *err)
{
    char name[32];
    if (l->run)
        return true;
    if (l->request->run)
        return find_run(l, l->request->run, &l->run, err) &&
               (l->run || make_run(l, l->request->run, &l->run, err));
    for (unsigned n = 1;; n++) {
        int64_t taken;
        snprintf(name, sizeof name, "run%u", n);
        if (!find_run(l, name, &taken, err))
            return false;
        if (!taken)
            return make_run(l, name, &l->run, err);
    }
}

/* Returns the run of a log. A replaced log stays in its run unless the request names another run.
 */
static bool choose_run(struct loader *l, const struct log_source *source, int64_t *run,
                       struct err *err)
{
    if (source->state != SOURCE_NEW && (!l->request->run || l->request->keep_runs)) {
        struct stmt *q = db_query(l->db, RUN_ROLE, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":id", source->old_run);
        stmt_bind_text(q, ":role", bytes_of(l->request->role));
        enum step step = stmt_step(q, err);
        stmt_reset(q);
        *run = source->old_run;
        if (step != STEP_DONE)
            return step == STEP_ROW;
    }
    if (!need_run(l, err))
        return false;
    *run = l->run;
    return true;
}

static bool begin_log(struct loader *l, size_t index, struct err *err)
{
    const struct log_source *source = &l->sources.items[index];
    struct log_row row = {.name = bytes_of(source->name),
                          .source = bytes_of(source->source),
                          .position = source->position,
                          .load = l->request->load};
    return choose_run(l, source, &row.run, err) && log_writer_begin(&l->writer, index, &row, err);
}

/* Adds rows for all new and changed logs, in the order of the operands. A replaced log keeps its
 * position. */
static bool begin_logs(struct loader *l, struct err *err)
{
    int64_t position;
    bool ok = db_begin(l->db, err);
    if (!ok)
        return false;
    ok = read_number(l->db, LAST_POSITION, &position, err);
    for (size_t i = 0; ok && i < l->sources.n; i++) {
        struct log_source *source = &l->sources.items[i];
        if (source->state == SOURCE_NEW)
            source->position = ++position;
        if (source->state != SOURCE_SAME)
            ok = begin_log(l, i, err) && db_slice(l->db, err);
    }
    if (!ok) {
        db_rollback(l->db);
        return false;
    }
    return db_commit(l->db, err);
}

static void count(const struct loader *l, struct trace_result *result)
{
    uint64_t total = 0;
    for (size_t i = 0; i < l->sources.n; i++) {
        const struct log_source *source = &l->sources.items[i];
        result->n_new += source->state == SOURCE_NEW;
        result->n_same += source->state == SOURCE_SAME;
        result->n_grown += source->state == SOURCE_GROWN;
        result->n_changed += source->state == SOURCE_CHANGED;
    }
    for (size_t i = 0; i < l->families.n; i++)
        for (size_t k = 0; k < l->families.items[i].n; k++)
            total += (uint64_t)l->sources.items[l->families.items[i].members[k].source].size;
    l->progress->total_bytes = l->progress->done_bytes + total;
}

/* Counts the lines of the corpus without the logs that this load replaces. */
static bool count_lines(struct loader *l, uint64_t *out, struct err *err)
{
    int64_t n;
    if (!read_number(l->db, COUNT_LINES, &n, err))
        return false;
    for (size_t i = 0; i < l->sources.n; i++)
        if (l->sources.items[i].state != SOURCE_SAME)
            n -= l->sources.items[i].old_lines;
    *out = n > 0 ? (uint64_t)n : 0;
    return true;
}

/* Writes the blocks and parts that the follower sends until it is done; discards everything after
 * an error. */
static bool write_blocks(struct loader *l, struct follower *f, struct err *err)
{
    struct block *block;
    bool ok = true;
    while ((block = packer_take(l->packer))) {
        if (!ok)
            block_destroy(block);
        else
            ok = log_writer_put(&l->writer, block, err);
        if (!ok)
            atomic_store(&f->stop, true);
    }
    ok = ok && log_writer_flush(&l->writer, err);
    struct err why;
    if (!follower_join(f, &why) && ok) {
        err_copy(err, &why);
        ok = false;
    }
    return ok;
}

static bool load_all(struct loader *l, struct trace_result *result, struct err *err)
{
    struct follower follower = {.sources = &l->sources,
                                .families = &l->families,
                                .progress = l->progress,
                                .cwd = l->request->cwd ? l->request->cwd : l->request->image_cwd};
    l->sources.directory_name = l->request->directory_name;
    if (!log_sources_read(l->db, l->request->load, l->request->operands, l->request->n_operands,
                          &l->sources, err) ||
        !log_families_read(&l->sources, l->progress, &l->families, err))
        return false;
    count(l, result);
    if (!l->families.n)
        return true;
    if (!count_lines(l, &follower.n_lines, err) || !begin_logs(l, err) ||
        !packer_create(&l->packer, err))
        return false;
    follower.packer = l->packer;
    if (!log_writer_read(&l->writer, &follower.paths, err)) {
        path_table_clear(&follower.paths);
        return false;
    }
    if (!follower_start(&follower, err)) {
        path_table_clear(&follower.paths);
        return false;
    }
    return write_blocks(l, &follower, err);
}

bool trace_load(struct db *db, const struct trace_request *request, struct progress *progress,
                struct trace_result *result, struct err *err)
{
    struct loader l = {.db = db, .request = request, .progress = progress, .writer = {.db = db}};
    *result = (struct trace_result){0};
    progress->phase = PROGRESS_LOGS;
    bool ok = load_all(&l, result, err);
    log_writer_finish(&l.writer);
    packer_destroy(l.packer);
    log_families_finish(&l.families);
    log_sources_finish(&l.sources);
    return ok;
}
