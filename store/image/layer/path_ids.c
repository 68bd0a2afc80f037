/* SPDX-License-Identifier: MIT */
#include "image/layer/path_ids.h"

#include <stdlib.h>
#include <string.h>

#include "util/path.h"

struct path_ids path_ids_of(struct db *db)
{
    return (struct path_ids){.intern = {.db = db}};
}

void path_ids_finish(struct path_ids *paths)
{
    path_intern_finish(&paths->intern);
    free(paths->parents);
    paths->parents = NULL;
    paths->n = 0;
}

static bool make_room(struct path_ids *paths, int64_t id, struct err *err)
{
    if (id < PATHS_ROOT || id >= PATHS_MAX)
        return err_set(err, "%s: more than %d paths", db_path(paths->intern.db), PATHS_MAX);
    if ((size_t)id < paths->n)
        return true;
    size_t n = paths->n * 2 > (size_t)id + 1 ? paths->n * 2 : (size_t)id + 1024;
    paths->parents = mem_array(paths->parents, n, sizeof *paths->parents);
    memset(paths->parents + paths->n, 0, (n - paths->n) * sizeof *paths->parents);
    paths->n = n;
    paths->parents[PATHS_ROOT] = -1;
    return true;
}

int64_t path_ids_intern(struct path_ids *paths, struct bytes path, struct err *err)
{
    int64_t id = path_intern_path(&paths->intern, path, err);
    if (!id || !make_room(paths, id, err))
        return 0;
    /* Goes up to the first known parent; all parents are already in the cache of `intern`. */
    for (int64_t at = id; !paths->parents[at];) {
        path = path_dir(path);
        int64_t parent = path_intern_path(&paths->intern, path, err);
        if (!parent || !make_room(paths, parent, err))
            return 0;
        paths->parents[at] = parent;
        at = parent;
    }
    return id;
}

bool path_ids_write(struct path_ids *paths, struct err *err)
{
    return path_intern_write(&paths->intern, err);
}

static const char PARENT[] = "SELECT parent, name FROM path WHERE id = :id";

bool path_ids_load_parents(struct path_ids *paths, int64_t id, struct err *err)
{
    if (!make_room(paths, id, err))
        return false;
    for (int64_t at = id, hops = 0; !paths->parents[at]; hops++) {
        struct stmt *q = db_query(paths->intern.db, PARENT, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":id", at);
        enum step step = stmt_step(q, err);
        int64_t parent = step == STEP_ROW ? stmt_int(q, 0) : 0;
        stmt_reset(q);
        if (step == STEP_ERR)
            return false;
        /* A damaged session can have a path that is its own ancestor. */
        if (parent < PATHS_ROOT || parent == at || hops > PATHS_MAX)
            return err_set(err, "%s: damaged: a path without a parent", db_path(paths->intern.db));
        if (!make_room(paths, parent, err))
            return false;
        paths->parents[at] = parent;
        at = parent;
    }
    return true;
}

enum lookup path_ids_find(struct path_ids *paths, struct bytes path, int64_t *id, struct err *err)
{
    int64_t found;
    if (!path_intern_find(&paths->intern, path, &found, err))
        return LOOKUP_ERR;
    if (!found)
        return LOOKUP_ABSENT;
    *id = found;
    return LOOKUP_FOUND;
}

int64_t path_ids_parent(const struct path_ids *paths, int64_t id)
{
    return paths->parents[id] > 0 ? paths->parents[id] : 0;
}

bool path_ids_text(struct path_ids *paths, int64_t id, struct buf *out, struct err *err)
{
    BUF_AUTO struct buf tail = {0};
    buf_clear(out);
    if (!path_ids_write(paths, err))
        return false;
    for (; id > PATHS_ROOT; id = path_ids_parent(paths, id)) {
        struct stmt *q = db_query(paths->intern.db, PARENT, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":id", id);
        enum step step = stmt_step(q, err);
        if (step != STEP_ROW)
            return step == STEP_DONE
                       ? err_set(err, "%s: damaged: a path is missing", db_path(paths->intern.db))
                       : false;
        buf_clear(&tail);
        buf_add(&tail, buf_bytes(out));
        buf_clear(out);
        buf_add(out, stmt_bytes(q, 1));
        stmt_reset(q);
        if (tail.n) {
            buf_byte(out, '/');
            buf_add(out, buf_bytes(&tail));
        }
    }
    return true;
}
