/* SPDX-License-Identifier: MIT
 *
 * Resolves each path that an access names in the final tree (final_tree), once with the last link
 * followed and once without. The path_id of the node found shows whether it is the file that the
 * evidence used.
 */
#include "keep/breaks.h"
#include "keep/evidence.h"
#include "chain/access_route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/path.h"

enum { NO_ROW = UINT32_MAX };

/* State of the replay. Arrays by path have one element for each path of the accesses. Arrays of
 * rows contain an index in out->rows + 1; 0: no row yet. */
struct replay {
    const struct keep_input *input;
    const struct keep *keep;
    struct breaks *out;
    struct tree *final;     /* owned */
    const uint8_t *created; /* by node of the subject: 1: the program created it; NULL: not known */
    uint32_t *ends[2];   /* owned; by path, last link followed and not: node of final, or NOT_YET */
    uint32_t *literal;   /* owned; by path: node of the subject, not followed, or NOT_YET */
    uint32_t *succeeded; /* owned; by path: its first successful row, or NO_ROW */
    uint32_t *used;      /* owned; by node of the subject: the first successful row there */
    uint8_t *failed;     /* owned; by path: 1: the path was also absent in the evidence */
    uint32_t *missing_row;   /* owned; by node of the subject */
    uint32_t *other_row;     /* owned; by node of the subject */
    uint32_t *place_row;     /* owned; by node of the subject */
    uint32_t *found_row;     /* owned; by node of final */
    uint32_t *check_rows[2]; /* owned; CHECK_A, CHECK_B by path */
    uint8_t *elsewhere;      /* owned; by path: counted in n_elsewhere */
    uint8_t *noted;          /* owned; by path: its symlinks are in out->links */
};

const char *break_kind_name(enum break_kind kind)
{
    static const char *const names[] = {
        [BREAK_CHECK_A] = "failed", [BREAK_CHECK_B] = "untraced", [BREAK_MISSING] = "missing",
        [BREAK_OTHER] = "other",    [BREAK_VERSION] = "version",  [BREAK_PLACE] = "place",
        [BREAK_LISTED] = "listed",  [BREAK_FOUND] = "found"};
    return names[kind];
}

static void replay_init(struct replay *replay, const struct keep_input *input,
                        const struct keep *keep, struct breaks *out)
{
    size_t n_paths = input->accesses->n_paths, n_nodes = input->subject->n;
    *replay = (struct replay){.input = input, .keep = keep, .out = out};
    replay->final = final_tree(input, keep);
    replay->created = input->line_paths ? line_paths_created(input->line_paths) : NULL;
    for (int i = 0; i < 2; i++) {
        replay->ends[i] = evidence_filled(n_paths, NOT_YET);
        replay->check_rows[i] = mem_zero(n_paths + 1, sizeof(uint32_t));
    }
    replay->missing_row = mem_zero(n_nodes, sizeof(uint32_t));
    replay->other_row = mem_zero(n_nodes, sizeof(uint32_t));
    replay->place_row = mem_zero(n_nodes, sizeof(uint32_t));
    replay->found_row = mem_zero(replay->final->n, sizeof(uint32_t));
    replay->literal = evidence_filled(n_paths, NOT_YET);
    replay->succeeded = evidence_filled(n_paths, NO_ROW);
    replay->used = evidence_filled(n_nodes, NO_ROW);
    replay->failed = mem_zero(n_paths + 1, 1);
    replay->elsewhere = mem_zero(n_paths + 1, 1);
    replay->noted = mem_zero(n_paths + 1, 1);
}

static void replay_finish(struct replay *replay)
{
    tree_destroy(replay->final);
    for (int i = 0; i < 2; i++) {
        free(replay->ends[i]);
        free(replay->check_rows[i]);
    }
    free(replay->missing_row);
    free(replay->other_row);
    free(replay->place_row);
    free(replay->found_row);
    free(replay->literal);
    free(replay->succeeded);
    free(replay->used);
    free(replay->failed);
    free(replay->elsewhere);
    free(replay->noted);
}

bool break_is_mounted(struct bytes path)
{
    static const char *const mounts[] = {"/proc",         "/sys",
                                         "/dev",          "/etc/hosts",
                                         "/etc/hostname", "/etc/resolv.conf",
                                         "/.dockerenv",   "/run/.containerenv"};
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        struct bytes mount = bytes_of(mounts[i]);
        if (bytes_starts(path, mount) && (path.n == mount.n || path.p[mount.n] == '/'))
            return true;
    }
    return false;
}

/* The file that a path means decides, not its name: /proc/self/cwd/FILE is a file of the image. */
bool break_is_replayed(const struct keep_input *input, uint32_t path_index)
{
    const struct access_path *path = &input->accesses->paths[path_index];
    BUF_AUTO struct buf meant = {0};
    if (!path->known || !path->path.n || path->path.p[0] != '/')
        return false;
    if (path->route.p == path->path.p)
        return !break_is_mounted(path->path);
    path_absolute(bytes_of("/"), path->route, &meant);
    return !break_is_mounted(buf_bytes(&meant));
}

static struct bytes route_of(const struct replay *replay, uint32_t path_index)
{
    return access_route(replay->input->subject, &replay->input->accesses->paths[path_index]);
}

static uint32_t final_end(struct replay *replay, uint32_t path_index, bool nofollow)
{
    uint32_t *end = &replay->ends[nofollow][path_index];
    struct tree_walk walk;
    if (*end == NOT_YET)
        *end = tree_resolve_route(replay->final, route_of(replay, path_index),
                                  nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
    return *end;
}

/* Returns the node of the subject to which a path resolves. */
static uint32_t subject_end(struct replay *replay, uint32_t path_index, bool nofollow)
{
    struct tree_walk walk;
    if (!nofollow)
        return replay->keep->real[path_index];
    if (replay->literal[path_index] == NOT_YET)
        replay->literal[path_index] = tree_resolve_route(
            replay->input->subject, route_of(replay, path_index), TREE_NOFOLLOW, &walk);
    return replay->literal[path_index];
}

/* Returns the row at *index; adds it if it does not exist. The row's path is the subject's path of
 * node, or the path of path_index if node is NODE_NONE. */
static struct break_row *row_at(struct replay *replay, uint32_t *index, enum break_kind kind,
                                uint32_t node, uint32_t path_index, uint32_t row)
{
    struct breaks *out = replay->out;
    BUF_AUTO struct buf path = {0};
    if (*index)
        return &out->rows[*index - 1];
    if (node != NODE_NONE)
        tree_path(replay->input->subject, node, &path);
    else
        buf_add(&path, replay->input->accesses->paths[path_index].path);
    ARRAY_ROOM(out->rows, out->n, out->cap);
    out->rows[out->n] = (struct break_row){
        .kind = kind, .node = node, .row = row, .path = arena_copy(&out->arena, buf_bytes(&path))};
    out->n_of[kind]++;
    *index = (uint32_t)++out->n;
    return &out->rows[out->n - 1];
}

static void add_times(struct break_row *row, uint32_t n)
{
    row->n = n > UINT32_MAX - row->n ? UINT32_MAX : row->n + n;
}

static void set_new_end(struct replay *replay, struct break_row *row, uint32_t end)
{
    BUF_AUTO struct buf path = {0};
    if (row->now.n)
        return;
    tree_path(replay->final, end, &path);
    row->now = arena_copy(&replay->out->arena, buf_bytes(&path));
}

/* Stores the symlinks that the resolution of a path in the subject goes through. */
static void note_links(struct replay *replay, uint32_t path_index, bool nofollow, uint32_t node)
{
    struct breaks *out = replay->out;
    struct tree_walk walk;
    if (replay->noted[path_index])
        return;
    replay->noted[path_index] = 1;
    tree_resolve_route(replay->input->subject, route_of(replay, path_index),
                       nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
    for (uint32_t i = 0; i < walk.n_hops; i++) {
        ARRAY_ROOM(out->links, out->n_links, out->cap_links);
        out->links[out->n_links++] = (struct break_link){node, walk.hops[i]};
    }
}

/* A created file needs its directory in the slim image. */
static void replay_place(struct replay *replay, uint32_t index)
{
    struct access_row access = access_at(replay->input->accesses, index);
    struct bytes dir = path_dir(route_of(replay, access.path));
    struct tree_walk walk;
    dir = dir.n ? dir : bytes_of("/");
    uint32_t node = tree_resolve_route(replay->input->subject, dir, TREE_FOLLOW, &walk);
    if (node == NODE_NONE || (replay->created && replay->created[node]) ||
        tree_resolve_route(replay->final, dir, TREE_FOLLOW, &walk) != NODE_NONE)
        return; /* the program created it, or the slim image has it */
    add_times(row_at(replay, &replay->place_row[node], BREAK_PLACE, node, access.path, index),
              access.n);
}

static void replay_success(struct replay *replay, uint32_t index)
{
    struct access_row access = access_at(replay->input->accesses, index);
    if (access.type->error || access.type->kind == ACCESS_REMOVED)
        return;
    uint32_t node = subject_end(replay, access.path, access.type->nofollow);
    if (node == NODE_NONE || (replay->created && replay->created[node])) {
        if (access.type->kind == ACCESS_CREATED)
            replay_place(replay, index);
        return; /* created at run time */
    }
    if (replay->used[node] == NO_ROW)
        replay->used[node] = index;
    uint32_t end = final_end(replay, access.path, access.type->nofollow);
    if (end == NODE_NONE || replay->final->nodes[end].path_id != (int64_t)node + 1)
        note_links(replay, access.path, access.type->nofollow, node);
    if (end == NODE_NONE) {
        add_times(
            row_at(replay, &replay->missing_row[node], BREAK_MISSING, node, access.path, index),
            access.n);
    } else if (replay->final->nodes[end].path_id != (int64_t)node + 1) {
        struct break_row *row =
            row_at(replay, &replay->other_row[node], BREAK_OTHER, node, access.path, index);
        add_times(row, access.n);
        set_new_end(replay, row, end);
    }
}

static bool is_absence(int64_t error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/* A search that continued because a file was absent now stops at the base's file. */
static void replay_failure(struct replay *replay, uint32_t index)
{
    struct access_row access = access_at(replay->input->accesses, index);
    if (!is_absence(access.type->error))
        return;
    uint32_t end = final_end(replay, access.path, access.type->nofollow);
    if (end == NODE_NONE || replay->final->nodes[end].path_id ||
        replay->succeeded[access.path] != NO_ROW || replay->final->nodes[end].kind == NODE_DIR)
        return;
    struct break_row *row =
        row_at(replay, &replay->found_row[end], BREAK_FOUND, NODE_NONE, access.path, index);
    add_times(row, access.n);
    set_new_end(replay, row, end);
}

/* First pass: finds out for each path whether an access succeeded, and whether one failed. */
static void note_result(struct replay *replay, uint32_t index)
{
    struct access_row access = access_at(replay->input->accesses, index);
    if (access.type->error == 0 && replay->succeeded[access.path] == NO_ROW)
        replay->succeeded[access.path] = index;
    if (is_absence(access.type->error))
        replay->failed[access.path] = 1;
}

static bool replay_each(struct replay *replay, void (*step)(struct replay *, uint32_t),
                        struct err *err)
{
    enum { CHECK_EVERY = 1 << 12 };
    for (uint32_t i = 0; i < replay->input->accesses->n; i++) {
        struct access_row access = access_at(replay->input->accesses, i);
        if (i % CHECK_EVERY == 0 && keep_is_cancelled(replay->input))
            return err_cancelled(err);
        if (!access.type->other_root && break_is_replayed(replay->input, access.path))
            step(replay, i);
    }
    return true;
}

static bool replay_evidence(struct replay *replay, struct err *err)
{
    return replay_each(replay, note_result, err) && replay_each(replay, replay_success, err) &&
           (!replay->input->base || replay_each(replay, replay_failure, err));
}

/* Binary search: the paths are sorted by id. */
uint32_t break_path_of_id(const struct accesses *accesses, int64_t id)
{
    size_t from = 0, to = accesses->n_paths;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (accesses->paths[middle].id == id)
            return (uint32_t)middle;
        if (accesses->paths[middle].id < id)
            from = middle + 1;
        else
            to = middle;
    }
    return UINT32_MAX;
}

static const char CHECKS[] =
    "SELECT log.name, access.first_line, access.asked, access.errno, access.nofollow, access.n "
    "FROM run JOIN log ON log.run = run.id AND log.complete = 1 JOIN access ON access.log = log.id "
    "WHERE run.role = 'check' AND access.errno IN (2, 20, 40) AND access.other_root = 0 "
    "ORDER BY log.position, access.seq";

static void join_check(struct replay *replay, struct stmt *q)
{
    uint32_t path_index = break_path_of_id(replay->input->accesses, stmt_int(q, 2));
    bool nofollow = stmt_int(q, 4) != 0;
    if (path_index == UINT32_MAX || !break_is_replayed(replay->input, path_index) ||
        final_end(replay, path_index, nofollow) != NODE_NONE)
        return; /* the slim image has it now */
    uint32_t node = subject_end(replay, path_index, nofollow),
             first = replay->succeeded[path_index];
    if (first == NO_ROW && node != NODE_NONE) /* by another name of the file */
        first = replay->used[node];
    bool made_at_run_time =
        node == NODE_NONE ? replay->failed[path_index] : replay->created && replay->created[node];
    if (made_at_run_time || (first == NO_ROW && node == NODE_NONE)) {
        replay->out->n_elsewhere += !replay->elsewhere[path_index];
        replay->elsewhere[path_index] = 1;
        return;
    }
    enum break_kind kind = first == NO_ROW ? BREAK_CHECK_B : BREAK_CHECK_A;
    if (node != NODE_NONE)
        note_links(replay, path_index, nofollow, node);
    bool is_new = !replay->check_rows[kind][path_index];
    struct break_row *row =
        row_at(replay, &replay->check_rows[kind][path_index], kind, node, path_index, first);
    add_times(row, (uint32_t)stmt_int(q, 5));
    if (is_new) {
        row->log = arena_copy(&replay->out->arena, stmt_bytes(q, 0));
        row->line = (uint32_t)stmt_int(q, 1);
        row->error = (int32_t)stmt_int(q, 3);
    }
}

static bool join_checks(struct replay *replay, struct err *err)
{
    struct stmt *q = db_query(replay->input->db, CHECKS, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW)
        join_check(replay, q);
    return step == STEP_DONE;
}

static int compare_rows(const void *a, const void *b)
{
    const struct break_row *left = a, *right = b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return bytes_compare(left->path, right->path);
}

bool breaks_compute(const struct keep_input *input, const struct keep *keep, struct breaks **out,
                    struct err *err)
{
    struct breaks *breaks = mem_zero(1, sizeof *breaks);
    bool ok = true;
    if (input->subject && input->accesses && keep->real) {
        struct replay replay;
        replay_init(&replay, input, keep, breaks);
        ok = replay_evidence(&replay, err) && join_checks(&replay, err);
        versions_check(input, keep, replay.final, breaks);
        ok = ok && listed_check(input, keep, replay.final, breaks, err);
        replay_finish(&replay);
        if (breaks->n)
            qsort(breaks->rows, breaks->n, sizeof *breaks->rows, compare_rows);
    }
    if (!ok) {
        breaks_destroy(breaks);
        return false;
    }
    *out = breaks;
    return true;
}

/* Returns the node whose absence makes the access fail. If the node itself is needed, that is a
 * symlink in its path that is not needed; else the node. */
static uint32_t find_culprit(const struct breaks *breaks, const struct keep *keep, uint32_t node)
{
    if (node == NODE_NONE || !keep->verdicts[node].needed)
        return node;
    for (size_t i = 0; i < breaks->n_links; i++)
        if (breaks->links[i].node == node && !keep->verdicts[breaks->links[i].link].needed)
            return breaks->links[i].link;
    return node;
}

static void add_cause(const struct breaks *breaks, const struct break_row *row,
                      const struct keep_input *input, const struct keep *keep,
                      const struct chain *chain, struct buf *out)
{
    if (row->row == NO_ROW)
        return;
    uint32_t node = row->kind == BREAK_LISTED ? NODE_NONE : find_culprit(breaks, keep, row->node);
    buf_add(out, bytes_of(": "));
    if (node != row->node && row->kind != BREAK_LISTED) {
        tree_path(input->subject, node, out);
        buf_add(out, bytes_of(" on the path: "));
        if (keep->verdicts[node].mark != MARK_DROP) {
            buf_add(out, bytes_of("dependency kind links is off; "));
            node = NODE_NONE;
        }
    }
    keep_cause(keep, input, chain, node, row->row, out);
}

void breaks_print(const struct breaks *breaks, size_t i, const struct keep_input *input,
                  const struct keep *keep, const struct chain *chain, struct buf *out)
{
    static const char *const words[] = {
        [BREAK_CHECK_A] = "failed in a check run",
        [BREAK_CHECK_B] =
            "failed in a check run; the subject has the file, the evidence does not use it",
        [BREAK_MISSING] = "would be missing",
        [BREAK_OTHER] = "would be a different file",
        [BREAK_VERSION] = "would be the library of the base, which lacks ",
        [BREAK_PLACE] = "would be missing; the program creates a file in it",
        [BREAK_LISTED] = "",
        [BREAK_FOUND] = "was absent in the trace; the base has it"};
    const struct break_row *row = &breaks->rows[i];
    buf_add(out, bytes_of(words[row->kind]));
    if (row->kind == BREAK_LISTED)
        listed_print(breaks, row, input->subject, out);
    if (row->kind == BREAK_VERSION) {
        buf_add(out, row->version);
        buf_add(out, bytes_of(", needed by "));
        tree_path(input->subject, row->user, out);
        if (row->n > 1)
            buf_printf(out, " and %u more", row->n - 1);
    }
    if (row->now.n && !bytes_equal(row->now, row->path)) {
        buf_add(out, bytes_of(", "));
        buf_add(out, row->now);
    } else if (row->kind == BREAK_OTHER) {
        buf_add(out, bytes_of(", from the base"));
    }
    if (row->log.n) {
        buf_add(out, bytes_of(", "));
        buf_add(out, row->log);
        const char *name = row->error ? strerrorname_np(row->error) : NULL;
        buf_printf(out, ":%u%s%s", row->line, name ? " " : "", name ? name : "");
    }
    add_cause(breaks, row, input, keep, chain, out);
}

size_t breaks_standing(const struct breaks *breaks)
{
    return breaks->n - breaks->n_of[BREAK_LISTED] - breaks->n_of[BREAK_FOUND];
}

void breaks_nodes(const struct breaks *breaks, const struct tree *subject, enum break_kind kind,
                  uint32_t **nodes, size_t *n)
{
    if (kind == BREAK_LISTED) {
        breaks_listed_nodes(breaks, LISTED_SAME, nodes, n);
        return;
    }
    MEM_AUTO bool *chosen = mem_zero(subject->n, sizeof *chosen);
    *nodes = mem_array(NULL, breaks->n + breaks->n_links, sizeof **nodes);
    *n = 0;
    for (size_t i = 0; i < breaks->n; i++) {
        const struct break_row *row = &breaks->rows[i];
        if (row->node == NODE_NONE || row->kind == BREAK_LISTED ||
            (kind != N_BREAK_KINDS && row->kind != kind))
            continue;
        chosen[row->node] = true;
        (*nodes)[(*n)++] = row->node;
    }
    for (size_t i = 0; i < breaks->n_links; i++)
        if (chosen[breaks->links[i].node])
            (*nodes)[(*n)++] = breaks->links[i].link;
}

void breaks_destroy(struct breaks *breaks)
{
    if (!breaks)
        return;
    free(breaks->rows);
    free(breaks->links);
    free(breaks->entries);
    arena_finish(&breaks->arena);
    free(breaks);
}
