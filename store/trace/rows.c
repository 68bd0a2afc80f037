/* SPDX-License-Identifier: MIT */
#include "trace/rows.h"

#include <stdlib.h>
#include <string.h>

/* What makes two calls the same, without padding: it is hashed as bytes. */
struct key {
    uint64_t call;
    uint32_t process, path, second_path;
    int32_t error;
    uint8_t kind, second_kind, flags, unused[5];
};
_Static_assert(sizeof(struct key) == 32, "no padding");

static struct row row_of(const struct rows_call *what, size_t i)
{
    return (struct row){.call = what->call,
                        .process = what->process,
                        .path = what->paths[i].path,
                        .first_line = what->line,
                        .error = what->error,
                        .asked_kind = what->paths[i].kind,
                        .kind = what->paths[i].kind,
                        .nofollow = what->paths[i].nofollow,
                        .other_root = what->other_root};
}

/* Looking at the newest rows of a path finds nearly every call that comes again, without the map.
 */
static uint32_t find_recent(const struct rows *rows, const struct rows_call *what)
{
    enum { LOOK = 4 };
    uint32_t path = what->paths[0].path;
    uint32_t seq = path < rows->n_newest && what->n_paths == 1 ? rows->newest[path] : 0;
    for (int i = 0; seq && i < LOOK; i++) {
        const struct row *row = rows_get(rows, seq);
        if (!row)
            return 0;
        if (row->call == what->call && row->process == what->process && row->error == what->error &&
            row->asked_kind == what->paths[0].kind && row->nofollow == what->paths[0].nofollow &&
            row->other_root == what->other_root && !row->paired)
            return seq;
        seq = row->older;
    }
    return 0;
}

static uint32_t *newest_of(struct rows *rows, uint32_t path)
{
    if (path >= rows->n_newest) {
        size_t n = (size_t)path * 2 + 64;
        rows->newest = mem_array(rows->newest, n, sizeof *rows->newest);
        memset(rows->newest + rows->n_newest, 0, (n - rows->n_newest) * sizeof *rows->newest);
        rows->n_newest = n;
    }
    return &rows->newest[path];
}

/* Appends the rows of a call; returns the first's seq. */
static uint32_t append(struct rows *rows, const struct rows_call *what)
{
    uint32_t first = rows_last(rows) + 1;
    for (size_t i = 0; i < what->n_paths; i++) {
        uint32_t *newest = newest_of(rows, what->paths[i].path);
        struct row row = row_of(what, i);
        row.paired = what->n_paths == 2;
        row.older = *newest;
        ARRAY_ROOM(rows->items, rows->n, rows->cap);
        rows->items[rows->n++] = row;
        *newest = rows_last(rows);
    }
    if (what->n_paths == 2)
        rows_get(rows, first)->mate = first + 1;
    return first;
}

/* The seq of a call that was not among the recent ones. */
static uint32_t find_or_append(struct rows *rows, const struct rows_call *what)
{
    bool is_new;
    struct key key = {.call = (uint64_t)(uintptr_t)what->call,
                      .process = what->process,
                      .path = what->paths[0].path,
                      .error = what->error,
                      .kind = what->paths[0].kind,
                      .flags = (uint8_t)(what->paths[0].nofollow | what->other_root << 1)};
    if (what->n_paths == 2) {
        key.second_path = what->paths[1].path;
        key.second_kind = what->paths[1].kind;
        key.flags |= (uint8_t)(what->paths[1].nofollow << 2);
    }
    struct bytes bytes = bytes_from((const char *)&key, sizeof key);
    const uint64_t *old = rows->turn ? map_find(&rows->seen[0], bytes) : NULL;
    if (old)
        return (uint32_t)*old;
    uint64_t *seq = map_at(&rows->seen[1], bytes, &is_new);
    if (is_new)
        *seq = append(rows, what);
    return (uint32_t)*seq;
}

uint32_t rows_add(struct rows *rows, const struct rows_call *what)
{
    uint32_t seq = find_recent(rows, what);
    if (!seq)
        seq = find_or_append(rows, what);
    for (size_t i = 0; i < what->n_paths; i++) {
        struct row *row = rows_get(rows, seq + (uint32_t)i);
        row->n++;
        if (row->first_line > what->line) /* halves are joined later than they begin */
            row->first_line = what->line;
    }
    return seq;
}

static uint32_t first_of(const struct rows *rows)
{
    return rows->first ? rows->first : 1;
}

struct row *rows_get(const struct rows *rows, uint32_t seq)
{
    return seq < first_of(rows) ? NULL : &rows->items[seq - first_of(rows)];
}

uint32_t rows_last(const struct rows *rows)
{
    return first_of(rows) + (uint32_t)rows->n - 1;
}

/* The newer generation is full: it becomes the older one. */
static void turn(struct rows *rows)
{
    map_finish(&rows->seen[0]);
    rows->seen[0] = rows->seen[1];
    rows->seen[1] = (struct map){0};
    rows->turn = rows_last(rows) + 1;
}

void rows_take(struct rows *rows, enum rows_age age, struct rows_part *part)
{
    uint32_t end = age == ROWS_ALL ? rows_last(rows) + 1 : first_of(rows);
    uint32_t newer = rows->turn ? rows->turn : 1;
    if (age == ROWS_OLD && rows_last(rows) + 1 - newer >= ROWS_GENERATION) {
        end = newer;
        turn(rows);
    }
    size_t n = end - first_of(rows);
    *part = (struct rows_part){.n = n, .first = first_of(rows)};
    if (!n)
        return;
    part->items = mem_array(NULL, n, sizeof *part->items);
    memcpy(part->items, rows->items, n * sizeof *rows->items);
    memmove(rows->items, rows->items + n, (rows->n - n) * sizeof *rows->items);
    rows->n -= n;
    rows->first = end;
}

void rows_finish(struct rows *rows)
{
    map_finish(&rows->seen[0]);
    map_finish(&rows->seen[1]);
    free(rows->items);
    free(rows->newest);
    *rows = (struct rows){0};
}
