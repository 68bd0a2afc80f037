/* SPDX-License-Identifier: MIT */
#include "db/intern.h"

#include "util/path.h"

static const char FIND[] = "SELECT id FROM path WHERE parent = :parent AND name = :name";
static const char MAKE[] = "INSERT INTO path (parent, name) VALUES (:parent, :name)";

static int64_t child_id(struct intern *intern, int64_t parent, struct bytes name, struct err *err)
{
    struct stmt *find = db_query(intern->db, FIND, err);
    if (!find)
        return 0;
    stmt_bind_int(find, ":parent", parent);
    stmt_bind_text_borrowed(find, ":name", name);
    enum step step = stmt_step(find, err);
    int64_t id = step == STEP_ROW ? stmt_int(find, 0) : 0;
    stmt_reset(find);
    if (step != STEP_DONE)
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
