/* SPDX-License-Identifier: MIT
 *
 * places is an array over path ids:
 *
 *     places[path] ── index + 1 ──▶ list: entry at that path, or its hard link
 *     cuts[path]   ── index + 1 ──▶ list: the last non-directory that was at that path
 *
 * A non-directory removes everything below its path. That is not done at once: an entry is dead if
 * places or cuts of a directory above it has a non-directory with a greater index. layer_place_end
 * removes the dead entries, so that each member costs only its depth.
 *
 * Names of one file: the element with the content has in `group` the newest hard link; each hard
 * link has the next older one in next_name, and in `group` the element with the content. If the
 * name with the content is removed, the content is moved to another name (move_content), and
 * `group` of the removed element refers to that name.
 */
#include "image/layer/layer_place.h"

#include <stdlib.h>
#include <string.h>

#include "db/loading.h"
#include "image/layer/layer_rows_private.h"
#include "image/layer/tar_member.h"
#include "util/path.h"

enum { HOPS_MAX = 40 /* as the kernel's MAXSYMLINKS */ };

/* Returns the element at an index of an array over path ids. Grows the array to have room for all
 * known ids. */
static uint32_t *element_of(const struct layer_rows *rows, uint32_t **array, size_t *n,
                            int64_t path)
{
    if ((size_t)path >= *n) {
        size_t wanted = rows->paths->n;
        *array = mem_array(*array, wanted, sizeof **array);
        memset(*array + *n, 0, (wanted - *n) * sizeof **array);
        *n = wanted;
    }
    return &(*array)[path];
}

static uint32_t *place_of(struct layer_rows *rows, int64_t path)
{
    return element_of(rows, &rows->places, &rows->n_places, path);
}

void layer_place_set(struct layer_rows *rows, int64_t path)
{
    *place_of(rows, path) = (uint32_t)rows->n;
}

void layer_place_finish(struct layer_rows *rows)
{
    free(mem_steal(&rows->places));
    free(mem_steal(&rows->cuts));
    map_finish(&rows->targets);
    buf_finish(&rows->target_text);
    rows->n_places = rows->n_cuts = 0;
}

/* Returns the path above an entry at which a later non-directory removed the entry; 0 if the entry
 * is alive. at: index + 1. */
static int64_t find_cut(struct layer_rows *rows, uint32_t at)
{
    int64_t above = rows->list[at - 1].path;
    while ((above = path_ids_parent(rows->paths, above))) {
        uint32_t other = *place_of(rows, above);
        if (other > at && rows->list[other - 1].kind != ENTRY_DIR)
            return above;
        if ((size_t)above < rows->n_cuts && rows->cuts[above] > at)
            return above;
    }
    return 0;
}

/* Returns index + 1 of the entry at a path; 0: no entry, or a dead one. */
static uint32_t find_live(struct layer_rows *rows, int64_t path)
{
    uint32_t at = *place_of(rows, path);
    return at && !find_cut(rows, at) ? at : 0;
}

/* Returns index + 1 of the element that has the content now; at: where the content once was. */
static uint32_t content_at(struct layer_rows *rows, uint32_t at)
{
    while (at && rows->list[at - 1].gone) {
        uint32_t next = rows->list[at - 1].group;
        if (next && rows->list[next - 1].gone) /* so that a long chain is walked once */
            rows->list[at - 1].group = rows->list[next - 1].group;
        at = next;
    }
    return at;
}

/* Returns index + 1 of the element with the content of an entry; 0 if it is a hard link to an entry
 * that the layer does not have yet. */
static uint32_t content_of(struct layer_rows *rows, uint32_t at)
{
    struct layer_row *row = &rows->list[at - 1];
    return row->kind == ENTRY_HARDLINK ? (row->group = content_at(rows, row->group)) : at;
}

/* Moves the content of a removed element to a name of the same file, index + 1. */
static bool move_content(struct layer_rows *rows, struct layer_row *from, uint32_t name,
                         struct err *err)
{
    struct layer_row *to = &rows->list[name - 1];
    if (!layer_rows_move(rows, from->path, to->path, err))
        return false;
    if (rows->keep_digests)
        layer_rows_join_digests(rows, (size_t)(from - rows->list), name - 1);
    uint32_t older = (uint32_t)to->next_name;
    to->kind = from->kind;
    to->size = from->size;
    to->link = 0;
    to->group = older;
    from->group = name;
    return true;
}

/* Removes an element, index + 1. Its content is kept if the file has another name. */
static bool drop(struct layer_rows *rows, uint32_t at, struct err *err)
{
    struct layer_row *row = &rows->list[at - 1];
    uint32_t *place = place_of(rows, row->path), name = 0;
    row->gone = true;
    if (*place == at)
        *place = 0;
    if (row->kind != ENTRY_DIR) {
        uint32_t *cut = element_of(rows, &rows->cuts, &rows->n_cuts, row->path);
        *cut = *cut > at ? *cut : at;
    }
    if (row->kind == ENTRY_HARDLINK)
        return layer_rows_remove(rows, row->path, err);
    for (name = row->group; name; name = (uint32_t)rows->list[name - 1].next_name)
        if (!rows->list[name - 1].gone && !find_cut(rows, name))
            return move_content(rows, row, name, err);
    row->group = 0;
    return layer_rows_remove(rows, row->path, err);
}

bool layer_place_clear(struct layer_rows *rows, int64_t path, struct err *err)
{
    uint32_t at = *place_of(rows, path);
    return !at || drop(rows, at, err);
}

static bool report(struct layer_rows *rows, int64_t path, struct err *err)
{
    BUF_AUTO struct buf text = {0};
    return path_ids_text(rows->paths, path, &text, err) &&
           loading_problem(layer_rows_db(rows), rows->load, buf_bytes(&text),
                           "not a directory, but the same layer has entries below it; the "
                           "later member was loaded",
                           err);
}

/* Removes everything above a path that is not a directory. */
static bool make_way(struct layer_rows *rows, int64_t path, struct err *err)
{
    while ((path = path_ids_parent(rows->paths, path))) {
        uint32_t at = find_live(rows, path);
        if (at && rows->list[at - 1].kind != ENTRY_DIR &&
            (!report(rows, path, err) || !drop(rows, at, err)))
            return false;
    }
    return true;
}

/* Returns true if all directories of a path are directories, or have no entry. */
static bool is_plain(struct layer_rows *rows, int64_t path, enum layer_place_how how)
{
    if (how != LAYER_PLACE_FOLLOW)
        path = path_ids_parent(rows->paths, path);
    for (; path; path = path_ids_parent(rows->paths, path)) {
        uint32_t at = *place_of(rows, path);
        if (at && rows->list[at - 1].kind != ENTRY_DIR)
            return false;
    }
    return true;
}

/* Finds the target of a symlink, index + 1; reads each target once from the session. */
static bool find_target(struct layer_rows *rows, uint32_t at, struct bytes *out, struct err *err)
{
    bool is_new;
    uint64_t *start = map_at(&rows->targets, bytes_from((const char *)&at, sizeof at), &is_new);
    if (is_new) {
        *start = rows->target_text.n;
        if (!layer_rows_target(rows, rows->list[at - 1].path, &rows->target_text, err))
            return false;
        buf_byte(&rows->target_text, 0);
    }
    *out = bytes_of(rows->target_text.p + *start);
    return true;
}

/* A path that is being resolved. */
struct walk {
    struct buf at;   /* resolved so far, canonical */
    struct buf text; /* `left` points into text */
    struct bytes left;
    int64_t id; /* of `at` */
    int hops;
};

static void walk_finish(struct walk *w)
{
    buf_finish(&w->at);
    buf_finish(&w->text);
}
#define WALK_AUTO __attribute__((cleanup(walk_finish)))

/* Goes on at the target of the symlink that `at` names. */
static void enter_link(struct walk *w, struct bytes target)
{
    struct buf text = {0};
    buf_add(&text, target);
    buf_byte(&text, '/');
    buf_add(&text, w->left);
    buf_finish(&w->text);
    w->text = text;
    w->left = buf_bytes(&w->text);
    w->at.n = target.p[0] == '/' ? 0 : path_dir(buf_bytes(&w->at)).n;
    w->hops++;
}

static bool is_last(struct bytes left)
{
    return !path_next(&left).n;
}

/* Goes to the next component. Sets *stuck if it is a file, or a symlink too many. */
static bool step(struct layer_rows *rows, struct walk *w, struct bytes part, bool follow,
                 bool *stuck, struct err *err)
{
    if (bytes_equal(part, bytes_of("..")))
        w->at.n = path_dir(buf_bytes(&w->at)).n;
    else if (!bytes_equal(part, bytes_of("."))) {
        if (w->at.n)
            buf_byte(&w->at, '/');
        buf_add(&w->at, part);
    }
    *stuck = w->at.n > TAR_MEMBER_PATH_MAX;
    if (*stuck)
        return true;
    w->id = path_ids_intern(rows->paths, buf_bytes(&w->at), err);
    if (!w->id)
        return false;
    uint32_t at = find_live(rows, w->id);
    if (!at || rows->list[at - 1].kind == ENTRY_DIR || (is_last(w->left) && !follow))
        return true;
    at = content_of(rows, at);
    struct bytes target;
    *stuck = !at || rows->list[at - 1].kind != ENTRY_LINK || w->hops == HOPS_MAX;
    if (*stuck)
        return true;
    if (!find_target(rows, at, &target, err))
        return false;
    enter_link(w, target);
    return true;
}

bool layer_place_find(struct layer_rows *rows, struct bytes path, enum layer_place_how how,
                      int64_t *out, struct err *err)
{
    WALK_AUTO struct walk w = {.id = PATHS_ROOT};
    bool stuck = false;
    if (!(*out = path_ids_intern(rows->paths, path, err)))
        return false;
    if (is_plain(rows, *out, how))
        return true;
    buf_add(&w.text, path);
    w.left = buf_bytes(&w.text);
    for (struct bytes part; !stuck && (part = path_next(&w.left)).n;)
        if (!step(rows, &w, part, how == LAYER_PLACE_FOLLOW, &stuck, err))
            return false;
    if (!stuck)
        *out = w.id;
    return !stuck || how != LAYER_PLACE_WRITE || make_way(rows, *out, err);
}

bool layer_place_link(struct layer_rows *rows, int64_t path, int64_t link, uint32_t *group,
                      bool *same, struct err *err)
{
    uint32_t here = find_live(rows, path), at = find_live(rows, link);
    bool is_dir = at && rows->list[at - 1].kind == ENTRY_DIR;
    *group = at && !is_dir ? content_of(rows, at) : 0;
    *same = here && (path == link || (*group && content_of(rows, here) == *group));
    if (*same)
        return true;
    if (!layer_place_clear(rows, path, err))
        return false;
    *group = content_at(rows, *group);
    return true;
}

/* Writes the target of a hard link as the path of the entry that has the content. */
static bool settle_link(struct layer_rows *rows, uint32_t at, struct err *err)
{
    struct layer_row *row = &rows->list[at - 1];
    int64_t link = row->link;
    uint32_t content = content_of(rows, at);
    if (content) {
        link = rows->list[content - 1].path;
    } else if (!is_plain(rows, link, LAYER_PLACE_LOOK)) {
        BUF_AUTO struct buf text = {0};
        if (!path_ids_text(rows->paths, link, &text, err) ||
            !layer_place_find(rows, buf_bytes(&text), LAYER_PLACE_LOOK, &link, err))
            return false;
    }
    if (link == row->link)
        return true;
    row->link = link;
    return layer_rows_relink(rows, row->path, link, err);
}

bool layer_place_end(struct layer_rows *rows, struct err *err)
{
    for (uint32_t at = 1; at <= rows->n; at++) {
        struct layer_row *row = &rows->list[at - 1];
        int64_t above = 0;
        if (row->gone || layer_rows_is_marker(row->kind) || !(above = find_cut(rows, at)))
            continue;
        if (!report(rows, above, err) || !drop(rows, at, err))
            return false;
    }
    for (uint32_t at = 1; at <= rows->n; at++)
        if (!rows->list[at - 1].gone && rows->list[at - 1].kind == ENTRY_HARDLINK &&
            !settle_link(rows, at, err))
            return false;
    return true;
}
