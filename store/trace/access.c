/* SPDX-License-Identifier: MIT */
#include "trace/access.h"

#include <stdlib.h>
#include <string.h>

#include "trace/log/access_rows.h"
#include "trace/log/number_text.h"
#include "util/map.h"

/* State during accesses_read. */
struct reading {
    struct accesses *out;
    struct map processes; /* of the current log: number → index in out->processes */
    size_t cap, cap_paths, cap_processes;
    struct columns { /* rows that do not fill a block yet */
        uint32_t type[BIT_PACK_N], path[BIT_PACK_N], process[BIT_PACK_N], first_line[BIT_PACK_N],
            n[BIT_PACK_N];
    } columns;
    uint32_t numbers[5][ACCESS_ROWS_PACKED]; /* columns of one packed row: process, type, path,
                                                first line, count */
};

static struct bytes key_of(const uint32_t *number)
{
    return bytes_from((const char *)number, sizeof *number);
}

static const char ASKED[] = "SELECT id, path, known, route FROM asked ORDER BY id";

static bool read_paths(struct db *db, struct reading *r, struct err *err)
{
    struct accesses *out = r->out;
    struct stmt *q = db_query(db, ASKED, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(out->paths, out->n_paths, r->cap_paths);
        struct access_path *path = &out->paths[out->n_paths++];
        *path = (struct access_path){.path = arena_copy(&out->arena, stmt_bytes(q, 1)),
                                     .id = stmt_int(q, 0),
                                     .known = stmt_int(q, 2)};
        struct bytes route = stmt_bytes(q, 3);
        path->route = route.n ? arena_copy(&out->arena, route) : path->path;
    }
    return step == STEP_DONE;
}

/* Returns the index in the list of paths for an id of table asked; n_paths if the id does not
 * exist. The ids nearly always have no gaps. */
static size_t find_path(const struct accesses *out, int64_t id)
{
    size_t low = 0, high = out->n_paths;
    if (out->n_paths && id >= out->paths[0].id && id - out->paths[0].id < (int64_t)out->n_paths &&
        out->paths[id - out->paths[0].id].id == id)
        return (size_t)(id - out->paths[0].id);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (out->paths[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < out->n_paths && out->paths[low].id == id ? low : out->n_paths;
}

static const char WAYS[] =
    "SELECT id, call, kind, errno, nofollow, other_root, pair FROM way ORDER BY id";

static bool read_types(struct db *db, struct reading *r, struct err *err)
{
    enum { TYPE_MAX = 65535 };
    struct stmt *q = db_query(db, WAYS, err);
    if (!q)
        return false;
    struct access_type *types = r->out->types = mem_zero(TYPE_MAX + 1, sizeof *types);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        int64_t id = stmt_int(q, 0);
        if (id < 1 || id > TYPE_MAX)
            continue;
        r->out->n_types = (size_t)id + 1;
        types[id] = (struct access_type){.call = arena_copy(&r->out->arena, stmt_bytes(q, 1)).p,
                                         .kind = (uint8_t)access_kind_of(stmt_bytes(q, 2)),
                                         .error = (int32_t)stmt_int(q, 3),
                                         .nofollow = stmt_int(q, 4) != 0,
                                         .other_root = stmt_int(q, 5) != 0,
                                         .pair = stmt_int(q, 6) != 0};
    }
    return step == STEP_DONE;
}

static const char PROCESSES[] = "SELECT number, pid FROM process WHERE log = :log ORDER BY number";

static bool read_processes(struct db *db, struct reading *r, int64_t id, uint32_t log,
                           struct err *err)
{
    struct accesses *out = r->out;
    struct stmt *q = db_query(db, PROCESSES, err);
    if (!q)
        return false;
    map_finish(&r->processes);
    stmt_bind_int(q, ":log", id);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        uint32_t number = (uint32_t)stmt_int(q, 0);
        *map_at(&r->processes, key_of(&number), NULL) = out->n_processes;
        ARRAY_ROOM(out->processes, out->n_processes, r->cap_processes);
        out->processes[out->n_processes++] =
            (struct access_process){.log = log, .number = number, .pid = (int32_t)stmt_int(q, 1)};
    }
    return step == STEP_DONE;
}

static const char PACKED[] =
    "SELECT first_seq, n, base_asked, base_line, process, process_upper, way, '', asked, "
    "asked_upper, line, line_upper, times, times_upper FROM packed WHERE log = :log "
    "ORDER BY first_seq";

/* Packs the rows since the last block as a block. The unused end of a partial block has values of
 * earlier rows. */
static void squeeze_block(struct reading *r)
{
    struct accesses *out = r->out;
    size_t index = (out->n - 1) / BIT_PACK_N;
    ARRAY_ROOM(out->blocks, index, r->cap);
    bit_pack(r->columns.type, &out->arena, &out->blocks[index].type);
    bit_pack(r->columns.path, &out->arena, &out->blocks[index].path);
    bit_pack(r->columns.process, &out->arena, &out->blocks[index].process);
    bit_pack(r->columns.first_line, &out->arena, &out->blocks[index].first_line);
    bit_pack(r->columns.n, &out->arena, &out->blocks[index].n);
}

/* Adds one access of a packed row. Returns false if its path, type, process or line does not exist.
 */
static bool add_access(struct reading *r, struct stmt *q, const struct corpus_log *in, size_t i)
{
    struct accesses *out = r->out;
    size_t at = out->n % BIT_PACK_N;
    uint32_t process = r->numbers[0][i], type = r->numbers[1][i];
    size_t path = find_path(out, stmt_int(q, 2) + r->numbers[2][i]);
    int64_t line = stmt_int(q, 3) + r->numbers[3][i];
    const uint64_t *index = map_find(&r->processes, key_of(&process));
    if (type >= out->n_types || !out->types[type].call || path == out->n_paths || !index ||
        line < 1 || line > in->n_lines)
        return false;
    r->columns.type[at] = type;
    r->columns.path[at] = (uint32_t)path;
    r->columns.process[at] = (uint32_t)*index;
    r->columns.first_line[at] = (uint32_t)line;
    r->columns.n[at] = r->numbers[4][i];
    if (++out->n % BIT_PACK_N == 0)
        squeeze_block(r);
    return true;
}

/* Reads one row of table packed. Returns false if it does not continue the previous row. */
static bool read_packed(struct reading *r, struct stmt *q, const struct corpus_log *in,
                        uint32_t log)
{
    struct accesses *out = r->out;
    int64_t seq = (int64_t)(out->n - out->first_of_log[log]) + 1, n = stmt_int(q, 1);
    if (stmt_int(q, 0) != seq || n < 1 || n > ACCESS_ROWS_PACKED || seq + n >= UINT32_MAX)
        return false;
    for (int i = 0; i < 5; i++)
        if (!number_text_read(stmt_bytes(q, 4 + 2 * i), stmt_bytes(q, 5 + 2 * i), (size_t)n,
                              r->numbers[i]))
            return false;
    for (size_t i = 0; i < (size_t)n; i++)
        if (!add_access(r, q, in, i))
            return false;
    return true;
}

static bool read_log(struct db *db, struct reading *r, const struct corpus *corpus, uint32_t log,
                     struct err *err)
{
    struct accesses *out = r->out;
    const struct corpus_log *in = &corpus->logs[log];
    struct stmt *q = read_processes(db, r, in->id, log, err) ? db_query(db, PACKED, err) : NULL;
    if (!q)
        return false;
    stmt_bind_int(q, ":log", in->id);
    enum step step;
    bool ok = true;
    while (ok && (step = stmt_step(q, err)) == STEP_ROW)
        ok = read_packed(r, q, in, log);
    stmt_reset(q);
    if (ok && step == STEP_ERR)
        return false;
    if (!ok || (out->n > out->first_of_log[log] &&
                out->types[r->columns.type[(out->n - 1) % BIT_PACK_N]].pair))
        return err_set(err, "%s: the accesses of %.*s are damaged", db_path(db), (int)in->name.n,
                       in->name.p);
    return true;
}

bool accesses_read(struct db *db, const struct corpus *corpus, struct accesses **out,
                   struct err *err)
{
    struct accesses *accesses = mem_zero(1, sizeof *accesses);
    struct reading r = {.out = accesses};
    accesses->first_of_log = mem_zero(corpus->n_logs + 1, sizeof *accesses->first_of_log);
    bool ok = read_paths(db, &r, err) && read_types(db, &r, err);
    for (uint32_t log = 0; ok && log < corpus->n_logs; log++) {
        accesses->first_of_log[log] = accesses->n;
        ok = read_log(db, &r, corpus, log, err);
    }
    accesses->first_of_log[corpus->n_logs] = accesses->n;
    if (accesses->n % BIT_PACK_N)
        squeeze_block(&r);
    map_finish(&r.processes);
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
    free(accesses->blocks);
    free(accesses->first_of_log);
    free(accesses->paths);
    free(accesses->types);
    free(accesses->processes);
    arena_finish(&accesses->arena);
    free(accesses);
}

struct access_row access_at(const struct accesses *accesses, size_t index)
{
    const struct access_block *block = &accesses->blocks[index / BIT_PACK_N];
    size_t i = index % BIT_PACK_N;
    return (struct access_row){.type = &accesses->types[bit_packed_at(&block->type, i)],
                               .path = bit_packed_at(&block->path, i),
                               .process = bit_packed_at(&block->process, i),
                               .first_line = bit_packed_at(&block->first_line, i),
                               .n = bit_packed_at(&block->n, i)};
}

uint32_t access_log(const struct accesses *accesses, const struct access_row *row)
{
    return accesses->processes[row->process].log;
}
