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
    char id[PLACES_ID_BYTES];
};

struct line_paths *line_paths_create(const struct corpus *corpus, const struct accesses *accesses,
                                     const struct tree *subject)
{
    struct line_paths *places = mem_zero(1, sizeof *places);
    *places = (struct line_paths){.corpus = corpus, .accesses = accesses, .tree = subject};
    pthread_mutex_init(&places->lock, NULL);
    return places;
}

void line_paths_destroy(struct line_paths *places)
{
    if (!places)
        return;
    path_texts_destroy(places->asked);
    path_texts_destroy(places->paths);
    free(places->real);
    free(places->made);
    free(places->nodes);
    free(places->lines);
    pthread_mutex_destroy(&places->lock);
    free(places);
}

/* The parts are made inside const functions: from outside they are as if they were always there. */
static struct line_paths *lock(const struct line_paths *places)
{
    struct line_paths *writable = (struct line_paths *)places;
    pthread_mutex_lock(&writable->lock);
    return writable;
}

static void unlock(struct line_paths *places)
{
    pthread_mutex_unlock(&places->lock);
}

static void make_real(struct line_paths *places)
{
    const struct accesses *accesses = places->accesses;
    struct tree_walk walk;
    if (places->real || !accesses || !places->tree)
        return;
    places->real = mem_array(NULL, accesses->n_asked, sizeof *places->real);
    for (size_t i = 0; i < accesses->n_asked; i++)
        places->real[i] =
            accesses->asked[i].known
                ? tree_resolve(places->tree, accesses->asked[i].path, TREE_FOLLOW, &walk)
                : NODE_NONE;
}

const uint32_t *line_paths_real(const struct line_paths *places)
{
    struct line_paths *mine = lock(places);
    make_real(mine);
    unlock(mine);
    return mine->real;
}

const uint8_t *line_paths_made(const struct line_paths *places)
{
    struct line_paths *mine = lock(places);
    if (!mine->made && mine->accesses && mine->tree)
        mine->made = created_files_find(mine->corpus, mine->accesses, mine->tree);
    unlock(mine);
    return mine->made;
}

bool line_paths_are_lines(const struct line_paths *places)
{
    return places && !places->corpus->n_logs && places->tree;
}

uint32_t line_paths_n_lines(const struct line_paths *places)
{
    return line_paths_are_lines(places) ? places->tree->n : 0;
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
static void make_order(struct line_paths *places)
{
    const struct tree *tree = places->tree;
    if (places->nodes)
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
    places->nodes = mem_array(NULL, tree->n, sizeof *places->nodes);
    places->lines = mem_array(NULL, tree->n, sizeof *places->lines);
    places->paths = path_texts_create(tree->n);
    for (uint32_t line = 0; line < tree->n; line++) {
        places->nodes[line] = list[line].node;
        places->lines[list[line].node] = line;
        path_texts_add(places->paths, line, list[line].path);
    }
    arena_finish(&arena);
}

static const struct line_paths *ordered(const struct line_paths *places)
{
    struct line_paths *mine = lock(places);
    make_order(mine);
    unlock(mine);
    return places;
}

uint32_t line_paths_node(const struct line_paths *places, uint32_t line)
{
    return ordered(places)->nodes[line];
}

uint32_t line_paths_line(const struct line_paths *places, uint32_t node)
{
    return ordered(places)->lines[node];
}

const struct path_texts *line_paths_path_texts(const struct line_paths *places)
{
    return ordered(places)->paths;
}

/* The index of a log's access number seq; SIZE_MAX: there is none. */
static size_t find_row(const struct line_paths *places, uint32_t log, uint32_t seq)
{
    const struct accesses *accesses = places->accesses;
    if (!accesses || !seq || log >= places->corpus->n_logs)
        return SIZE_MAX;
    const size_t *first = &accesses->first_of_log[log];
    return seq <= first[1] - first[0] ? first[0] + seq - 1 : SIZE_MAX;
}

uint32_t line_paths_node_of_call(const struct line_paths *places, uint32_t block, uint32_t seq)
{
    const uint32_t *real = line_paths_real(places);
    size_t index = find_row(places, places->corpus->blocks[block].log, seq);
    if (!real || index == SIZE_MAX)
        return NODE_NONE;
    struct access_row row = access_at(places->accesses, index);
    return row.way->other_root ? NODE_NONE : real[row.asked];
}

/* An access in another root means its path there: the asked one, though the subject may have one of
 * that name. Its text has the owner n_asked + asked. */
static void add_literals(struct line_paths *places)
{
    const struct accesses *accesses = places->accesses;
    MEM_AUTO bool *done = mem_zero(accesses->n_asked, sizeof *done);
    for (size_t i = 0; i < accesses->n; i++) {
        struct access_row row = access_at(accesses, i);
        if (!row.way->other_root || done[row.asked])
            continue;
        done[row.asked] = true;
        path_texts_add(places->asked, accesses->n_asked + row.asked,
                       accesses->asked[row.asked].path);
    }
}

/* Where an asked path leads, or the path itself; appended. */
static void add_asked(const struct line_paths *places, size_t asked, struct buf *out)
{
    if (places->real && places->real[asked] != NODE_NONE)
        tree_path(places->tree, places->real[asked], out);
    else
        buf_add(out, places->accesses->asked[asked].path);
}

static void make_asked(struct line_paths *places)
{
    const struct accesses *accesses = places->accesses;
    if (places->asked)
        return;
    BUF_AUTO struct buf path = {0};
    make_real(places);
    places->asked = path_texts_create(accesses->n_asked * 2);
    for (size_t i = 0; i < accesses->n_asked; i++) {
        buf_clear(&path);
        add_asked(places, i, &path);
        path_texts_add(places->asked, i, buf_bytes(&path));
    }
    add_literals(places);
}

static const struct path_texts *asked_texts(const struct line_paths *places)
{
    struct line_paths *mine = lock(places);
    make_asked(mine);
    unlock(mine);
    return mine->asked;
}

static bool has_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

static bool row_matches(const struct line_paths *places, size_t index, enum stage_target target,
                        const uint64_t *owners)
{
    struct access_row row = access_at(places->accesses, index);
    if (row.way->other_root)
        return target == STAGE_PATH && has_bit(owners, places->accesses->n_asked + row.asked);
    bool in_tree = places->real && places->real[row.asked] != NODE_NONE;
    return (target == STAGE_PATH || in_tree) && has_bit(owners, row.asked);
}

bool line_paths_match_rows(const struct line_paths *places, const struct pattern *pattern,
                           enum stage_target target, const atomic_bool *cancel, uint64_t **rows,
                           struct err *err)
{
    const struct accesses *accesses = places->accesses;
    *rows = mem_zero(accesses ? accesses->n / 64 + 1 : 1, sizeof **rows);
    if (!accesses)
        return true;
    uint64_t *owners;
    if (!path_texts_match(asked_texts(places), pattern, cancel, &owners, err)) {
        free(mem_steal(rows));
        return false;
    }
    for (size_t i = 0; i < accesses->n; i++) {
        struct access_row row = access_at(accesses, i);
        if (row_matches(places, i, target, owners) ||
            (row.way->pair && row_matches(places, i + 1, target, owners)))
            (*rows)[i / 64] |= 1ull << i % 64;
    }
    free(owners);
    return true;
}

bool line_paths_row_is_set(const struct line_paths *places, const uint64_t *rows, uint32_t log,
                           uint32_t seq)
{
    size_t index = find_row(places, log, seq);
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
        uint32_t numbers[] = {access_log(accesses, &row), row.asked, row.way->pair,
                              row.way->other_root};
        add_raw(out, numbers, sizeof numbers);
    }
    for (size_t i = 0; accesses && i < accesses->n_asked; i++) {
        buf_byte(out, accesses->asked[i].known);
        add_text(out, accesses->asked[i].path);
    }
}

const char *line_paths_id(const struct line_paths *places)
{
    struct line_paths *mine = lock(places);
    if (!mine->id[0]) {
        BUF_AUTO struct buf all = {0};
        add_raw(&all, places->corpus->key, sizeof places->corpus->key);
        add_tree(&all, places->tree);
        add_accesses(&all, places->accesses);
        XXH128_hash_t hash = XXH3_128bits(all.p, all.n);
        snprintf(mine->id, sizeof mine->id, "%016llx%016llx", (unsigned long long)hash.high64,
                 (unsigned long long)hash.low64);
    }
    unlock(mine);
    return mine->id;
}
