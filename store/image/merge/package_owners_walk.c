/* SPDX-License-Identifier: MIT
 *
 * If the tree has the path itself, no parent directory is a symlink: most paths are found with this
 * one look-up. For other paths, the last directory is remembered, because lists have the files of a
 * directory one after the other.
 */
#include "image/merge/package_owners_walk.h"

#include "image/layer/tar_member.h"
#include "util/path.h"

enum {
    HOPS_MAX = 40, /* same as the kernel */
    LEFT_MAX = 2 * TAR_MEMBER_PATH_MAX,
    LINK_COST = 20,  /* cost of a query, in look-ups */
    PATH_COST = 4096 /* square of the length of a short path */
};

static const char LINK[] =
    "SELECT link FROM entry WHERE layer = :layer AND path = :path AND kind = 'link'";

void package_owners_walk_finish(struct package_owners_walk *walk)
{
    buf_finish(&walk->dir);
    buf_finish(&walk->real);
    buf_finish(&walk->left);
    buf_finish(&walk->path);
}

/* Writes the target of a symlink to out; writes nothing for other nodes. */
static bool read_link(struct package_owners_walk *walk, const struct package_owners_node *node,
                      struct buf *out, struct err *err)
{
    buf_clear(out);
    walk->cost += LINK_COST;
    struct stmt *q = db_query(walk->request->db, LINK, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", node->layer);
    stmt_bind_int(q, ":path", node->path);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW)
        buf_add(out, stmt_bytes(q, 0));
    stmt_reset(q);
    return step != STEP_ERR;
}

/* Finds the id of a canonical path in the tree, and its node. */
static enum lookup look_up(struct package_owners_walk *walk, struct bytes path, int64_t *id,
                           struct package_owners_node *node, struct err *err)
{
    const struct package_owners_request *request = walk->request;
    walk->cost += 1 + path.n * path.n / PATH_COST; /* each parent directory can cost a look-up */
    if (walk->cost > OWNERS_COST_MAX)
        return LOOKUP_ABSENT;
    int64_t found_id;
    enum lookup found = path_ids_find(request->paths, path, &found_id, err);
    if (found != LOOKUP_FOUND)
        return found;
    if (!request->node(request->with, found_id, node))
        return LOOKUP_ABSENT;
    *id = found_id;
    return LOOKUP_FOUND;
}

/* Puts the target of a symlink before the rest of the path. */
static struct bytes go_by(struct package_owners_walk *walk, struct bytes target, struct bytes rest)
{
    struct buf left = {0};
    buf_add(&left, target);
    buf_byte(&left, '/');
    buf_add(&left, rest);
    buf_finish(&walk->left);
    walk->left = left;
    return buf_bytes(&walk->left);
}

/* Resolves a directory from the root; stores its path in walk->real. */
static bool enter(struct package_owners_walk *walk, struct bytes dir, struct err *err)
{
    struct buf *real = &walk->real;
    struct bytes rest = dir;
    BUF_AUTO struct buf target = {0};
    int hops = 0;
    buf_clear(real);
    walk->dir_is_there = false;
    for (struct bytes part; (part = path_next(&rest)).n;) {
        struct package_owners_node node = {0};
        int64_t id;
        size_t before = real->n;
        if (bytes_equal(part, bytes_of(".")))
            continue;
        if (bytes_equal(part, bytes_of(".."))) {
            real->n = path_dir(buf_bytes(real)).n;
            continue;
        }
        if (real->n)
            buf_byte(real, '/');
        buf_add(real, part);
        enum lookup found = look_up(walk, buf_bytes(real), &id, &node, err);
        if (found != LOOKUP_FOUND)
            return found == LOOKUP_ABSENT;
        if (node.is_dir)
            continue;
        if (!read_link(walk, &node, &target, err))
            return false;
        if (!target.n || ++hops > HOPS_MAX || target.n + rest.n > LEFT_MAX)
            return true;
        real->n = target.p[0] == '/' ? 0 : before;
        rest = go_by(walk, buf_bytes(&target), rest);
    }
    walk->dir_is_there = true;
    return true;
}

enum lookup package_owners_walk(struct package_owners_walk *walk, struct bytes path, int64_t *id,
                                struct err *err)
{
    struct package_owners_node node;
    while (path.n && path.p[path.n - 1] == '/')
        path.n--;
    while (path.n && path.p[0] == '/')
        path = bytes_skip(path, 1);
    struct bytes name = path_base(path), dir = path_dir(path);
    if (!name.n || bytes_equal(name, bytes_of(".")) || bytes_equal(name, bytes_of("..")))
        return LOOKUP_ABSENT;
    enum lookup found = look_up(walk, path, id, &node, err);
    if (found != LOOKUP_ABSENT)
        return found;
    if (!walk->entered || !bytes_equal(dir, buf_bytes(&walk->dir))) {
        buf_clear(&walk->dir);
        buf_add(&walk->dir, dir);
        walk->entered = true;
        if (!enter(walk, buf_bytes(&walk->dir), err))
            return LOOKUP_ERR;
    }
    if (!walk->dir_is_there)
        return LOOKUP_ABSENT;
    buf_clear(&walk->path);
    buf_add(&walk->path, buf_bytes(&walk->real));
    if (walk->path.n)
        buf_byte(&walk->path, '/');
    buf_add(&walk->path, name);
    return look_up(walk, buf_bytes(&walk->path), id, &node, err);
}
