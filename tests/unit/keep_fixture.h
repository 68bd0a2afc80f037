/* SPDX-License-Identifier: MIT
 * A session whose rows are written here by hand: a log, its accesses, and a tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <zstd.h>

#include "db/path_intern.h"
#include "keep/keep.h"

static const char RUN[] = "INSERT INTO run VALUES (1, 'run1', 'evidence')";
static const char LOG[] =
    "INSERT INTO log VALUES (1, 1, 1, 'dir/t.1', '/x', :size, x'00', :n, 0, 1, 1)";
static const char BLOCK[] = "INSERT INTO block VALUES (1, :first, :n, :bytes, :text, :calls)";
static const char ASKED[] = "INSERT INTO asked (id, path, known) VALUES (:id, :path, :known)";
/* Encodes a number as one character: the number + 1 (share/schema.sql, packed). */
static const char WAY[] =
    "INSERT INTO way VALUES (:seq, :call, :kind, :errno, :nofollow, :other, :pair)";
static const char PROCESS[] = "INSERT INTO process VALUES (1, 0, 1, 0, '', '', 1)";
static const char PACKED[] =
    "INSERT INTO packed VALUES (1, 1, :n, 0, 0, :process, '', :way, :asked, '', :line, '', "
    ":times, '')";

/* For each line: its text and the seq of its call. */
static const struct {
    const char *text;
    uint32_t seq;
} lines[] = {
    {"execve(\"/usr/bin/app\", [], []) = 0\n", 1},
    {"openat(AT_FDCWD, \"/lib/libz.so\", O_RDONLY) = 3\n", 2},
    {"openat(AT_FDCWD, \"/etc/secret\", O_RDONLY) = -1 EACCES (Permission denied)\n", 3},
    {"lstat(\"/usr/bin/py3\", {}) = 0\n", 4},
    {"rename(\"/tmp/a\", \"/data/b\") = 0\n", 5},
    {"openat(AT_FDCWD, \"/run/new\", O_CREAT) = 4\n", 7},
    {"openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = 3\n", 8},
    {"openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = 5\n", 8},
    {"unlink(\"/etc/gone\") = 0\n", 9},
    {"openat(AT_FDCWD, \"/usr/jail\", O_RDONLY) = 6\n", 10},
    {"openat(AT_FDCWD, \"etc/conf\", O_RDONLY) = 7\n", 11},
    {"+++ exited with 0 +++\n", 0},
    {"a damaged session made this number up\n", 4000000000},
};
enum { N_LINES = sizeof lines / sizeof *lines, FIRST_BLOCK = 4 };

/* For each access; each has its own path id, with the same number. */
static const struct {
    int mate;
    const char *path;
    int known;
    const char *kind;
    int error, nofollow, other_root, n, line;
} accesses[] = {
    {0, "/usr/bin/app", 1, "executed", 0, 0, 0, 1, 1},
    {0, "/lib/libz.so", 1, "read", 0, 0, 0, 1, 2},
    {0, "/etc/secret", 1, "read", 13, 0, 0, 1, 3},
    {0, "/usr/bin/py3", 1, "stat", 0, 1, 0, 1, 4},
    {6, "/tmp/a", 1, "renamed", 0, 1, 0, 1, 5},
    {0, "/data/b", 1, "created", 0, 1, 0, 1, 5},
    {0, "/run/new", 1, "created", 0, 0, 0, 1, 6},
    {0, "/etc/conf", 1, "read", 0, 0, 0, 2, 7},
    {0, "/etc/gone", 1, "removed", 0, 0, 0, 1, 9},
    {0, "/usr/jail", 1, "read", 0, 0, 1, 1, 10},
    {0, "etc/conf", 0, "read", 0, 0, 0, 1, 11},
};

enum { N_ACCESSES = sizeof accesses / sizeof *accesses };

struct place {
    char dir[64], path[96];
    struct db *db;
    struct tree *tree;
    struct corpus *corpus;
    struct accesses *accesses;
    struct corpus_reader *reader;
};

static void run(struct stmt *q)
{
    struct err err = {0};
    if (!q || !stmt_run(q, &err))
        fail_msg("%s", err.text);
}

static void put_block(struct db *db, uint32_t first, uint32_t n)
{
    struct err err = {0};
    BUF_AUTO struct buf text = {0};
    uint32_t calls[N_LINES];
    char packed[2][4096];
    for (uint32_t i = 0; i < n; i++) {
        buf_add(&text, bytes_of(lines[first + i].text));
        calls[i] = lines[first + i].seq;
    }
    size_t a = ZSTD_compress(packed[0], sizeof packed[0], text.p, text.n, 1);
    size_t b = ZSTD_compress(packed[1], sizeof packed[1], calls, n * sizeof *calls, 1);
    struct stmt *q = db_query(db, BLOCK, &err);
    stmt_bind_int(q, ":first", first + 1);
    stmt_bind_int(q, ":n", n);
    stmt_bind_int(q, ":bytes", (int64_t)text.n);
    stmt_bind_blob(q, ":text", bytes_from(packed[0], a));
    stmt_bind_blob(q, ":calls", bytes_from(packed[1], b));
    run(q);
}

static void put_accesses(struct db *db)
{
    struct err err = {0};
    char process[N_ACCESSES], number[N_ACCESSES], line[N_ACCESSES], times[N_ACCESSES];
    for (size_t i = 0; i < N_ACCESSES; i++) {
        struct stmt *q = db_query(db, ASKED, &err);
        stmt_bind_int(q, ":id", (int64_t)i + 1);
        stmt_bind_text(q, ":path", bytes_of(accesses[i].path));
        stmt_bind_int(q, ":known", accesses[i].known);
        run(q);
        q = db_query(db, WAY, &err);
        stmt_bind_int(q, ":seq", (int64_t)i + 1);
        stmt_bind_text(q, ":call", bytes_of("call"));
        stmt_bind_text(q, ":kind", bytes_of(accesses[i].kind));
        stmt_bind_int(q, ":errno", accesses[i].error);
        stmt_bind_int(q, ":nofollow", accesses[i].nofollow);
        stmt_bind_int(q, ":other", accesses[i].other_root);
        stmt_bind_int(q, ":pair", accesses[i].mate != 0);
        run(q);
        process[i] = 0 + 1;
        number[i] = (char)(i + 1 + 1);
        line[i] = (char)(accesses[i].line + 1);
        times[i] = (char)(accesses[i].n + 1);
    }
    run(db_query(db, PROCESS, &err));
    struct stmt *q = db_query(db, PACKED, &err);
    stmt_bind_int(q, ":n", N_ACCESSES);
    stmt_bind_text(q, ":process", bytes_from(process, N_ACCESSES));
    stmt_bind_text(q, ":way", bytes_from(number, N_ACCESSES));
    stmt_bind_text(q, ":asked", bytes_from(number, N_ACCESSES));
    stmt_bind_text(q, ":line", bytes_from(line, N_ACCESSES));
    stmt_bind_text(q, ":times", bytes_from(times, N_ACCESSES));
    run(q);
}

static void add(struct tree_builder *builder, const char *path, enum node_kind kind,
                const char *link)
{
    struct node node = {.kind = (uint8_t)kind, .mode = 0755, .link = bytes_of(link)};
    tree_builder_add(builder, bytes_of(path), &node, bytes_of(NULL));
}

static struct tree *make_tree(struct db *db)
{
    static const char *const files[] = {
        "/usr/bin/app", "/usr/lib/libz.so.1", "/etc/secret", "/usr/bin/python3.11", "/tmp/a",
        "/data/b",      "/etc/conf",          "/etc/gone",   "/usr/jail",           "/etc/never"};
    struct err err = {0};
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        add(builder, files[i], NODE_FILE, NULL);
    add(builder, "/lib", NODE_LINK, "usr/lib");
    add(builder, "/usr/lib/libz.so", NODE_LINK, "libz.so.1");
    add(builder, "/usr/bin/py3", NODE_LINK, "python3.11");
    add(builder, "/run", NODE_DIR, NULL);
    struct tree *tree = tree_builder_finish(builder);
    struct path_intern intern = {.db = db};
    for (uint32_t i = 0; i < tree->n; i++) {
        BUF_AUTO struct buf path = {0};
        tree_path(tree, i, &path);
        tree->nodes[i].path_id = path_intern_path(&intern, bytes_skip(buf_bytes(&path), 1), &err);
    }
    assert_true(path_intern_write(&intern, &err));
    path_intern_finish(&intern);
    return tree;
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct err err = {0};
    strcpy(place->dir, "/tmp/xsmall-evidence-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->path, sizeof place->path, "%s/a.xsmall", place->dir);
    assert_true(db_open(place->path, DB_CREATE, &place->db, &err) && db_begin(place->db, &err));
    run(db_query(place->db, RUN, &err));
    struct stmt *q = db_query(place->db, LOG, &err);
    size_t size = 0;
    for (size_t i = 0; i < N_LINES; i++)
        size += strlen(lines[i].text);
    stmt_bind_int(q, ":size", (int64_t)size);
    stmt_bind_int(q, ":n", N_LINES);
    run(q);
    put_block(place->db, 0, FIRST_BLOCK);
    put_block(place->db, FIRST_BLOCK, N_LINES - FIRST_BLOCK);
    put_accesses(place->db);
    place->tree = make_tree(place->db);
    if (!db_commit(place->db, &err) || !corpus_read(place->db, &place->corpus, &err) ||
        !accesses_read(place->db, place->corpus, &place->accesses, &err) ||
        !corpus_reader_create(place->db, place->corpus, &place->reader, &err))
        fail_msg("%s", err.text);
    assert_int_equal(place->corpus->n_lines, N_LINES);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    corpus_reader_destroy(place->reader);
    accesses_destroy(place->accesses);
    corpus_destroy(place->corpus);
    tree_destroy(place->tree);
    db_close(place->db);
    unlink(place->path);
    assert_int_equal(rmdir(place->dir), 0);
    free(place);
    return 0;
}

static struct keep_input input_of(struct place *place, const roaring_bitmap_t *survivors)
{
    return (struct keep_input){.subject = place->tree,
                               .corpus = place->corpus,
                               .accesses = place->accesses,
                               .survivors = survivors,
                               .reader = place->reader,
                               .db = place->db};
}

static struct keep *compute(struct keep_input *input)
{
    struct keep *keep = NULL;
    struct err err = {0};
    if (!keep_compute(input, &keep, &err))
        fail_msg("%s", err.text);
    return keep;
}
