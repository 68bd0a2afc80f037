/* SPDX-License-Identifier: MIT
 * Small trees made by hand, and their kept trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "db/journal.h"
#include "keep/keep.h"

/* A node in short form: D directory, F file (`tag` defines the content), L link. */
struct line {
    const char *path;
    char kind;
    const char *link; /* target; of a file: its other name, or NULL */
    int64_t size;
    uint16_t mode;
    uint8_t tag;
    struct need needs[4];
    uint16_t n_needs;
};

#define NEED(k, v)                                                                                 \
    {                                                                                              \
        .kind = NEED_##k, .value = { v, sizeof v - 1 }                                             \
    }

static struct tree *make_tree(const struct line *lines, size_t n)
{
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < n; i++) {
        const struct line *line = &lines[i];
        struct node node = {.mode = line->mode ? line->mode : 0755, .ordinal = 1};
        struct bytes peer = {0};
        node.kind = line->kind == 'D' ? NODE_DIR : line->kind == 'L' ? NODE_LINK : NODE_FILE;
        if (node.kind == NODE_LINK)
            node.link = bytes_of(line->link);
        if (node.kind == NODE_FILE) {
            node.size = line->size;
            node.hash[0] = line->tag;
            peer = bytes_of(line->link);
        }
        node.needs = line->needs;
        node.n_needs = line->n_needs;
        tree_builder_add(builder, bytes_of(line->path), &node, peer);
    }
    return tree_builder_finish(builder);
}

#define TREE(lines) make_tree(lines, sizeof(lines) / sizeof *(lines))

struct case_ {
    struct tree *tree, *base;
    struct marks_item items[8];
    struct marks marks;
    struct keep *keep;
    struct db *db;
    const char *config;
};

static void mark(struct case_ *c, const char *path, enum mark mark)
{
    c->items[c->marks.n++] = (struct marks_item){bytes_of(path), mark};
    c->marks.items = c->items;
}

static struct keep_input input_of(struct case_ *c)
{
    return (struct keep_input){.subject = c->tree,
                               .base = c->base,
                               .marks = &c->marks,
                               .config = bytes_of(c->config),
                               .db = c->db};
}

static inline void compute(struct case_ *c)
{
    struct err err = {0};
    struct keep_input input = input_of(c);
    keep_destroy(c->keep);
    if (!keep_compute(&input, &c->keep, &err))
        fail_msg("%s", err.text);
}

static void finish(struct case_ *c)
{
    keep_destroy(c->keep);
    tree_destroy(c->tree);
    tree_destroy(c->base);
}

static const struct verdict *at(struct case_ *c, const char *path)
{
    uint32_t node = tree_find(c->tree, bytes_of(path));
    if (node == NODE_NONE)
        fail_msg("%s is not in the tree", path);
    return &c->keep->verdicts[node];
}

/* Returns the needed paths, space-separated, in tree order; without directories. */
static inline void expect_needed(struct case_ *c, const char *expected)
{
    BUF_AUTO struct buf out = {0};
    for (uint32_t i = 0; i < c->tree->n; i++) {
        if (!c->keep->verdicts[i].needed || c->tree->nodes[i].kind == NODE_DIR)
            continue;
        if (out.n)
            buf_byte(&out, ' ');
        tree_path(c->tree, i, &out);
    }
    assert_string_equal(out.p ? out.p : "", expected);
}
