/* SPDX-License-Identifier: MIT
 * Comparison of two trees: each attribute, by hand; and random trees, where the expected result is
 * computed by looking up each path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "chance.h"
#include "image/tree/tree_compare.h"

static void attributes(void **state)
{
    (void)state;
    static const struct {
        struct node a, b;
        unsigned what;
    } cases[] = {
        {{.kind = NODE_FILE, .size = 1}, {.kind = NODE_FILE, .size = 1}, 0},
        {{.kind = NODE_FILE, .size = 1}, {.kind = NODE_FILE, .size = 2}, COMPARE_CONTENT},
        {{.kind = NODE_FILE, .hash = {1}}, {.kind = NODE_FILE, .hash = {2}}, COMPARE_CONTENT},
        {{.kind = NODE_FILE, .size = 1}, {.kind = NODE_DIR}, COMPARE_KIND},
        {{.kind = NODE_FILE, .mode = 1}, {.kind = NODE_FILE, .mode = 2}, COMPARE_MODE},
        {{.kind = NODE_DIR, .mode = 01777}, {.kind = NODE_DIR, .mode = 0777}, COMPARE_MODE},
        {{.kind = NODE_LINK, .mode = 0777}, {.kind = NODE_LINK, .mode = 0755}, 0},
        {{.kind = NODE_LINK, .mode = 0777}, {.kind = NODE_FILE, .mode = 0755}, COMPARE_KIND},
        {{.kind = NODE_LINK, .link = {"a", 1}},
         {.kind = NODE_LINK, .link = {"b", 1}},
         COMPARE_LINK},
        {{.kind = NODE_FILE, .uid = 1}, {.kind = NODE_FILE}, COMPARE_OWNER},
        {{.kind = NODE_FILE, .gid = 1}, {.kind = NODE_FILE}, COMPARE_OWNER},
        {{.kind = NODE_FILE, .xattrs = {1}}, {.kind = NODE_FILE}, COMPARE_XATTRS},
        {{.kind = NODE_CHAR, .device_major = 1}, {.kind = NODE_CHAR}, COMPARE_CONTENT},
        {{.kind = NODE_BLOCK, .device_minor = 1}, {.kind = NODE_BLOCK}, COMPARE_CONTENT},
        {{.kind = NODE_CHAR}, {.kind = NODE_BLOCK}, COMPARE_KIND},
        {{.kind = NODE_FILE, .mtime_s = 1}, {.kind = NODE_FILE}, COMPARE_TIME},
        {{.kind = NODE_FILE, .mtime_ns = 1}, {.kind = NODE_FILE}, COMPARE_TIME},
        {{.kind = NODE_FILE, .size = 1, .mode = 1, .uid = 1, .xattrs = {1}, .mtime_s = 1},
         {.kind = NODE_FILE},
         COMPARE_CONTENT | COMPARE_MODE | COMPARE_OWNER | COMPARE_XATTRS | COMPARE_TIME},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(tree_compare_attributes(&cases[i].a, &cases[i].b), cases[i].what);
        assert_int_equal(tree_compare_attributes(&cases[i].b, &cases[i].a), cases[i].what);
    }
}

/* Names whose order by component differs from the order of the whole paths. */
static const char *const names[] = {"a", "a-b", "a.b", "ab", "b", "-", "~", "A"};

static struct tree *random_tree(struct chance *chance)
{
    struct tree_builder *builder = tree_builder_create();
    size_t n = chance_below(chance, 30);
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf path = {0};
        size_t depth = 1 + chance_below(chance, 4);
        for (size_t k = 0; k < depth; k++)
            buf_printf(&path, "/%s", CHANCE_PICK(chance, names));
        struct node node = {.kind = chance_one_in(chance, 2) ? NODE_DIR : NODE_FILE, .mode = 0755};
        if (node.kind == NODE_FILE)
            node.size = (int64_t)chance_below(chance, 3);
        tree_builder_add(builder, buf_bytes(&path), &node, (struct bytes){0});
    }
    struct tree *tree = tree_builder_finish(builder);
    for (uint32_t i = 0; i < tree->n; i++)
        if (tree->nodes[i].n_below) {
            tree->nodes[i].kind = NODE_DIR; /* a file gets a child and becomes a directory */
            tree->nodes[i].size = 0;
        }
    return tree;
}

/* Returns the path in a form that memcmp orders by component. */
static void order_key(const struct tree *tree, uint32_t node, struct buf *out)
{
    buf_clear(out);
    tree_path(tree, node, out);
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i] == '/')
            out->p[i] = 1;
}

static void check_pair(const struct tree *a, const struct tree *b, uint64_t seed)
{
    struct tree_compare compare;
    BUF_AUTO struct buf path = {0};
    BUF_AUTO struct buf last = {0};
    size_t n_added = 0, n_removed = 0, n_same = 0, n_changed = 0;
    for (uint32_t i = 0; i < a->n; i++) {
        buf_clear(&path);
        tree_path(a, i, &path);
        uint32_t there = tree_find(b, buf_bytes(&path));
        if (there == NODE_NONE)
            n_removed++;
        else if (tree_compare_attributes(&a->nodes[i], &b->nodes[there]))
            n_changed++;
        else
            n_same++;
    }
    for (uint32_t i = 0; i < b->n; i++) {
        buf_clear(&path);
        tree_path(b, i, &path);
        n_added += tree_find(a, buf_bytes(&path)) == NODE_NONE;
    }
    tree_compare(a, b, &compare);
    if (compare.n_of[COMPARE_ADDED] != n_added || compare.n_of[COMPARE_REMOVED] != n_removed ||
        compare.n_of[COMPARE_CHANGED] != n_changed || compare.n_of[COMPARE_SAME] != n_same)
        fail_msg("seed %llu: counts", (unsigned long long)seed);
    assert_int_equal(compare.n, n_added + n_removed + n_changed);
    for (size_t i = 0; i < compare.n; i++) {
        const struct tree_compare_row *row = &compare.rows[i];
        order_key(row->a != NODE_NONE ? a : b, row->a != NODE_NONE ? row->a : row->b, &path);
        if (i && bytes_compare(buf_bytes(&last), buf_bytes(&path)) >= 0)
            fail_msg("seed %llu: order at row %zu", (unsigned long long)seed, i);
        assert_int_equal(row->status, row->a == NODE_NONE   ? COMPARE_ADDED
                                      : row->b == NODE_NONE ? COMPARE_REMOVED
                                                            : COMPARE_CHANGED);
        buf_clear(&last);
        buf_add(&last, buf_bytes(&path));
    }
    tree_compare_finish(&compare);
}

static void trees_by_chance(void **state)
{
    (void)state;
    struct chance chance = chance_begin(5);
    for (int i = 0; i < 3000; i++) {
        struct tree *a = random_tree(&chance), *b = random_tree(&chance);
        check_pair(a, b, chance.number);
        check_pair(a, a, chance.number);
        tree_destroy(a);
        tree_destroy(b);
    }
}

static struct tree *linked(const char *const *paths, size_t n, const char *peer)
{
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < n; i++) {
        struct node node = {.kind = NODE_FILE, .size = 5};
        tree_builder_add(builder, bytes_of(paths[i]), &node,
                         bytes_of(peer && strcmp(peer, paths[i]) ? peer : ""));
    }
    return tree_builder_finish(builder);
}

/* The contents of a hard link group count once; a group with other names is a different group. */
static void hard_links(void **state)
{
    (void)state;
    static const char *const two[] = {"/x", "/y"}, *const three[] = {"/a", "/x", "/y"};
    struct tree_compare compare;
    struct tree *none = linked(NULL, 0, NULL), *apart = linked(two, 2, NULL),
                *group = linked(two, 2, "/x"), *more = linked(three, 3, "/a");
    tree_compare(none, group, &compare);
    assert_int_equal(compare.n_of[COMPARE_ADDED], 2);
    assert_int_equal(compare.added_bytes, 5);
    tree_compare_finish(&compare);
    tree_compare(apart, none, &compare);
    assert_int_equal(compare.removed_bytes, 10);
    tree_compare_finish(&compare);
    tree_compare(apart, group, &compare);
    assert_int_equal(compare.n_what[6], 2);
    assert_int_equal(compare.rows[0].what, COMPARE_HARDLINK);
    tree_compare_finish(&compare);
    tree_compare(group, more, &compare);
    assert_int_equal(compare.n_of[COMPARE_ADDED], 1);
    assert_int_equal(compare.n_of[COMPARE_CHANGED], 2);
    tree_compare_finish(&compare);
    tree_compare(group, group, &compare);
    assert_int_equal(compare.n, 0);
    tree_compare_finish(&compare);
    tree_destroy(none);
    tree_destroy(apart);
    tree_destroy(group);
    tree_destroy(more);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(attributes),
                                       cmocka_unit_test(trees_by_chance),
                                       cmocka_unit_test(hard_links)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
