/* SPDX-License-Identifier: MIT */
#include "db/path_intern.h"

#include <stdlib.h>

#include "db/bulk_insert.h"
#include "util/path.h"

enum { ROWS_MAX = 256 };

static const char FIND[] = "SELECT id FROM path WHERE parent = :parent AND name = :name";
static const char LAST[] = "SELECT max(id) FROM path";
static const char MAKE[] = "INSERT INTO path (id, parent, name) SELECT c0, c1, c2 FROM bulk";

static bool find_last(struct path_intern *intern, struct err *err)
{
    struct stmt *q = db_query(intern->db, LAST, err);
    if (!q || stmt_step(q, err) == STEP_ERR)
        return false;
    intern->last = stmt_int(q, 0);
    intern->next = intern->last + 1;
    stmt_reset(q);
    return true;
}

/* Looks up the id of a child by parent and name; *id 0 means "not found". Only one load at a time
 * interns paths, so all children of a path that this load added are in its cache. */
static bool find_child(struct path_intern *intern, int64_t parent, struct bytes name, int64_t *id,
                       struct err *err)
{
    *id = 0;
    if (!intern->last && !find_last(intern, err))
        return false;
    if (parent > intern->last)
        return true;
    struct stmt *find = db_query(intern->db, FIND, err);
    if (!find)
        return false;
    stmt_bind_int(find, ":parent", parent);
    stmt_bind_text_borrowed(find, ":name", name);
    enum step step = stmt_step(find, err);
    if (step == STEP_ROW)
        *id = stmt_int(find, 0);
    stmt_reset(find);
    return step != STEP_ERR;
}

static void row_value(const void *with, size_t row, int column, struct bulk_value *out)
{
    const struct path_intern *intern = with;
    const struct intern_row *from = &intern->rows[row];
    out->kind = column == 2 ? BULK_TEXT : BULK_INT;
    out->number = column ? from->parent : from->id;
    out->bytes = bytes_from(intern->names.p + from->name, from->n);
}

bool path_intern_write(struct path_intern *intern, struct err *err)
{
    struct bulk_insert rows = {intern->n_rows, row_value, intern};
    if (!rows.n)
        return true;
    struct stmt *make = db_query(intern->db, MAKE, err);
    if (!make || !bulk_insert_run(make, &rows, err))
        return false;
    intern->n_rows = 0;
    buf_clear(&intern->names);
    return true;
}

static int64_t child_id(struct path_intern *intern, int64_t parent, struct bytes name,
                        struct err *err)
{
    int64_t id;
    if (!find_child(intern, parent, name, &id, err))
        return 0;
    if (id)
        return id;
    if (intern->n_rows == ROWS_MAX && !path_intern_write(intern, err))
        return 0;
    ARRAY_ROOM(intern->rows, intern->n_rows, intern->cap_rows);
    intern->rows[intern->n_rows++] =
        (struct intern_row){intern->next, parent, intern->names.n, name.n};
    buf_add(&intern->names, name);
    return intern->next++;
}

/* Finds the longest known parent of a path that is not known itself; sets its length and its id. */
static size_t known_parent(const struct path_intern *intern, struct bytes path, int64_t *id)
{
    size_t n = path.n;
    *id = 1;
    while ((n = path_dir(bytes_from(path.p, n)).n) > 0) {
        uint64_t *known = map_find(&intern->known, bytes_from(path.p, n));
        if (known) {
            *id = (int64_t)*known;
            break;
        }
    }
    return n;
}

static void remember(struct path_intern *intern, struct bytes path, struct bytes part, int64_t id)
{
    *map_at(&intern->known, bytes_from(path.p, (size_t)(part.p + part.n - path.p)), NULL) =
        (uint64_t)id;
}

int64_t path_intern_path(struct path_intern *intern, struct bytes path, struct err *err)
{
    if (!path.n)
        return 1;
    uint64_t *known = map_find(&intern->known, path);
    if (known)
        return (int64_t)*known;
    /* Adds the components below the longest known parent, one by one. The loaders limit the length
     * of paths. */
    int64_t id;
    struct bytes rest = bytes_skip(path, known_parent(intern, path, &id));
    for (struct bytes part; (part = path_next(&rest)).n;) {
        id = child_id(intern, id, part, err);
        if (!id)
            return 0;
        remember(intern, path, part, id);
    }
    return id;
}

bool path_intern_find(struct path_intern *intern, struct bytes path, int64_t *id, struct err *err)
{
    uint64_t *known = path.n ? map_find(&intern->known, path) : NULL;
    *id = known ? (int64_t)*known : 1;
    if (known || !path.n)
        return true;
    struct bytes rest = bytes_skip(path, known_parent(intern, path, id));
    for (struct bytes part; *id && (part = path_next(&rest)).n;) {
        if (!find_child(intern, *id, part, id, err))
            return false;
        if (*id)
            remember(intern, path, part, *id);
    }
    return true;
}

void path_intern_finish(struct path_intern *intern)
{
    map_finish(&intern->known);
    buf_finish(&intern->names);
    free(intern->rows);
}
