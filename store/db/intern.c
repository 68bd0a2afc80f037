/* SPDX-License-Identifier: MIT */
#include "db/intern.h"

#include "util/path.h"

static const char FIND[] = "SELECT id FROM path WHERE parent = :parent AND name = :name";
static const char LAST[] = "SELECT max(id) FROM path";
static const char MAKE[] = "INSERT INTO path (parent, name) VALUES (:parent, :name)";

static bool find_last(struct intern *intern, struct err *err)
{
    struct stmt *q = db_query(intern->db, LAST, err);
    if (!q || stmt_step(q, err) == STEP_ERR)
        return false;
    intern->last = stmt_int(q, 0);
    stmt_reset(q);
    return true;
}

/* *id 0: there is none. Only one load at a time interns paths: what it made itself has no children
 * but those that it knows. */
static bool find_child(struct intern *intern, int64_t parent, struct bytes name, int64_t *id,
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

static int64_t child_id(struct intern *intern, int64_t parent, struct bytes name, struct err *err)
{
    int64_t id;
    if (!find_child(intern, parent, name, &id, err))
        return 0;
    if (id)
        return id;
    struct stmt *make = db_query(intern->db, MAKE, err);
    if (!make)
        return 0;
    stmt_bind_int(make, ":parent", parent);
    stmt_bind_text_borrowed(make, ":name", name);
    return stmt_run(make, err) ? db_last_id(intern->db) : 0;
}

int64_t intern_path(struct intern *intern, struct bytes path, struct err *err)
{
    if (!path.n)
        return 1;
    uint64_t *known = map_find(&intern->known, path);
    if (known)
        return (int64_t)*known;
    /* From the longest known parent down; path lengths are limited by the loaders. */
    size_t n = path.n;
    int64_t id = 1;
    while ((n = path_dir(bytes_from(path.p, n)).n) > 0) {
        if ((known = map_find(&intern->known, bytes_from(path.p, n)))) {
            id = (int64_t)*known;
            break;
        }
    }
    struct bytes rest = bytes_skip(path, n);
    for (struct bytes part; (part = path_next(&rest)).n;) {
        id = child_id(intern, id, part, err);
        if (!id)
            return 0;
        *map_at(&intern->known, bytes_from(path.p, (size_t)(part.p + part.n - path.p)), NULL) =
            (uint64_t)id;
    }
    return id;
}

void intern_finish(struct intern *intern)
{
    map_finish(&intern->known);
}
