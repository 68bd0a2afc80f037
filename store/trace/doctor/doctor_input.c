/* SPDX-License-Identifier: MIT
 *
 * Whether a run has an access of a kind is asked log by log until one has: with logs as they should
 * be, the first rows answer.
 */
#include "trace/doctor/doctor_input.h"

#include <stdlib.h>

#include "trace/doctor/advice.h"

static const char LOGS[] =
    "SELECT r.id, r.name, l.id, l.name, l.n_lines, l.cut, "
    "(SELECT coalesce(sum(n), 0) FROM packed WHERE log = l.id), "
    "(SELECT text FROM clue WHERE log = l.id AND what = 'style') "
    "FROM run r JOIN log l ON l.run = r.id WHERE l.complete = 1 ORDER BY r.id, l.position";

static void add_log(struct doctor_input *s, struct stmt *q)
{
    if (!s->n_runs || s->runs[s->n_runs - 1].id != stmt_int(q, 0)) {
        ARRAY_ROOM(s->runs, s->n_runs, s->cap_runs);
        s->runs[s->n_runs++] = (struct doctor_run){.id = stmt_int(q, 0),
                                                   .name = arena_copy(&s->arena, stmt_bytes(q, 1))};
    }
    struct doctor_run *run = &s->runs[s->n_runs - 1];
    ARRAY_ROOM(s->logs, s->n_logs, s->cap_logs);
    struct doctor_log *log = &s->logs[s->n_logs++];
    *log = (struct doctor_log){.id = stmt_int(q, 2),
                               .name = arena_copy(&s->arena, stmt_bytes(q, 3)),
                               .n_lines = (uint32_t)stmt_int(q, 4),
                               .cut = stmt_int(q, 5) != 0,
                               .n_accesses = (uint32_t)stmt_int(q, 6)};
    struct advice_log named = {.name = log->name, .style = stmt_bytes(q, 7)};
    struct bytes stem;
    int64_t pid;
    if (advice_one_process(&named, &stem) && line_number(bytes_skip(log->name, stem.n + 1), &pid) &&
        pid <= LINE_PID_MAX)
        log->file_pid = (int32_t)pid;
    run->n_logs++;
    run->n_lines += log->n_lines;
    run->n_accesses += log->n_accesses;
}

bool doctor_input_next_pid(struct bytes *pids, int32_t *pid)
{
    int64_t number;
    if (!line_number(*pids, &number) || number < 1 || number > LINE_PID_MAX)
        return false;
    *pid = (int32_t)number;
    *pids = bytes_skip(*pids, bytes_index(*pids, ' ') + 1);
    return true;
}

static const char CLUES[] =
    "SELECT what, n, line, CASE what WHEN 'child' THEN text ELSE '' END FROM clue WHERE log = :log";

static struct doctor_count *find_count(struct doctor_log *log, struct bytes what)
{
    for (int i = 0; i < N_LOG_TRAITS; i++)
        if (bytes_equal(what, bytes_of(log_trait_name((enum log_trait_kind)i))))
            return &log->traits[i];
    for (int i = 0; i < N_LOG_PROBLEMS; i++)
        if (bytes_equal(what, bytes_of(log_problem_name((enum log_problem)i))))
            return &log->problems[i];
    return NULL;
}

static bool read_traits(struct db *db, struct doctor_input *s, struct doctor_log *log,
                        struct err *err)
{
    struct stmt *q = db_query(db, CLUES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log->id);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        struct doctor_count *count = find_count(log, stmt_bytes(q, 0));
        if (!count)
            continue;
        *count = (struct doctor_count){(uint32_t)stmt_int(q, 1), (uint32_t)stmt_int(q, 2)};
        if (count == &log->traits[TRAIT_CHILD])
            log->children = arena_copy(&s->arena, stmt_bytes(q, 3));
    }
    return step == STEP_DONE;
}

static const char OPENS[] = "SELECT 1 FROM access WHERE log = :log AND "
                            "call IN ('open', 'openat', 'openat2', 'creat') LIMIT 1";
static const char FAILURES[] = "SELECT 1 FROM access WHERE log = :log AND errno > 0 LIMIT 1";
static const char SUCCESSES[] = "SELECT 1 FROM access WHERE log = :log AND errno = 0 LIMIT 1";
static const char OTHERS[] = "SELECT 1 FROM access JOIN asked ON asked.id = asked "
                             "WHERE log = :log AND instr(path, '.so') = 0 LIMIT 1";

/* Sets *out to true if the log has such a row. */
static bool probe(struct db *db, const struct doctor_log *log, const char *sql, bool *out,
                  struct err *err)
{
    if (*out)
        return true;
    struct stmt *q = db_query(db, sql, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log->id);
    enum step step = stmt_step(q, err);
    stmt_reset(q);
    *out = step == STEP_ROW;
    return step != STEP_ERR;
}

/* Marks the logs of strace -ff whose process is a child of another log's process. */
static void mark_children(struct doctor_run *run)
{
    struct map children = {0};
    for (size_t i = 0; i < run->n_logs; i++) {
        int32_t pid;
        for (struct bytes rest = run->logs[i].children; doctor_input_next_pid(&rest, &pid);)
            map_at(&children, bytes_from((const char *)&pid, sizeof pid), NULL);
    }
    for (size_t i = 0; i < run->n_logs; i++) {
        struct doctor_log *log = &run->logs[i];
        struct bytes key = bytes_from((const char *)&log->file_pid, sizeof log->file_pid);
        log->made = log->file_pid && map_find(&children, key);
    }
    map_finish(&children);
}

bool doctor_input_read(struct db *db, struct doctor_input *out, struct err *err)
{
    struct stmt *q = db_query(db, LOGS, err);
    enum step step = STEP_ERR;
    while (q && (step = stmt_step(q, err)) == STEP_ROW)
        add_log(out, q);
    bool ok = step == STEP_DONE;
    size_t first = 0;
    for (size_t i = 0; ok && i < out->n_runs; i++) {
        struct doctor_run *run = &out->runs[i];
        run->logs = out->logs + first;
        first += run->n_logs;
        for (size_t k = 0; ok && k < run->n_logs; k++) {
            struct doctor_log *log = &run->logs[k];
            ok = read_traits(db, out, log, err) && probe(db, log, OPENS, &run->opens, err) &&
                 probe(db, log, FAILURES, &run->failures, err) &&
                 probe(db, log, SUCCESSES, &run->successes, err) &&
                 probe(db, log, OTHERS, &run->others, err);
        }
        mark_children(run);
    }
    return ok;
}

void doctor_input_finish(struct doctor_input *input)
{
    free(input->runs);
    free(input->logs);
    arena_finish(&input->arena);
    *input = (struct doctor_input){0};
}
