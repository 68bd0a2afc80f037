/* SPDX-License-Identifier: MIT */
#include "keep/marks.h"

#include <stdlib.h>
#include <string.h>

#include "db/journal.h"

static const char READ_MARKS[] = "SELECT path, mark FROM mark ORDER BY path";

/* Answers to file groups: names that begin with "family."; '/' is the byte after '.'. */
static const char READ_ANSWERS[] =
    "SELECT name, value FROM setting WHERE name >= 'family.' AND name < 'family/'";

static const char *const names[] = {
    [MARK_NONE] = "", [MARK_AUTO] = "auto", [MARK_KEEP] = "keep", [MARK_DROP] = "drop"};

const char *mark_name(enum mark mark)
{
    return names[mark];
}

static enum mark mark_from(struct bytes name)
{
    for (enum mark mark = MARK_AUTO; mark <= MARK_DROP; mark++)
        if (bytes_equal(name, bytes_of(names[mark])))
            return mark;
    return MARK_NONE;
}

/* Reads the paths of an answer "added"; a NUL byte precedes each path. */
static void read_members(struct bytes group, struct bytes answer, size_t *cap, struct marks *marks)
{
    if (!bytes_starts(answer, bytes_of("added")))
        return;
    struct bytes name = arena_copy(&marks->arena, group);
    struct bytes rest = bytes_skip(answer, bytes_index(answer, 0) + 1);
    while (rest.n) {
        struct bytes path = bytes_split(&rest, 0);
        if (!path.n || path.p[0] != '/')
            continue; /* a damaged session */
        ARRAY_ROOM(marks->members, marks->n_members, *cap);
        marks->members[marks->n_members++] =
            (struct marks_member){name, arena_copy(&marks->arena, path)};
    }
}

static bool read_answers(struct db *db, struct marks *marks, struct err *err)
{
    struct stmt *q = db_query(db, READ_ANSWERS, err);
    enum step step = STEP_ERR;
    size_t cap = 0;
    while (q && (step = stmt_step(q, err)) == STEP_ROW)
        read_members(bytes_skip(stmt_bytes(q, 0), strlen("family.")), stmt_bytes(q, 1), &cap,
                     marks);
    return step == STEP_DONE;
}

bool marks_read(struct db *db, struct marks **out, struct err *err)
{
    struct stmt *q = db_query(db, READ_MARKS, err);
    if (!q)
        return false;
    struct marks *marks = mem_zero(1, sizeof *marks);
    size_t cap = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        enum mark mark = mark_from(stmt_bytes(q, 1));
        if (mark == MARK_NONE)
            continue;
        ARRAY_ROOM(marks->items, marks->n, cap);
        marks->items[marks->n++] =
            (struct marks_item){.path = arena_copy(&marks->arena, stmt_bytes(q, 0)), .mark = mark};
    }
    if (step == STEP_ERR || !read_answers(db, marks, err) ||
        !switches_read(db, &marks->closure_off, err)) {
        marks_destroy(marks);
        return false;
    }
    *out = marks;
    return true;
}

void marks_destroy(struct marks *marks)
{
    if (!marks)
        return;
    free(marks->items);
    free(marks->members);
    arena_finish(&marks->arena);
    free(marks);
}

bool marks_set(struct db *db, const struct tree *tree, uint32_t node, enum mark mark,
               struct err *err)
{
    BUF_AUTO struct buf path = {0};
    tree_path(tree, node, &path);
    struct bytes value = mark == MARK_NONE ? bytes_from(NULL, 0) : bytes_of(names[mark]);
    return journal_set(db, EDIT_MARK, buf_bytes(&path), value, err);
}
