/* SPDX-License-Identifier: MIT */
#include "trace/access.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"

static const char *const kind_names[] = {
    [ACCESS_EXECUTED] = "executed", [ACCESS_MAPPED] = "mapped",   [ACCESS_READ] = "read",
    [ACCESS_LISTED] = "listed",     [ACCESS_WRITTEN] = "written", [ACCESS_CREATED] = "created",
    [ACCESS_RENAMED] = "renamed",   [ACCESS_REMOVED] = "removed", [ACCESS_STAT] = "stat",
    [ACCESS_READLINK] = "readlink", [ACCESS_CHDIR] = "chdir",     [ACCESS_OTHER] = "other",
};

const char *access_kind_name(enum access_kind kind)
{
    return kind_names[kind];
}

static enum access_kind kind_of(struct bytes name)
{
    for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
        if (bytes_equal(name, bytes_of(kind_names[i])))
            return (enum access_kind)i;
    return ACCESS_OTHER;
}

/* While reading. */
struct reading {
    struct accesses *out;
    struct map calls;   /* name → its copy in the arena */
    struct map indices; /* id of asked → index in out->asked */
    size_t cap, cap_asked;
};

static struct bytes id_key(const int64_t *id)
{
    return bytes_from((const char *)id, sizeof *id);
}

static const char ASKED[] = "SELECT id, path, known FROM asked ORDER BY id";

static bool read_asked(struct db *db, struct reading *r, struct err *err)
{
    struct accesses *out = r->out;
    struct stmt *q = db_query(db, ASKED, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        int64_t id = stmt_int(q, 0);
        ARRAY_ROOM(out->asked, out->n_asked, r->cap_asked);
        *map_at(&r->indices, id_key(&id), NULL) = out->n_asked;
        out->asked[out->n_asked++] = (struct asked_path){
            .path = arena_copy(&out->arena, stmt_bytes(q, 1)), .id = id, .known = stmt_int(q, 2)};
    }
    return step == STEP_DONE;
}

static const char *call_name(struct reading *r, struct bytes name)
{
    bool is_new;
    uint64_t *at = map_at(&r->calls, name, &is_new);
    if (is_new)
        *at = (uint64_t)(uintptr_t)arena_copy(&r->out->arena, name).p;
    return (const char *)(uintptr_t)*at;
}

static const char ROWS[] = "SELECT seq, mate, pid, call, asked, kind, errno, nofollow, other_root, "
                           "n, first_line FROM access WHERE log = :log ORDER BY seq";

/* A row as the session has it; false where it cannot be: seq counts without gaps, a mate is the
 * next row, paths and lines are there. */
static bool read_row(struct stmt *q, struct reading *r, const struct corpus *corpus, uint32_t log,
                     struct access_row *row)
{
    const struct corpus_log *in = &corpus->logs[log];
    int64_t seq = (int64_t)(r->out->n - r->out->first_of_log[log]) + 1;
    int64_t asked = stmt_int(q, 4), mate = stmt_int(q, 1), line = stmt_int(q, 10);
    const uint64_t *index = map_find(&r->indices, id_key(&asked));
    if (stmt_int(q, 0) != seq || seq >= UINT32_MAX || !index || (mate && mate != seq + 1) ||
        line < 1 || line > in->n_lines)
        return false;
    *row = (struct access_row){.log = log,
                               .seq = (uint32_t)seq,
                               .mate = (uint32_t)mate,
                               .asked = (uint32_t)*index,
                               .n = (uint32_t)stmt_int(q, 9),
                               .first_line = (uint32_t)line,
                               .pid = (int32_t)stmt_int(q, 2),
                               .error = (int32_t)stmt_int(q, 6),
                               .kind = (uint8_t)kind_of(stmt_bytes(q, 5)),
                               .nofollow = stmt_int(q, 7) != 0,
                               .other_root = stmt_int(q, 8) != 0,
                               .call = call_name(r, stmt_bytes(q, 3))};
    return true;
}

static bool read_log(struct db *db, struct reading *r, const struct corpus *corpus, uint32_t log,
                     struct err *err)
{
    struct accesses *out = r->out;
    struct bytes name = corpus->logs[log].name;
    struct stmt *q = db_query(db, ROWS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", corpus->logs[log].id);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(out->rows, out->n, r->cap);
        if (!read_row(q, r, corpus, log, &out->rows[out->n])) {
            stmt_reset(q);
            return err_set(err, "%s: the accesses of %.*s are damaged", db_path(db), (int)name.n,
                           name.p);
        }
        out->n++;
    }
    size_t first = out->first_of_log[log];
    if (step == STEP_DONE && out->n > first && out->rows[out->n - 1].mate)
        return err_set(err, "%s: the accesses of %.*s are damaged", db_path(db), (int)name.n,
                       name.p);
    return step == STEP_DONE;
}

bool accesses_read(struct db *db, const struct corpus *corpus, struct accesses **out,
                   struct err *err)
{
    struct accesses *accesses = mem_zero(1, sizeof *accesses);
    struct reading r = {.out = accesses};
    accesses->first_of_log = mem_zero(corpus->n_logs + 1, sizeof *accesses->first_of_log);
    bool ok = read_asked(db, &r, err);
    for (uint32_t log = 0; ok && log < corpus->n_logs; log++) {
        accesses->first_of_log[log] = accesses->n;
        ok = read_log(db, &r, corpus, log, err);
    }
    accesses->first_of_log[corpus->n_logs] = accesses->n;
    map_finish(&r.calls);
    map_finish(&r.indices);
    if (!ok) {
        accesses_destroy(accesses);
        return false;
    }
    *out = accesses;
    return true;
}

void accesses_destroy(struct accesses *accesses)
{
    if (!accesses)
        return;
    free(accesses->rows);
    free(accesses->first_of_log);
    free(accesses->asked);
    arena_finish(&accesses->arena);
    free(accesses);
}
