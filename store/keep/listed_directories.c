/* SPDX-License-Identifier: MIT
 *
 * A program that lists a directory decides by the names that it sees, and never looks up a name
 * that is not listed (CPython's import does so). If entries of a listed directory are not in the
 * slim image, neither the replay of the evidence nor a check run has a failed call. Such
 * directories are a class of breaks of their own (semantics.md, Needed, kept, base).
 */
#include <stdlib.h>
#include <string.h>

#include "keep/breaks.h"
#include "keep/evidence.h"

enum { NAMES_SHOWN = 3 };

struct listing {
    const struct keep_input *input;
    const struct keep *keep;
    const struct tree *final;
    struct breaks *out;
    const uint8_t *created; /* borrowed; by node: the program created it; NULL: not known */
    uint8_t *used;          /* owned; by node: an access of the evidence used it */
    struct break_row **of;  /* owned; by node: its row, not yet in out; NULL: not listed */
};

static struct break_row *row_of(struct listing *l, uint32_t node)
{
    if (!l->of[node]) {
        l->of[node] = mem_zero(1, sizeof **l->of);
        *l->of[node] = (struct break_row){.kind = BREAK_LISTED, .node = node, .row = UINT32_MAX};
    }
    return l->of[node];
}

/* Returns the directory of the subject that a path names, or NODE_NONE. */
static uint32_t listed_node(const struct listing *l, uint32_t path_index)
{
    uint32_t node = break_is_replayed(l->input, path_index) ? l->keep->real[path_index] : NODE_NONE;
    if (node == NODE_NONE || l->input->subject->nodes[node].kind != NODE_DIR ||
        (l->created && l->created[node]))
        return NODE_NONE;
    return node;
}

static void add_times(struct break_row *row, uint32_t n)
{
    row->n = n > UINT32_MAX - row->n ? UINT32_MAX : row->n + n;
}

static bool add_evidence(struct listing *l, struct err *err)
{
    enum { CHECK_EVERY = 1 << 12 };
    const struct accesses *accesses = l->input->accesses;
    for (uint32_t i = 0; i < accesses->n; i++) {
        struct access_row access = access_at(accesses, i);
        if (i % CHECK_EVERY == 0 && keep_is_cancelled(l->input))
            return err_cancelled(err);
        if (access.type->kind != ACCESS_LISTED || access.type->error || access.type->other_root)
            continue;
        uint32_t node = listed_node(l, access.path);
        if (node == NODE_NONE)
            continue;
        struct break_row *row = row_of(l, node);
        if (row->row == UINT32_MAX)
            row->row = i;
        add_times(row, access.n);
    }
    return true;
}

static const char CHECKS_LISTED[] =
    "SELECT log.name, access.first_line, access.asked, access.n "
    "FROM run JOIN log ON log.run = run.id AND log.complete = 1 JOIN access ON access.log = log.id "
    "WHERE run.role = 'check' AND access.kind = 'listed' AND access.errno = 0 "
    "AND access.other_root = 0 ORDER BY log.position, access.seq";

static bool add_checks(struct listing *l, struct err *err)
{
    struct stmt *q = db_query(l->input->db, CHECKS_LISTED, err);
    if (!q)
        return false;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        uint32_t path_index = break_path_of_id(l->input->accesses, stmt_int(q, 2));
        uint32_t node = path_index == UINT32_MAX ? NODE_NONE : listed_node(l, path_index);
        if (node == NODE_NONE)
            continue;
        struct break_row *row = row_of(l, node);
        if (!row->log.n) {
            row->log = arena_copy(&l->out->arena, stmt_bytes(q, 0));
            row->line = (uint32_t)stmt_int(q, 1);
        }
        add_times(row, (uint32_t)stmt_int(q, 3));
    }
    return step == STEP_DONE;
}

/* Returns the kind of file that a name shows: what is after its last dot; "so" for libraries with a
 * version; no bytes for a name without a dot. */
static struct bytes suffix_of(struct bytes name)
{
    for (size_t i = 1; i + 3 < name.n; i++)
        if (!memcmp(name.p + i, ".so.", 4))
            return bytes_of("so");
    size_t dot = bytes_rindex(name, '.');
    return dot && dot < name.n ? bytes_skip(name, dot + 1) : bytes_from("", 0);
}

static bool is_plain(const struct node *node)
{
    return node->kind == NODE_FILE || node->kind == NODE_LINK;
}

/* The different suffixes of the files of one directory that the evidence used. */
struct suffixes {
    struct bytes *list; /* owned; the bytes are borrowed from the tree */
    size_t n, cap;
};

static bool suffixes_have(const struct suffixes *suffixes, struct bytes suffix)
{
    for (size_t i = 0; i < suffixes->n; i++)
        if (bytes_equal(suffixes->list[i], suffix))
            return true;
    return false;
}

static void suffixes_read(const struct listing *l, uint32_t dir, struct suffixes *out)
{
    const struct tree *subject = l->input->subject;
    for (uint32_t i = tree_first(subject, dir); i != NODE_NONE; i = tree_next(subject, i)) {
        struct bytes suffix = suffix_of(subject->nodes[i].name);
        if (!l->used[i] || !is_plain(&subject->nodes[i]) || suffixes_have(out, suffix))
            continue;
        ARRAY_ROOM(out->list, out->n, out->cap);
        out->list[out->n++] = suffix;
    }
}

static void add_entry(struct listing *l, uint32_t dir, uint32_t entry,
                      const struct suffixes *suffixes)
{
    struct breaks *out = l->out;
    const struct node *node = &l->input->subject->nodes[entry];
    bool is_like_used = is_plain(node) && suffixes_have(suffixes, suffix_of(node->name));
    ARRAY_ROOM(out->entries, out->n_entries, out->cap_entries);
    out->entries[out->n_entries++] = (struct break_entry){dir, entry, is_like_used};
}

/* Returns whether the slim image should have the entry: engines mount some files, and the program
 * creates others. */
static bool is_expected(const struct listing *l, uint32_t entry)
{
    BUF_AUTO struct buf path = {0};
    tree_path(l->input->subject, entry, &path);
    return !(l->created && l->created[entry]) && !break_is_mounted(buf_bytes(&path));
}

/* Counts the entries of a listed directory; adds those that the slim image lacks to out->entries.
 * If the directory itself is missing, that is a break of another class. */
static void count_entries(struct listing *l, struct break_row *row)
{
    const struct tree *subject = l->input->subject;
    struct suffixes suffixes = {0};
    BUF_AUTO struct buf path = {0};
    tree_path(subject, row->node, &path);
    uint32_t there = tree_find(l->final, buf_bytes(&path));
    if (there == NODE_NONE || break_is_mounted(buf_bytes(&path)))
        return;
    row->path = arena_copy(&l->out->arena, buf_bytes(&path));
    suffixes_read(l, row->node, &suffixes);
    for (uint32_t i = tree_first(subject, row->node); i != NODE_NONE; i = tree_next(subject, i)) {
        if (!is_expected(l, i))
            continue;
        row->n_entries++;
        if (tree_child(l->final, there, subject->nodes[i].name) == NODE_NONE) {
            row->n_missing++;
            add_entry(l, row->node, i, &suffixes);
        }
    }
    free(suffixes.list);
}

static void add_rows(struct listing *l)
{
    struct breaks *out = l->out;
    for (uint32_t i = 0; i < l->input->subject->n; i++) {
        if (!l->of[i])
            continue;
        count_entries(l, l->of[i]);
        if (l->of[i]->n_missing) {
            ARRAY_ROOM(out->rows, out->n, out->cap);
            out->rows[out->n++] = *l->of[i];
            out->n_of[BREAK_LISTED]++;
        }
        free(l->of[i]);
    }
}

bool listed_check(const struct keep_input *input, const struct keep *keep, const struct tree *final,
                  struct breaks *out, struct err *err)
{
    struct listing l = {.input = input, .keep = keep, .final = final, .out = out};
    l.created = input->line_paths ? line_paths_created(input->line_paths) : NULL;
    l.used = mem_zero(input->subject->n, 1);
    l.of = mem_zero(input->subject->n, sizeof *l.of);
    evidence_used(input, keep, l.used);
    bool ok = add_evidence(&l, err) && add_checks(&l, err);
    add_rows(&l);
    free(l.of);
    free(l.used);
    return ok;
}

void listed_print(const struct breaks *breaks, const struct break_row *row,
                  const struct tree *subject, struct buf *out)
{
    uint32_t n = 0;
    buf_printf(out,
               "listed by the program; %u of its %u %s not in the slim image: ", row->n_missing,
               row->n_entries, row->n_missing == 1 ? "entries is" : "entries are");
    for (size_t i = 0; i < breaks->n_entries && n < NAMES_SHOWN; i++) {
        if (breaks->entries[i].directory != row->node)
            continue;
        buf_add(out, bytes_of(n++ ? " " : ""));
        buf_add(out, subject->nodes[breaks->entries[i].node].name);
    }
    if (n < row->n_missing)
        buf_printf(out, " and %u more", row->n_missing - n);
}

void breaks_listed_nodes(const struct breaks *breaks, enum listed_choice choice, uint32_t **nodes,
                         size_t *n)
{
    *nodes = mem_array(NULL, breaks->n + breaks->n_entries, sizeof **nodes);
    *n = 0;
    for (size_t i = 0; choice == LISTED_ALL && i < breaks->n; i++)
        if (breaks->rows[i].kind == BREAK_LISTED)
            (*nodes)[(*n)++] = breaks->rows[i].node;
    for (size_t i = 0; choice == LISTED_SAME && i < breaks->n_entries; i++)
        if (breaks->entries[i].is_like_used)
            (*nodes)[(*n)++] = breaks->entries[i].node;
}
