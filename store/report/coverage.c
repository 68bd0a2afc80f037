/* SPDX-License-Identifier: MIT
 *
 * Sets one bit per (file, run) from the accesses first; a file is a node or, if there is no subject
 * image, a path as the program passed it. Then computes the sums from the bits.
 */
#include "report/coverage.h"

#include <stdlib.h>
#include <string.h>

/* State while the bits are set. An item is a node, or a path as the program passed it. */
struct items {
    const struct session *session;
    uint64_t *uses; /* words_per_file words per item; owned */
    size_t n, words;
};

static bool has_tree(const struct session *session)
{
    return session->subject && session->keep && session->keep->real;
}

static bool has_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

bool coverage_uses(const struct coverage *coverage, size_t file, size_t run)
{
    return has_bit(coverage->uses + file * coverage->words_per_file, run);
}

static const char RUNS[] =
    "SELECT r.id, r.name, min(l.position) AS place FROM run r JOIN log l ON l.run = r.id "
    "WHERE r.role = 'evidence' AND l.complete = 1 GROUP BY r.id ORDER BY place";

static bool read_runs(struct session *session, struct coverage *out, struct err *err)
{
    size_t cap = 0;
    struct stmt *q = db_query(session->db, RUNS, err);
    enum step step = STEP_ERR;
    while (q && (step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(out->runs, out->n_runs, cap);
        out->runs[out->n_runs++] = (struct coverage_run){
            .id = stmt_int(q, 0), .name = arena_copy(&out->arena, stmt_bytes(q, 1))};
    }
    return step == STEP_DONE;
}

/* Returns the item of an access, or SIZE_MAX if the access used no file. */
static size_t item_of(const struct session *session, size_t index)
{
    struct access_row row = access_at(session->accesses, index);
    if (row.type->error != 0 || row.type->other_root || !session->accesses->paths[row.path].known)
        return SIZE_MAX;
    if (!has_tree(session))
        return row.path;
    uint32_t node = session->keep->real[row.path];
    return node == NODE_NONE || session->subject->nodes[node].kind == NODE_DIR ? SIZE_MAX : node;
}

static void set_bits(struct items *items, const struct coverage *out)
{
    const struct accesses *accesses = items->session->accesses;
    const struct corpus *corpus = items->session->corpus;
    for (uint32_t log = 0; log < corpus->n_logs; log++) {
        size_t run = 0;
        while (run < out->n_runs && out->runs[run].id != corpus->logs[log].run)
            run++;
        if (run == out->n_runs)
            continue;
        for (size_t i = accesses->first_of_log[log]; i < accesses->first_of_log[log + 1]; i++) {
            size_t item = item_of(items->session, i);
            if (item != SIZE_MAX)
                items->uses[item * items->words + run / 64] |= 1ull << (run % 64);
        }
    }
}

static bool any_bit(const uint64_t *bits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bits[i])
            return true;
    return false;
}

static int by_path(const void *a, const void *b)
{
    return bytes_compare(((const struct coverage_file *)a)->path,
                         ((const struct coverage_file *)b)->path);
}

static struct bytes path_of(const struct session *session, size_t item, struct buf *scratch)
{
    if (!has_tree(session))
        return session->accesses->paths[item].path;
    buf_clear(scratch);
    tree_path(session->subject, (uint32_t)item, scratch);
    return buf_bytes(scratch);
}

static void count_runs(struct coverage *out, size_t file)
{
    struct coverage_file *used = &out->files[file];
    for (uint32_t run = (uint32_t)out->n_runs; run-- > 0;) {
        if (!coverage_uses(out, file, run))
            continue;
        used->n_runs++;
        used->first_run = run;
    }
}

/* Lists the used items, sorted; node contains the number of the item until the bits are moved. */
static void list_files(const struct items *items, struct coverage *out)
{
    BUF_AUTO struct buf path = {0};
    size_t cap = 0;
    for (size_t i = 0; i < items->n; i++) {
        if (!any_bit(items->uses + i * items->words, items->words))
            continue;
        ARRAY_ROOM(out->files, out->n_files, cap);
        out->files[out->n_files++] = (struct coverage_file){
            .path = arena_copy(&out->arena, path_of(items->session, i, &path)),
            .node = (uint32_t)i};
    }
    if (out->n_files)
        qsort(out->files, out->n_files, sizeof *out->files, by_path);
    out->uses = mem_zero(out->n_files * items->words, sizeof *out->uses);
    for (size_t i = 0; i < out->n_files; i++) {
        memcpy(out->uses + i * items->words, items->uses + out->files[i].node * items->words,
               items->words * sizeof *out->uses);
        if (!has_tree(items->session))
            out->files[i].node = NODE_NONE;
        count_runs(out, i);
    }
}

/* A sum that is being computed: each hard-link group counts its bytes once. */
struct adding {
    const struct session *session;
    uint8_t *peers; /* by node: its hard-link group is already in the sum; owned */
};

static void add_file(struct adding *adding, uint32_t node, struct coverage_sum *sum)
{
    sum->n_files++;
    if (node == NODE_NONE)
        return;
    const struct node *file = &adding->session->subject->nodes[node];
    if (file->peer != NODE_NONE) {
        if (adding->peers[file->peer])
            return;
        adding->peers[file->peer] = 1;
    }
    sum->bytes += file->size;
}

enum which { WHICH_USED, WHICH_ONLY, WHICH_ADDED, WHICH_ALL, WHICH_ANY };

static bool is_in(const struct coverage *c, size_t file, size_t run, enum which which)
{
    const struct coverage_file *used = &c->files[file];
    switch (which) {
    case WHICH_USED:
        return coverage_uses(c, file, run);
    case WHICH_ONLY:
        return used->first_run == run && used->n_runs == 1;
    case WHICH_ADDED:
        return used->first_run == run;
    case WHICH_ALL:
        return used->n_runs == c->n_runs;
    default:
        return true;
    }
}

static struct coverage_sum add_up(const struct session *session, const struct coverage *c,
                                  size_t run, enum which which)
{
    struct coverage_sum sum = {0};
    struct adding adding = {.session = session,
                            .peers = mem_zero(has_tree(session) ? session->subject->n : 1, 1)};
    for (size_t i = 0; i < c->n_files; i++)
        if (is_in(c, i, run, which))
            add_file(&adding, c->files[i].node, &sum);
    free(adding.peers);
    return sum;
}

bool coverage_read(struct session *session, struct coverage *out, struct err *err)
{
    if (!read_runs(session, out, err)) {
        coverage_finish(out);
        return false;
    }
    struct items items = {.session = session,
                          .n = has_tree(session) ? session->subject->n : session->accesses->n_paths,
                          .words = out->n_runs / 64 + 1};
    items.uses = mem_zero(items.n * items.words + 1, sizeof *items.uses);
    out->words_per_file = items.words;
    set_bits(&items, out);
    list_files(&items, out);
    free(items.uses);
    for (size_t i = 0; i < out->n_runs; i++) {
        out->runs[i].used = add_up(session, out, i, WHICH_USED);
        out->runs[i].only = add_up(session, out, i, WHICH_ONLY);
        out->runs[i].added = add_up(session, out, i, WHICH_ADDED);
    }
    out->all = add_up(session, out, 0, WHICH_ALL);
    out->any = add_up(session, out, 0, WHICH_ANY);
    return true;
}

void coverage_finish(struct coverage *coverage)
{
    free(coverage->runs);
    free(coverage->files);
    free(coverage->uses);
    arena_finish(&coverage->arena);
    *coverage = (struct coverage){0};
}
