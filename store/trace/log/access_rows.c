/* SPDX-License-Identifier: MIT */
#include "trace/log/access_rows.h"

#include <stdlib.h>
#include <string.h>

static struct new_access row_of(const struct access_rows_call *what, size_t i)
{
    return (struct new_access){.call = what->call,
                               .process = what->process,
                               .path = what->paths[i].path,
                               .first_line = what->line,
                               .error = what->error,
                               .asked_kind = what->paths[i].kind,
                               .kind = what->paths[i].kind,
                               .nofollow = what->paths[i].nofollow,
                               .other_root = what->other_root};
}

static uint32_t first_of(const struct access_rows *rows)
{
    return rows->first ? rows->first : 1;
}

/* Hashes the fields that identify a call. The multipliers are odd numbers without a pattern. */
static uint32_t hash_of(const struct access_rows_call *what)
{
    uint64_t h = (uint64_t)(uintptr_t)what->call;
    for (size_t i = 0; i < what->n_paths; i++) {
        const struct access_rows_path *path = &what->paths[i];
        h = (h ^ path->path ^ (uint64_t)path->kind << 32 ^ (uint64_t)path->nofollow << 40) *
            0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    h ^= (uint64_t)(uint32_t)what->error << 32 ^ what->process ^ (uint64_t)what->other_root << 63;
    h *= 0xd6e8feb86659fd93u;
    return (uint32_t)(h >> 32);
}

static bool is_row(const struct new_access *row, const struct access_rows_call *what, size_t i)
{
    return row->path == what->paths[i].path && row->process == what->process &&
           row->call == what->call && row->error == what->error &&
           row->asked_kind == what->paths[i].kind && row->nofollow == what->paths[i].nofollow &&
           row->other_root == what->other_root;
}

static bool is_same(const struct new_access *row, const struct access_rows_call *what)
{
    return is_row(row, what, 0) && (row->mate != 0) == (what->n_paths == 2) &&
           (!row->mate || is_row(row + 1, what, 1));
}

/* Returns the slot of an equal call, or the free slot where the call would be added. */
static uint32_t *probe(const struct access_rows *rows, const struct access_rows_call *what,
                       uint32_t hash)
{
    for (size_t i = hash & (rows->n_slots - 1);; i = (i + 1) & (rows->n_slots - 1)) {
        uint32_t *slot = &rows->slots[i];
        const struct new_access *row = *slot ? access_rows_get(rows, *slot) : NULL;
        if (!row || (row->hash == hash && is_same(row, what)))
            return slot;
    }
}

/* Returns a row that is still in memory. */
static struct new_access *row_at(const struct access_rows *rows, uint32_t seq)
{
    return &rows->items[seq - first_of(rows)];
}

/* Rebuilds the hash table with n_slots slots, for the calls from seq on. */
static void fill_slots(struct access_rows *rows, uint32_t seq, size_t n_slots)
{
    free(rows->slots);
    rows->slots = mem_zero(n_slots, sizeof *rows->slots);
    rows->n_slots = n_slots;
    rows->n_used = 0;
    while (seq <= access_rows_last(rows)) {
        const struct new_access *row = row_at(rows, seq);
        size_t i = row->hash & (n_slots - 1);
        while (rows->slots[i])
            i = (i + 1) & (n_slots - 1);
        rows->slots[i] = seq;
        rows->n_used++;
        seq += row->mate ? 2 : 1;
    }
}

/* Appends the rows of a call; returns the seq of the first row. */
static uint32_t append(struct access_rows *rows, const struct access_rows_call *what, uint32_t hash)
{
    uint32_t first = access_rows_last(rows) + 1;
    for (size_t i = 0; i < what->n_paths; i++) {
        ARRAY_ROOM(rows->items, rows->n, rows->cap);
        rows->items[rows->n] = row_of(what, i);
        rows->items[rows->n++].hash = hash;
    }
    if (what->n_paths == 2)
        row_at(rows, first)->mate = first + 1;
    rows->n_used++;
    return first;
}

uint32_t access_rows_add(struct access_rows *rows, const struct access_rows_call *what)
{
    enum { FIRST_SLOTS = 64 };
    uint32_t hash = hash_of(what);
    if ((rows->n_used + 1) * 2 > rows->n_slots)
        fill_slots(rows, first_of(rows), rows->n_slots ? rows->n_slots * 2 : FIRST_SLOTS);
    uint32_t *slot = probe(rows, what, hash);
    if (!*slot)
        *slot = append(rows, what, hash);
    uint32_t seq = *slot;
    for (size_t i = 0; i < what->n_paths; i++) {
        struct new_access *row = access_rows_get(rows, seq + (uint32_t)i);
        row->n++;
        if (row->first_line > what->line) /* a joined call is added after its first half's line */
            row->first_line = what->line;
    }
    return seq;
}

struct new_access *access_rows_get(const struct access_rows *rows, uint32_t seq)
{
    return seq < first_of(rows) ? NULL : row_at(rows, seq);
}

uint32_t access_rows_last(const struct access_rows *rows)
{
    return first_of(rows) + (uint32_t)rows->n - 1;
}

void access_rows_take(struct access_rows *rows, enum access_rows_age age,
                      struct access_rows_part *part)
{
    uint32_t end = age == ACCESS_ROWS_ALL ? access_rows_last(rows) + 1 : first_of(rows);
    uint32_t newer = rows->turn ? rows->turn : 1;
    if (age == ACCESS_ROWS_OLD && access_rows_last(rows) + 1 - newer >= ACCESS_ROWS_GENERATION) {
        end = newer;
        rows->turn = access_rows_last(rows) + 1;
        fill_slots(rows, end, rows->n_slots);
    }
    size_t n = end - first_of(rows);
    *part = (struct access_rows_part){.n = n, .first = first_of(rows)};
    if (!n)
        return;
    part->items = mem_array(NULL, n, sizeof *part->items);
    memcpy(part->items, rows->items, n * sizeof *rows->items);
    memmove(rows->items, rows->items + n, (rows->n - n) * sizeof *rows->items);
    rows->n -= n;
    rows->first = end;
}

void access_rows_finish(struct access_rows *rows)
{
    free(rows->slots);
    free(rows->items);
    *rows = (struct access_rows){0};
}
