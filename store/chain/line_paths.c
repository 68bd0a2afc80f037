/* SPDX-License-Identifier: MIT */
#include "chain/line_paths.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "chain/created_files.h"
#include "chain/path_texts.h"
#include "chain/chain_private.h"

struct line_paths {
    const struct corpus *corpus;
    const struct accesses *accesses; /* NULL: none */
    const struct tree *tree;         /* the subject; NULL: none */
    pthread_mutex_t lock;            /* while one of these is made; each NULL or empty before */
    uint32_t *real;                  /* owned; by asked */
    uint8_t *made;                   /* owned; by node */
    uint32_t *nodes;                 /* owned; in C order of their whole paths */
    uint32_t *lines;                 /* owned; by node, where it is in nodes */
    struct path_texts *asked;        /* owned; of the accesses */
    struct path_texts *paths;        /* owned; of the nodes, in that order */
    char id[LINE_PATHS_ID_BYTES];
};

struct line_paths *line_paths_create(const struct corpus *corpus, const struct accesses *accesses,
                                     const struct tree *subject)
{
    struct line_paths *line_paths = mem_zero(1, sizeof *line_paths);
    *line_paths = (struct line_paths){.corpus = corpus, .accesses = accesses, .tree = subject};
    pthread_mutex_init(&line_paths->lock, NULL);
    return line_paths;
}

void line_paths_destroy(struct line_paths *line_paths)
{
    if (!line_paths)
        return;
    path_texts_destroy(line_paths->asked);
    path_texts_destroy(line_paths->paths);
    free(line_paths->real);
    free(line_paths->made);
    free(line_paths->nodes);
    free(line_paths->lines);
    pthread_mutex_destroy(&line_paths->lock);
    free(line_paths);
}

/* The parts are made inside const functions: from outside they are as if they were always there. */
static struct line_paths *lock(const struct line_paths *line_paths)
{
    struct line_paths *writable = (struct line_paths *)line_paths;
    pthread_mutex_lock(&writable->lock);
    return writable;
}

static void unlock(struct line_paths *line_paths)
{
    pthread_mutex_unlock(&line_paths->lock);
}

static void make_real(struct line_paths *line_paths)
{
    const struct accesses *accesses = line_paths->accesses;
    struct tree_walk walk;
    if (line_paths->real || !accesses || !line_paths->tree)
        return;
    line_paths->real = mem_array(NULL, accesses->n_paths, sizeof *line_paths->real);
    for (size_t i = 0; i < accesses->n_paths; i++)
        line_paths->real[i] =
            accesses->paths[i].known
                ? tree_resolve(line_paths->tree, accesses->paths[i].path, TREE_FOLLOW, &walk)
                : NODE_NONE;
}

const uint32_t *line_paths_real(const struct line_paths *line_paths)
{
    struct line_paths *mine = lock(line_paths);
    make_real(mine);
    unlock(mine);
    return mine->real;
}

const uint8_t *line_paths_created(const struct line_paths *line_paths)
{
    struct line_paths *mine = lock(line_paths);
    if (!mine->made && mine->accesses && mine->tree)
        mine->made = created_files_find(mine->corpus, mine->accesses, mine->tree);
    unlock(mine);
    return mine->made;
}

bool line_paths_are_lines(const struct line_paths *line_paths)
{
    return line_paths && !line_paths->corpus->n_logs && line_paths->tree;
}

uint32_t line_paths_n_lines(const struct line_paths *line_paths)
{
    return line_paths_are_lines(line_paths) ? line_paths->tree->n : 0;
}

struct ordered {
    struct bytes path; /* in the arena of the ordering */
    uint32_t node;
};

static int compare_paths(const void *a, const void *b)
{
    return bytes_compare(((const struct ordered *)a)->path, ((const struct ordered *)b)->path);
}

/* Nodes stand in C order by component: "/a/c" before "/a-b"; lines as sort(1) has them. */
static void make_order(struct line_paths *line_paths)
{
    const struct tree *tree = line_paths->tree;
    if (line_paths->nodes)
        return;
    struct arena arena = {0};
    BUF_AUTO struct buf path = {0};
    MEM_AUTO struct ordered *list = mem_array(NULL, tree->n, sizeof *list);
    for (uint32_t node = 0; node < tree->n; node++) {
        buf_clear(&path);
        tree_path(tree, node, &path);
        list[node] = (struct ordered){arena_copy(&arena, buf_bytes(&path)), node};
    }
    qsort(list, tree->n, sizeof *list, compare_paths);
    line_paths->nodes = mem_array(NULL, tree->n, sizeof *line_paths->nodes);
    line_paths->lines = mem_array(NULL, tree->n, sizeof *line_paths->lines);
    line_paths->paths = path_texts_create(tree->n);
    for (uint32_t line = 0; line < tree->n; line++) {
        line_paths->nodes[line] = list[line].node;
        line_paths->lines[list[line].node] = line;
        path_texts_add(line_paths->paths, line, list[line].path);
    }
    arena_finish(&arena);
}

static const struct line_paths *ordered(const struct line_paths *line_paths)
{
    struct line_paths *mine = lock(line_paths);
    make_order(mine);
    unlock(mine);
    return line_paths;
}

uint32_t line_paths_node(const struct line_paths *line_paths, uint32_t line)
{
    return ordered(line_paths)->nodes[line];
}

uint32_t line_paths_line(const struct line_paths *line_paths, uint32_t node)
{
    return ordered(line_paths)->lines[node];
}

const struct path_texts *line_paths_path_texts(const struct line_paths *line_paths)
{
    return ordered(line_paths)->paths;
}

/* The index of a log's access number seq; SIZE_MAX: there is none. */
static size_t find_row(const struct line_paths *line_paths, uint32_t log, uint32_t seq)
{
    const struct accesses *accesses = line_paths->accesses;
    if (!accesses || !seq || log >= line_paths->corpus->n_logs)
        return SIZE_MAX;
    const size_t *first = &accesses->first_of_log[log];
    return seq <= first[1] - first[0] ? first[0] + seq - 1 : SIZE_MAX;
}

uint32_t line_paths_node_of_call(const struct line_paths *line_paths, uint32_t block, uint32_t seq)
{
    const uint32_t *real = line_paths_real(line_paths);
    size_t index = find_row(line_paths, line_paths->corpus->blocks[block].log, seq);
    if (!real || index == SIZE_MAX)
        return NODE_NONE;
    struct access_row row = access_at(line_paths->accesses, index);
    return row.type->other_root ? NODE_NONE : real[row.path];
}

/* An access in another root means its path there: the asked one, though the subject may have one of
 * that name. Its text has the owner n_asked + asked. */
static void add_literals(struct line_paths *line_paths)
{
    const struct accesses *accesses = line_paths->accesses;
    MEM_AUTO bool *done = mem_zero(accesses->n_paths, sizeof *done);
    for (size_t i = 0; i < accesses->n; i++) {
        struct access_row row = access_at(accesses, i);
        if (!row.type->other_root || done[row.path])
            continue;
        done[row.path] = true;
        path_texts_add(line_paths->asked, accesses->n_paths + row.path,
                       accesses->paths[row.path].path);
    }
}

/* Where an asked path leads, or the path itself; appended. */
static void add_asked(const struct line_paths *line_paths, size_t asked, struct buf *out)
{
    if (line_paths->real && line_paths->real[asked] != NODE_NONE)
        tree_path(line_paths->tree, line_paths->real[asked], out);
    else
        buf_add(out, line_paths->accesses->paths[asked].path);
}

static void make_asked(struct line_paths *line_paths)
{
    const struct accesses *accesses = line_paths->accesses;
    if (line_paths->asked)
        return;
    BUF_AUTO struct buf path = {0};
    make_real(line_paths);
    line_paths->asked = path_texts_create(accesses->n_paths * 2);
    for (size_t i = 0; i < accesses->n_paths; i++) {
        buf_clear(&path);
        add_asked(line_paths, i, &path);
        path_texts_add(line_paths->asked, i, buf_bytes(&path));
    }
    add_literals(line_paths);
}

static const struct path_texts *asked_texts(const struct line_paths *line_paths)
{
    struct line_paths *mine = lock(line_paths);
    make_asked(mine);
    unlock(mine);
    return mine->asked;
}

static bool has_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

static bool row_matches(const struct line_paths *line_paths, size_t index, enum stage_target target,
                        const uint64_t *owners)
{
    struct access_row row = access_at(line_paths->accesses, index);
    if (row.type->other_root)
        return target == STAGE_PATH && has_bit(owners, line_paths->accesses->n_paths + row.path);
    bool in_tree = line_paths->real && line_paths->real[row.path] != NODE_NONE;
    return (target == STAGE_PATH || in_tree) && has_bit(owners, row.path);
}

bool line_paths_match_rows(const struct line_paths *line_paths, const struct pattern *pattern,
                           enum stage_target target, const atomic_bool *cancel, uint64_t **rows,
                           struct err *err)
{
    const struct accesses *accesses = line_paths->accesses;
    *rows = mem_zero(accesses ? accesses->n / 64 + 1 : 1, sizeof **rows);
    if (!accesses)
        return true;
    uint64_t *owners;
    if (!path_texts_match(asked_texts(line_paths), pattern, cancel, &owners, err)) {
        free(mem_steal(rows));
        return false;
    }
    for (size_t i = 0; i < accesses->n; i++) {
        struct access_row row = access_at(accesses, i);
        if (row_matches(line_paths, i, target, owners) ||
            (row.type->pair && row_matches(line_paths, i + 1, target, owners)))
            (*rows)[i / 64] |= 1ull << i % 64;
    }
    free(owners);
    return true;
}

bool line_paths_row_is_set(const struct line_paths *line_paths, const uint64_t *rows, uint32_t log,
                           uint32_t seq)
{
    size_t index = find_row(line_paths, log, seq);
    return index != SIZE_MAX && has_bit(rows, index);
}

static void add_raw(struct buf *out, const void *data, size_t n)
{
    buf_add(out, bytes_from(data, n));
}

static void add_text(struct buf *out, struct bytes text)
{
    add_raw(out, &text.n, sizeof text.n);
    buf_add(out, text);
}

static void add_tree(struct buf *out, const struct tree *tree)
{
    for (uint32_t i = 0; tree && i < tree->n; i++) {
        const struct node *node = &tree->nodes[i];
        uint32_t numbers[] = {node->parent, node->kind};
        add_raw(out, numbers, sizeof numbers);
        add_text(out, node->name);
        add_text(out, node->link);
    }
}

static void add_accesses(struct buf *out, const struct accesses *accesses)
{
    for (size_t i = 0; accesses && i < accesses->n; i++) {
        struct access_row row = access_at(accesses, i);
        uint32_t numbers[] = {access_log(accesses, &row), row.path, row.type->pair,
                              row.type->other_root};
        add_raw(out, numbers, sizeof numbers);
    }
    for (size_t i = 0; accesses && i < accesses->n_paths; i++) {
        buf_byte(out, accesses->paths[i].known);
        add_text(out, accesses->paths[i].path);
    }
}

const char *line_paths_id(const struct line_paths *line_paths)
{
    struct line_paths *mine = lock(line_paths);
    if (!mine->id[0]) {
        BUF_AUTO struct buf all = {0};
        add_raw(&all, line_paths->corpus->key, sizeof line_paths->corpus->key);
        add_tree(&all, line_paths->tree);
        add_accesses(&all, line_paths->accesses);
        XXH128_hash_t hash = XXH3_128bits(all.p, all.n);
        snprintf(mine->id, sizeof mine->id, "%016llx%016llx", (unsigned long long)hash.high64,
                 (unsigned long long)hash.low64);
    }
    unlock(mine);
    return mine->id;
}
