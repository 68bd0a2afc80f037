/* SPDX-License-Identifier: MIT
 *
 * One load of logs: which runs they go to, then family by family through the tracker into the
 * session. This thread reads, follows and writes; the packer's threads compress.
 */
#include "trace/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/family.h"
#include "trace/log_writer.h"

struct loader {
    struct db *db;
    const struct trace_request *request;
    struct progress *progress;
    struct sources sources;
    struct families families;
    struct tracker tracker;
    struct packer *packer;
    struct log_writer writer;
    int64_t run;       /* for new logs; 0: not made yet */
    int64_t position;  /* of the next new log */
    uint64_t n_lines;  /* of the corpus so far */
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

/* The run of that name; *id 0: there is none. One of another role is refused. */
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
            ok = err_set(err, "run %s is of role %.*s, not %s", name, (int)stmt_bytes(q, 1).n,
                         stmt_bytes(q, 1).p, l->request->role);
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

/* The run for new logs, made when the first one needs it. */
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

/* The run of a log: a replaced one stays where it was unless the request says otherwise. */
static bool choose_run(struct loader *l, const struct source *source, int64_t *run, struct err *err)
{
    if (source->state != SOURCE_NEW && !l->request->run) {
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

static bool begin_log(struct loader *l, struct source *source, struct err *err)
{
    struct log_row row = {.name = bytes_of(source->name),
                          .source = bytes_of(source->source),
                          .position = source->position,
                          .load = l->request->load};
    if (!db_begin(l->db, err))
        return false;
    if (!choose_run(l, source, &row.run, err) ||
        !log_writer_begin(&l->writer, l->db, l->packer, &row, err)) {
        db_rollback(l->db);
        return false;
    }
    return db_commit(l->db, err);
}

/* One log from its first byte to its last. A log that the session has already is followed for its
 * children's sake only. */
static bool follow_log(struct loader *l, const struct member *member, uint32_t number,
                       struct err *err)
{
    struct source *source = &l->sources.items[member->source];
    struct log_file file = {0};
    struct bytes chunk;
    bool stored = source->state != SOURCE_SAME, begun = false;
    bool ok = (!stored || begin_log(l, source, err)) && log_file_open(&file, source->path, err);
    uint64_t before = 0;
    while (ok && (ok = log_file_next(&file, &chunk, err)) && (chunk.n || !begun)) {
        struct track_log log = {number, member->pid, member->first_place, chunk};
        if (!begun)
            track_begin_log(&l->tracker, &log);
        begun = true;
        ok = log_writer_chunk(&l->writer, &l->tracker, chunk, stored, err);
        l->progress->done_bytes += file.n_bytes - before;
        before = file.n_bytes;
        l->progress->n_lines = (uint32_t)(l->n_lines + l->writer.n_lines);
        if (ok && l->n_lines + l->writer.n_lines >= UINT32_MAX)
            ok = err_set(err, "%s: more lines than a session can hold", source->path);
        if (ok && atomic_load(&l->progress->cancel))
            ok = err_cancelled(err);
    }
    if (ok)
        track_end_log(&l->tracker);
    if (ok && stored)
        ok = log_writer_end(&l->writer, &l->tracker, &file, err);
    l->n_lines += stored ? l->writer.n_lines : 0;
    log_writer_reset(&l->writer);
    log_file_close(&file);
    return ok;
}

static bool follow_families(struct loader *l, struct err *err)
{
    uint32_t number = 0;
    const char *cwd = l->request->cwd ? l->request->cwd : l->request->image_cwd;
    for (size_t i = 0; i < l->families.n; i++) {
        const struct family *family = &l->families.items[i];
        track_begin_trace(&l->tracker, bytes_of(cwd));
        for (size_t k = 0; k < family->n; k++)
            if (!follow_log(l, &family->members[k], number++, err))
                return false;
    }
    return true;
}

/* Positions follow the order given, families the order of processes: new logs get theirs first. */
static void place_new(struct loader *l)
{
    for (size_t i = 0; i < l->sources.n; i++)
        if (l->sources.items[i].state == SOURCE_NEW)
            l->sources.items[i].position = ++l->position;
}

static void count(const struct loader *l, struct trace_result *result)
{
    uint64_t total = 0;
    for (size_t i = 0; i < l->sources.n; i++) {
        const struct source *source = &l->sources.items[i];
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

static bool load_all(struct loader *l, struct trace_result *result, struct err *err)
{
    int64_t n_lines;
    if (!sources_read(l->db, l->request, &l->sources, err) ||
        !families_read(&l->sources, l->progress, &l->families, err))
        return false;
    count(l, result);
    if (!l->families.n)
        return true;
    if (!read_number(l->db, LAST_POSITION, &l->position, err) ||
        !read_number(l->db, COUNT_LINES, &n_lines, err) || !packer_create(&l->packer, err))
        return false;
    for (size_t i = 0; i < l->sources.n; i++)
        if (l->sources.items[i].state != SOURCE_SAME)
            n_lines -= l->sources.items[i].old_lines;
    l->n_lines = n_lines > 0 ? (uint64_t)n_lines : 0;
    place_new(l);
    return follow_families(l, err);
}

bool trace_load(struct db *db, const struct trace_request *request, struct progress *progress,
                struct trace_result *result, struct err *err)
{
    struct loader l = {.db = db, .request = request, .progress = progress};
    *result = (struct trace_result){0};
    progress->phase = PROGRESS_LOGS;
    log_writer_init(&l.writer);
    l.tracker.settle = log_writer_settle;
    l.tracker.with = &l.writer;
    track_init(&l.tracker);
    bool ok = load_all(&l, result, err);
    track_finish(&l.tracker);
    log_writer_finish(&l.writer);
    packer_destroy(l.packer);
    families_finish(&l.families);
    sources_finish(&l.sources);
    return ok;
}
