/* SPDX-License-Identifier: MIT */
#include "keep/notes.h"

#include <stdlib.h>

#include "db/journal.h"

static const char READ_NOTES[] = "SELECT path, text FROM note ORDER BY path";

bool notes_read(struct db *db, struct notes **out, struct err *err)
{
    struct stmt *q = db_query(db, READ_NOTES, err);
    if (!q)
        return false;
    struct notes *notes = mem_zero(1, sizeof *notes);
    size_t cap = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(notes->items, notes->n, cap);
        notes->items[notes->n++] =
            (struct notes_item){.path = arena_copy(&notes->arena, stmt_bytes(q, 0)),
                                .text = arena_copy(&notes->arena, stmt_bytes(q, 1))};
    }
    if (step == STEP_ERR) {
        notes_destroy(notes);
        return false;
    }
    *out = notes;
    return true;
}

void notes_destroy(struct notes *notes)
{
    if (!notes)
        return;
    free(notes->items);
    arena_finish(&notes->arena);
    free(notes);
}

struct bytes notes_find(const struct notes *notes, struct bytes path)
{
    size_t from = 0, to = notes->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = bytes_compare(notes->items[middle].path, path);
        if (!order)
            return notes->items[middle].text;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return bytes_from("", 0);
}

bool notes_set(struct db *db, struct bytes path, struct bytes text, struct err *err)
{
    return journal_set(db, EDIT_NOTE, path, text.n ? text : bytes_from(NULL, 0), err);
}
