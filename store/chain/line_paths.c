/* SPDX-License-Identifier: MIT */
#include "chain/line_paths.h"
#include "chain/access_route.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "chain/created_files.h"
#include "chain/targets/target_texts.h"

struct line_paths {
    const struct corpus *corpus;
    const struct accesses *accesses; /* may be NULL */
    const struct tree *tree;         /* the subject image; may be NULL */
    pthread_mutex_t
        lock;       /* held while a part below is computed; until then the part is NULL or empty */
    uint32_t *real; /* owned; by path of the accesses */
    uint8_t *created;                  /* owned; by node */
    uint32_t *nodes;                   /* owned; nodes in C order of their full paths */
    uint32_t *lines;                   /* owned; by node: its index in nodes */
    struct target_texts *access_texts; /* owned; texts of the accesses, see line_paths_text_of */
    struct target_texts *tree_texts;   /* owned; paths of the nodes, in the order of nodes */
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
    target_texts_destroy(line_paths->access_texts);
    target_texts_destroy(line_paths->tree_texts);
    free(line_paths->real);
    free(line_paths->created);
    free(line_paths->nodes);
    free(line_paths->lines);
    pthread_mutex_destroy(&line_paths->lock);
    free(line_paths);
}

/* Locks the parts and returns them writable. const functions compute the parts on first use;
 * callers cannot observe that. */
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
                ? access_resolve(line_paths->tree, &accesses->paths[i], TREE_FOLLOW, &walk)
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
    if (!mine->created && mine->accesses && mine->tree)
        mine->created = created_files_find(mine->corpus, mine->accesses, mine->tree);
    unlock(mine);
    return mine->created;
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

/* Sorts the nodes as lines. Nodes of a tree are in C order by component ("/a/c" before "/a-b");
 * lines are in the order of sort(1). */
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
    line_paths->tree_texts = target_texts_create(tree->n);
    for (uint32_t line = 0; line < tree->n; line++) {
        line_paths->nodes[line] = list[line].node;
        line_paths->lines[list[line].node] = line;
        target_texts_add(line_paths->tree_texts, line, list[line].path);
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

const struct target_texts *line_paths_tree_texts(const struct line_paths *line_paths)
{
    return ordered(line_paths)->tree_texts;
}

/* Returns the index of access number seq of a log, or SIZE_MAX if there is no such access. */
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

/* Adds the texts of accesses in another root directory (chroot). Such a path is not resolved, even
 * if the subject image has the same path: its text is the path that the program passed, and its
 * number is n_paths + path. */
static void add_other_roots(struct line_paths *line_paths)
{
    const struct accesses *accesses = line_paths->accesses;
    MEM_AUTO bool *done = mem_zero(accesses->n_paths, sizeof *done);
    for (size_t i = 0; i < accesses->n; i++) {
        struct access_row row = access_at(accesses, i);
        if (!row.type->other_root || done[row.path])
            continue;
        done[row.path] = true;
        target_texts_add(line_paths->access_texts, accesses->n_paths + row.path,
                         accesses->paths[row.path].path);
    }
}

/* Appends the path to which a path resolves, or the path itself if it does not resolve. */
static void add_end(const struct line_paths *line_paths, size_t i, struct buf *out)
{
    if (line_paths->real && line_paths->real[i] != NODE_NONE)
        tree_path(line_paths->tree, line_paths->real[i], out);
    else
        buf_add(out, line_paths->accesses->paths[i].path);
}

static void make_access_texts(struct line_paths *line_paths)
{
    const struct accesses *accesses = line_paths->accesses;
    if (line_paths->access_texts)
        return;
    BUF_AUTO struct buf path = {0};
    make_real(line_paths);
    line_paths->access_texts = target_texts_create(accesses->n_paths * 2);
    for (size_t i = 0; i < accesses->n_paths; i++) {
        buf_clear(&path);
        add_end(line_paths, i, &path);
        target_texts_add(line_paths->access_texts, i, buf_bytes(&path));
    }
    add_other_roots(line_paths);
}

static const struct target_texts *access_texts(const struct line_paths *line_paths)
{
    struct line_paths *mine = lock(line_paths);
    make_access_texts(mine);
    unlock(mine);
    return mine->access_texts;
}

static bool has_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

bool line_paths_match(const struct line_paths *line_paths, const struct pattern *pattern,
                      const atomic_bool *cancel, uint64_t **matches, struct err *err)
{
    return target_texts_match(access_texts(line_paths), pattern, cancel, matches, err);
}

size_t line_paths_n_texts(const struct line_paths *line_paths)
{
    return line_paths->accesses->n_paths * 2;
}

size_t line_paths_text_of(const struct line_paths *line_paths, const struct access_row *row)
{
    return row->path + (row->type->other_root ? line_paths->accesses->n_paths : 0);
}

const struct accesses *line_paths_accesses(const struct line_paths *line_paths)
{
    return line_paths->accesses;
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
        add_text(out, accesses->paths[i].route);
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
