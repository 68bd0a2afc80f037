/* SPDX-License-Identifier: MIT
 *
 * Each path that was asked for is resolved once for each way of ending, in the tree that the export
 * would make; a node's path_id there tells whether it is the file that the evidence saw.
 */
#include "keep/breaks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/path.h"

enum { NOT_YET = UINT32_MAX - 1, NO_ROW = UINT32_MAX };

/* What is found while replaying. Arrays by node hold an index in rows + 1, 0 for none yet. */
struct replay {
    const struct keep_input *input;
    const struct keep *keep;
    struct breaks *out;
    struct tree *final;    /* owned */
    const uint8_t *made;   /* by node of the subject: the program made it; NULL: it is not known */
    uint32_t *ends[2];     /* owned; by asked, following and not: in final, or NOT_YET */
    uint32_t *literal;     /* owned; by asked: in the subject, not following, or NOT_YET */
    uint32_t *succeeded;   /* owned; by asked: its first successful row, or NO_ROW */
    uint32_t *used;        /* owned; by node of the subject: likewise */
    uint8_t *failed;       /* owned; by asked: 1: failed for want of it in evidence too */
    uint32_t *at_node[3];  /* owned; MISSING, OTHER, PLACE by node of the subject */
    uint32_t *at_found;    /* owned; FOUND by node of final */
    uint32_t *at_asked[2]; /* owned; CHECK_A, CHECK_B by asked */
    uint8_t *elsewhere;    /* owned; by asked: counted in n_elsewhere */
    uint8_t *noted;        /* owned; by asked: the links on its way are told */
};

const char *break_kind_name(enum break_kind kind)
{
    static const char *const names[] = {
        [BREAK_CHECK_A] = "failed", [BREAK_CHECK_B] = "untraced", [BREAK_MISSING] = "missing",
        [BREAK_OTHER] = "other",    [BREAK_VERSION] = "version",  [BREAK_PLACE] = "place",
        [BREAK_FOUND] = "found"};
    return names[kind];
}

static uint32_t *filled(size_t n, uint32_t value)
{
    uint32_t *array = mem_array(NULL, n + 1, sizeof *array);
    for (size_t i = 0; i < n; i++)
        array[i] = value;
    return array;
}

static void replay_init(struct replay *r, const struct keep_input *input, const struct keep *keep,
                        struct breaks *out)
{
    size_t n_asked = input->accesses->n_paths;
    *r = (struct replay){.input = input, .keep = keep, .out = out};
    r->final = final_tree(input, keep);
    r->made = input->line_paths ? line_paths_created(input->line_paths) : NULL;
    for (int i = 0; i < 2; i++) {
        r->ends[i] = filled(n_asked, NOT_YET);
        r->at_asked[i] = filled(n_asked, 0);
    }
    for (int i = 0; i < 3; i++)
        r->at_node[i] = filled(input->subject->n, 0);
    r->literal = filled(n_asked, NOT_YET);
    r->succeeded = filled(n_asked, NO_ROW);
    r->used = filled(input->subject->n, NO_ROW);
    r->failed = mem_zero(n_asked + 1, 1);
    r->elsewhere = mem_zero(n_asked + 1, 1);
    r->noted = mem_zero(n_asked + 1, 1);
    r->at_found = filled(r->final->n, 0);
}

static void replay_finish(struct replay *r)
{
    tree_destroy(r->final);
    for (int i = 0; i < 2; i++) {
        free(r->ends[i]);
        free(r->at_asked[i]);
    }
    for (int i = 0; i < 3; i++)
        free(r->at_node[i]);
    free(r->literal);
    free(r->succeeded);
    free(r->used);
    free(r->failed);
    free(r->elsewhere);
    free(r->noted);
    free(r->at_found);
}

/* What the engine puts into every container: the image need not have it. */
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

static bool is_replayed(const struct replay *r, uint32_t asked)
{
    const struct access_path *path = &r->input->accesses->paths[asked];
    return path->known && path->path.n && path->path.p[0] == '/' && !is_mounted(path->path);
}

static uint32_t end_of(struct replay *r, uint32_t asked, bool nofollow)
{
    uint32_t *end = &r->ends[nofollow][asked];
    struct tree_walk walk;
    if (*end == NOT_YET)
        *end = tree_resolve(r->final, r->input->accesses->paths[asked].path,
                            nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
    return *end;
}

/* Where it ends in the subject. */
static uint32_t seen_at(struct replay *r, uint32_t asked, bool nofollow)
{
    struct tree_walk walk;
    if (!nofollow)
        return r->keep->real[asked];
    if (r->literal[asked] == NOT_YET)
        r->literal[asked] = tree_resolve(r->input->subject, r->input->accesses->paths[asked].path,
                                         TREE_NOFOLLOW, &walk);
    return r->literal[asked];
}

/* The row at *index, made if it is not there: with the subject's path of node, or the one asked for
 * where there is no node. */
static struct break_row *row_at(struct replay *r, uint32_t *index, enum break_kind kind,
                                uint32_t node, uint32_t asked, uint32_t row)
{
    struct breaks *out = r->out;
    BUF_AUTO struct buf path = {0};
    if (*index)
        return &out->rows[*index - 1];
    if (node != NODE_NONE)
        tree_path(r->input->subject, node, &path);
    else
        buf_add(&path, r->input->accesses->paths[asked].path);
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

static void set_now(struct replay *r, struct break_row *row, uint32_t end)
{
    BUF_AUTO struct buf path = {0};
    if (row->now.n)
        return;
    tree_path(r->final, end, &path);
    row->now = arena_copy(&r->out->arena, buf_bytes(&path));
}

/* The links that lead to a node from a path that does not any more. */
static void note_links(struct replay *r, uint32_t asked, bool nofollow, uint32_t node)
{
    struct breaks *out = r->out;
    struct tree_walk walk;
    if (r->noted[asked])
        return;
    r->noted[asked] = 1;
    tree_resolve(r->input->subject, r->input->accesses->paths[asked].path,
                 nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
    for (uint32_t i = 0; i < walk.n_hops; i++) {
        ARRAY_ROOM(out->links, out->n_links, out->cap_links);
        out->links[out->n_links++] = (struct break_link){node, walk.hops[i]};
    }
}

/* Something was made: the directory that it was made in must be there. */
static void replay_place(struct replay *r, uint32_t index)
{
    struct access_row access = access_at(r->input->accesses, index);
    struct bytes dir = path_dir(r->input->accesses->paths[access.path].path);
    struct tree_walk walk;
    dir = dir.n ? dir : bytes_of("/");
    uint32_t node = tree_resolve(r->input->subject, dir, TREE_FOLLOW, &walk);
    if (node == NODE_NONE || (r->made && r->made[node]) ||
        tree_resolve(r->final, dir, TREE_FOLLOW, &walk) != NODE_NONE)
        return; /* it was made too, or is there */
    add_times(row_at(r, &r->at_node[2][node], BREAK_PLACE, node, access.path, index), access.n);
}

static void replay_success(struct replay *r, uint32_t index)
{
    struct access_row access = access_at(r->input->accesses, index);
    uint32_t node = seen_at(r, access.path, access.type->nofollow);
    if (node == NODE_NONE || (r->made && r->made[node])) {
        if (access.type->kind == ACCESS_CREATED)
            replay_place(r, index);
        return; /* made at run time */
    }
    if (r->used[node] == NO_ROW)
        r->used[node] = index;
    uint32_t end = end_of(r, access.path, access.type->nofollow);
    if (end == NODE_NONE || r->final->nodes[end].path_id != (int64_t)node + 1)
        note_links(r, access.path, access.type->nofollow, node);
    if (end == NODE_NONE) {
        add_times(row_at(r, &r->at_node[0][node], BREAK_MISSING, node, access.path, index),
                  access.n);
    } else if (r->final->nodes[end].path_id != (int64_t)node + 1) {
        struct break_row *row =
            row_at(r, &r->at_node[1][node], BREAK_OTHER, node, access.path, index);
        add_times(row, access.n);
        set_now(r, row, end);
    }
}

/* A search that went on because a file was not there stops at the base's. */
static void replay_failure(struct replay *r, uint32_t index)
{
    struct access_row access = access_at(r->input->accesses, index);
    uint32_t end = end_of(r, access.path, access.type->nofollow);
    if (end == NODE_NONE || r->final->nodes[end].path_id || r->succeeded[access.path] != NO_ROW ||
        r->final->nodes[end].kind == NODE_DIR)
        return;
    struct break_row *row =
        row_at(r, &r->at_found[end], BREAK_FOUND, NODE_NONE, access.path, index);
    add_times(row, access.n);
    set_now(r, row, end);
}

static bool is_absence(int64_t error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

static bool replay_evidence(struct replay *r, struct err *err)
{
    const struct accesses *accesses = r->input->accesses;
    enum { CHECK_EVERY = 1 << 12 };
    for (int pass = 0; pass < 3; pass++) /* what succeeds later, too, is known before failures */
        for (uint32_t i = 0; i < accesses->n; i++) {
            struct access_row access = access_at(accesses, i);
            if (i % CHECK_EVERY == 0 && keep_is_cancelled(r->input))
                return err_cancelled(err);
            if (access.type->other_root || !is_replayed(r, access.path))
                continue;
            if (pass == 0 && access.type->error == 0 && r->succeeded[access.path] == NO_ROW)
                r->succeeded[access.path] = i;
            if (pass == 0 && is_absence(access.type->error))
                r->failed[access.path] = 1;
            if (pass == 1 && access.type->error == 0 && access.type->kind != ACCESS_REMOVED)
                replay_success(r, i);
            if (pass == 2 && is_absence(access.type->error) && r->input->base)
                replay_failure(r, i);
        }
    return true;
}

/* The asked paths stand in order of their ids. UINT32_MAX: not there. */
static uint32_t asked_of_id(const struct accesses *accesses, int64_t id)
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
    uint32_t asked = asked_of_id(r->input->accesses, stmt_int(q, 2));
    bool nofollow = stmt_int(q, 4) != 0;
    if (asked == UINT32_MAX || !is_replayed(r, asked) || end_of(r, asked, nofollow) != NODE_NONE)
        return; /* it is there now */
    uint32_t node = seen_at(r, asked, nofollow), first = r->succeeded[asked];
    if (first == NO_ROW && node != NODE_NONE) /* by another of its names */
        first = r->used[node];
    bool made_at_run_time = node == NODE_NONE ? r->failed[asked] : r->made && r->made[node];
    if (made_at_run_time || (first == NO_ROW && node == NODE_NONE)) {
        r->out->n_elsewhere += !r->elsewhere[asked];
        r->elsewhere[asked] = 1;
        return;
    }
    enum break_kind kind = first == NO_ROW ? BREAK_CHECK_B : BREAK_CHECK_A;
    if (node != NODE_NONE)
        note_links(r, asked, nofollow, node);
    bool is_new = !r->at_asked[kind][asked];
    struct break_row *row = row_at(r, &r->at_asked[kind][asked], kind, node, asked, first);
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

static void add_cause(const struct break_row *row, const struct keep_input *input,
                      const struct keep *keep, const struct chain *chain, struct buf *out)
{
    if (row->row == NO_ROW)
        return;
    buf_add(out, bytes_of(": "));
    keep_cause(keep, input, chain, row->node, row->row, out);
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
    add_cause(row, input, keep, chain, out);
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
