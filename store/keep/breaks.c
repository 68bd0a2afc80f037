/* SPDX-License-Identifier: MIT
 *
 * Each path that an access names is resolved in the tree that the export would make, once with its
 * last link followed and once without; a node's path_id there tells whether it is the file that the
 * evidence used.
 */
#include "keep/breaks.h"
#include "keep/evidence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/path.h"

enum { NO_ROW = UINT32_MAX };

/* What is found while replaying. Arrays by path have a place for each path of the accesses; arrays
 * of rows hold an index in out->rows + 1, 0: no row yet. */
struct replay {
    const struct keep_input *input;
    const struct keep *keep;
    struct breaks *out;
    struct tree *final;     /* owned */
    const uint8_t *created; /* by node of the subject: the program made it; NULL: not known */
    uint32_t *ends[2];   /* owned; by path, last link followed and not: node of final, or NOT_YET */
    uint32_t *literal;   /* owned; by path: node of the subject, not followed, or NOT_YET */
    uint32_t *succeeded; /* owned; by path: its first successful row, or NO_ROW */
    uint32_t *used;      /* owned; by node of the subject: the first successful row there */
    uint8_t *failed;     /* owned; by path: 1 if the path was absent in evidence, too */
    uint32_t *missing_row;   /* owned; by node of the subject */
    uint32_t *other_row;     /* owned; likewise */
    uint32_t *place_row;     /* owned; likewise */
    uint32_t *found_row;     /* owned; by node of final */
    uint32_t *check_rows[2]; /* owned; CHECK_A, CHECK_B by path */
    uint8_t *elsewhere;      /* owned; by path: counted in n_elsewhere */
    uint8_t *noted;          /* owned; by path: the links on its way are in out->links */
};

const char *break_kind_name(enum break_kind kind)
{
    static const char *const names[] = {
        [BREAK_CHECK_A] = "failed", [BREAK_CHECK_B] = "untraced", [BREAK_MISSING] = "missing",
        [BREAK_OTHER] = "other",    [BREAK_VERSION] = "version",  [BREAK_PLACE] = "place",
        [BREAK_FOUND] = "found"};
    return names[kind];
}

static void replay_init(struct replay *r, const struct keep_input *input, const struct keep *keep,
                        struct breaks *out)
{
    size_t n_paths = input->accesses->n_paths, n_nodes = input->subject->n;
    *r = (struct replay){.input = input, .keep = keep, .out = out};
    r->final = final_tree(input, keep);
    r->created = input->line_paths ? line_paths_created(input->line_paths) : NULL;
    for (int i = 0; i < 2; i++) {
        r->ends[i] = evidence_filled(n_paths, NOT_YET);
        r->check_rows[i] = mem_zero(n_paths + 1, sizeof(uint32_t));
    }
    r->missing_row = mem_zero(n_nodes, sizeof(uint32_t));
    r->other_row = mem_zero(n_nodes, sizeof(uint32_t));
    r->place_row = mem_zero(n_nodes, sizeof(uint32_t));
    r->found_row = mem_zero(r->final->n, sizeof(uint32_t));
    r->literal = evidence_filled(n_paths, NOT_YET);
    r->succeeded = evidence_filled(n_paths, NO_ROW);
    r->used = evidence_filled(n_nodes, NO_ROW);
    r->failed = mem_zero(n_paths + 1, 1);
    r->elsewhere = mem_zero(n_paths + 1, 1);
    r->noted = mem_zero(n_paths + 1, 1);
}

static void replay_finish(struct replay *r)
{
    tree_destroy(r->final);
    for (int i = 0; i < 2; i++) {
        free(r->ends[i]);
        free(r->check_rows[i]);
    }
    free(r->missing_row);
    free(r->other_row);
    free(r->place_row);
    free(r->found_row);
    free(r->literal);
    free(r->succeeded);
    free(r->used);
    free(r->failed);
    free(r->elsewhere);
    free(r->noted);
}

/* Whether an engine mounts the path in every container: the image does not need it. */
static bool is_mounted(struct bytes path)
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

static bool is_replayed(const struct replay *r, uint32_t path_index)
{
    const struct access_path *path = &r->input->accesses->paths[path_index];
    return path->known && path->path.n && path->path.p[0] == '/' && !is_mounted(path->path);
}

static uint32_t final_end(struct replay *r, uint32_t path_index, bool nofollow)
{
    uint32_t *end = &r->ends[nofollow][path_index];
    struct tree_walk walk;
    if (*end == NOT_YET)
        *end = tree_resolve(r->final, r->input->accesses->paths[path_index].path,
                            nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
    return *end;
}

/* The node of the subject where a path ends. */
static uint32_t subject_end(struct replay *r, uint32_t path_index, bool nofollow)
{
    struct tree_walk walk;
    if (!nofollow)
        return r->keep->real[path_index];
    if (r->literal[path_index] == NOT_YET)
        r->literal[path_index] = tree_resolve(
            r->input->subject, r->input->accesses->paths[path_index].path, TREE_NOFOLLOW, &walk);
    return r->literal[path_index];
}

/* The row at *index, made if it is not there: with the subject's path of node, or the one
 * path_index for where there is no node. */
static struct break_row *row_at(struct replay *r, uint32_t *index, enum break_kind kind,
                                uint32_t node, uint32_t path_index, uint32_t row)
{
    struct breaks *out = r->out;
    BUF_AUTO struct buf path = {0};
    if (*index)
        return &out->rows[*index - 1];
    if (node != NODE_NONE)
        tree_path(r->input->subject, node, &path);
    else
        buf_add(&path, r->input->accesses->paths[path_index].path);
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

static void set_new_end(struct replay *r, struct break_row *row, uint32_t end)
{
    BUF_AUTO struct buf path = {0};
    if (row->now.n)
        return;
    tree_path(r->final, end, &path);
    row->now = arena_copy(&r->out->arena, buf_bytes(&path));
}

/* Stores the links on the way from a path to its node in the subject. */
static void note_links(struct replay *r, uint32_t path_index, bool nofollow, uint32_t node)
{
    struct breaks *out = r->out;
    struct tree_walk walk;
    if (r->noted[path_index])
        return;
    r->noted[path_index] = 1;
    tree_resolve(r->input->subject, r->input->accesses->paths[path_index].path,
                 nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
    for (uint32_t i = 0; i < walk.n_hops; i++) {
        ARRAY_ROOM(out->links, out->n_links, out->cap_links);
        out->links[out->n_links++] = (struct break_link){node, walk.hops[i]};
    }
}

/* A file was made: its directory must be in the final image. */
static void replay_place(struct replay *r, uint32_t index)
{
    struct access_row access = access_at(r->input->accesses, index);
    struct bytes dir = path_dir(r->input->accesses->paths[access.path].path);
    struct tree_walk walk;
    dir = dir.n ? dir : bytes_of("/");
    uint32_t node = tree_resolve(r->input->subject, dir, TREE_FOLLOW, &walk);
    if (node == NODE_NONE || (r->created && r->created[node]) ||
        tree_resolve(r->final, dir, TREE_FOLLOW, &walk) != NODE_NONE)
        return; /* the program made it, or the final image has it */
    add_times(row_at(r, &r->place_row[node], BREAK_PLACE, node, access.path, index), access.n);
}

static void replay_success(struct replay *r, uint32_t index)
{
    struct access_row access = access_at(r->input->accesses, index);
    if (access.type->error || access.type->kind == ACCESS_REMOVED)
        return;
    uint32_t node = subject_end(r, access.path, access.type->nofollow);
    if (node == NODE_NONE || (r->created && r->created[node])) {
        if (access.type->kind == ACCESS_CREATED)
            replay_place(r, index);
        return; /* made at run time */
    }
    if (r->used[node] == NO_ROW)
        r->used[node] = index;
    uint32_t end = final_end(r, access.path, access.type->nofollow);
    if (end == NODE_NONE || r->final->nodes[end].path_id != (int64_t)node + 1)
        note_links(r, access.path, access.type->nofollow, node);
    if (end == NODE_NONE) {
        add_times(row_at(r, &r->missing_row[node], BREAK_MISSING, node, access.path, index),
                  access.n);
    } else if (r->final->nodes[end].path_id != (int64_t)node + 1) {
        struct break_row *row =
            row_at(r, &r->other_row[node], BREAK_OTHER, node, access.path, index);
        add_times(row, access.n);
        set_new_end(r, row, end);
    }
}

static bool is_absence(int64_t error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/* A search that went on because a file was absent stops at the base's file. */
static void replay_failure(struct replay *r, uint32_t index)
{
    struct access_row access = access_at(r->input->accesses, index);
    if (!is_absence(access.type->error))
        return;
    uint32_t end = final_end(r, access.path, access.type->nofollow);
    if (end == NODE_NONE || r->final->nodes[end].path_id || r->succeeded[access.path] != NO_ROW ||
        r->final->nodes[end].kind == NODE_DIR)
        return;
    struct break_row *row =
        row_at(r, &r->found_row[end], BREAK_FOUND, NODE_NONE, access.path, index);
    add_times(row, access.n);
    set_new_end(r, row, end);
}

/* Before anything is replayed, it is known of each path whether it was ever found or absent. */
static void note_result(struct replay *r, uint32_t index)
{
    struct access_row access = access_at(r->input->accesses, index);
    if (access.type->error == 0 && r->succeeded[access.path] == NO_ROW)
        r->succeeded[access.path] = index;
    if (is_absence(access.type->error))
        r->failed[access.path] = 1;
}

static bool replay_each(struct replay *r, void (*step)(struct replay *, uint32_t), struct err *err)
{
    enum { CHECK_EVERY = 1 << 12 };
    for (uint32_t i = 0; i < r->input->accesses->n; i++) {
        struct access_row access = access_at(r->input->accesses, i);
        if (i % CHECK_EVERY == 0 && keep_is_cancelled(r->input))
            return err_cancelled(err);
        if (!access.type->other_root && is_replayed(r, access.path))
            step(r, i);
    }
    return true;
}

static bool replay_evidence(struct replay *r, struct err *err)
{
    return replay_each(r, note_result, err) && replay_each(r, replay_success, err) &&
           (!r->input->base || replay_each(r, replay_failure, err));
}

/* The path_index paths stand in order of their ids. UINT32_MAX: not there. */
static uint32_t path_of_id(const struct accesses *accesses, int64_t id)
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

static void join_check(struct replay *r, struct stmt *q)
{
    uint32_t path_index = path_of_id(r->input->accesses, stmt_int(q, 2));
    bool nofollow = stmt_int(q, 4) != 0;
    if (path_index == UINT32_MAX || !is_replayed(r, path_index) ||
        final_end(r, path_index, nofollow) != NODE_NONE)
        return; /* the final image has it now */
    uint32_t node = subject_end(r, path_index, nofollow), first = r->succeeded[path_index];
    if (first == NO_ROW && node != NODE_NONE) /* by another of its names */
        first = r->used[node];
    bool made_at_run_time =
        node == NODE_NONE ? r->failed[path_index] : r->created && r->created[node];
    if (made_at_run_time || (first == NO_ROW && node == NODE_NONE)) {
        r->out->n_elsewhere += !r->elsewhere[path_index];
        r->elsewhere[path_index] = 1;
        return;
    }
    enum break_kind kind = first == NO_ROW ? BREAK_CHECK_B : BREAK_CHECK_A;
    if (node != NODE_NONE)
        note_links(r, path_index, nofollow, node);
    bool is_new = !r->check_rows[kind][path_index];
    struct break_row *row =
        row_at(r, &r->check_rows[kind][path_index], kind, node, path_index, first);
    add_times(row, (uint32_t)stmt_int(q, 5));
    if (is_new) {
        row->log = arena_copy(&r->out->arena, stmt_bytes(q, 0));
        row->line = (uint32_t)stmt_int(q, 1);
        row->error = (int32_t)stmt_int(q, 3);
    }
}

static bool join_checks(struct replay *r, struct err *err)
{
    struct stmt *q = db_query(r->input->db, CHECKS, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW)
        join_check(r, q);
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
        struct replay r;
        replay_init(&r, input, keep, breaks);
        ok = replay_evidence(&r, err) && join_checks(&r, err);
        versions_check(input, keep, r.final, breaks);
        replay_finish(&r);
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

/* If the node itself is needed, the access fails for a link on the way that is not: returns that
 * link, else the node. */
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
    uint32_t node = find_culprit(breaks, keep, row->node);
    buf_add(out, bytes_of(": "));
    if (node != row->node) {
        tree_path(input->subject, node, out);
        buf_add(out, bytes_of(" on the way: "));
        if (keep->verdicts[node].mark != MARK_DROP) {
            buf_add(out, bytes_of("links are not followed; "));
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
        [BREAK_CHECK_B] = "failed in a check run; the image has it, no evidence used it",
        [BREAK_MISSING] = "would be missing",
        [BREAK_OTHER] = "would be another file",
        [BREAK_VERSION] = "would be the base's, which lacks ",
        [BREAK_PLACE] = "would be missing, a file was made in it",
        [BREAK_FOUND] = "was looked for in vain, the base has it"};
    const struct break_row *row = &breaks->rows[i];
    buf_add(out, bytes_of(words[row->kind]));
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
        buf_add(out, bytes_of(", the base's"));
    }
    if (row->log.n) {
        buf_add(out, bytes_of(", "));
        buf_add(out, row->log);
        const char *name = strerrorname_np(row->error);
        buf_printf(out, ":%u %s", row->line, name ? name : "");
    }
    add_cause(breaks, row, input, keep, chain, out);
}

size_t breaks_standing(const struct breaks *breaks)
{
    return breaks->n - breaks->n_of[BREAK_FOUND];
}

void breaks_nodes(const struct breaks *breaks, const struct tree *subject, enum break_kind kind,
                  uint32_t **nodes, size_t *n)
{
    MEM_AUTO bool *chosen = mem_zero(subject->n, sizeof *chosen);
    *nodes = mem_array(NULL, breaks->n + breaks->n_links, sizeof **nodes);
    *n = 0;
    for (size_t i = 0; i < breaks->n; i++) {
        const struct break_row *row = &breaks->rows[i];
        if (row->node == NODE_NONE || (kind != N_BREAK_KINDS && row->kind != kind))
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
    arena_finish(&breaks->arena);
    free(breaks);
}
