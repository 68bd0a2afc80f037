/* SPDX-License-Identifier: MIT
 * The tree in memory: order and look-up, hard link groups, and path_resolution(7). */
#include "image_fixture.h"

#include <errno.h>

struct spec {
    const char *path;
    enum node_kind kind;
    const char *link;
};

static struct tree *build(const struct spec *specs, size_t n)
{
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < n; i++) {
        struct node node = {.kind = (uint8_t)specs[i].kind, .link = bytes_of(specs[i].link)};
        tree_builder_add(builder, bytes_of(specs[i].path), &node, bytes_from("", 0));
    }
    return tree_builder_finish(builder);
}

static void numbers_in_order(void **state)
{
    (void)state;
    /* '-' is before '/' in C, yet a directory's content comes before its neighbour. */
    static const struct spec specs[] = {{"/b", NODE_FILE, ""},     {"/a-b", NODE_FILE, ""},
                                        {"/a/z/y", NODE_FILE, ""}, {"/a/b", NODE_FILE, ""},
                                        {"/a\xff", NODE_FILE, ""}, {"/a/z", NODE_DIR, ""}};
    static const char *const want[] = {"/", "/a", "/a/b", "/a/z", "/a/z/y", "/a-b", "/a\xff", "/b"};
    struct tree *tree = build(specs, sizeof specs / sizeof *specs);
    assert_int_equal(tree->n, sizeof want / sizeof *want);
    for (uint32_t i = 0; i < tree->n; i++) {
        BUF_AUTO struct buf path = {0};
        tree_path(tree, i, &path);
        assert_string_equal(path.p, want[i]);
        assert_int_equal(tree_find(tree, buf_bytes(&path)), i);
    }
    assert_int_equal(tree->nodes[0].n_below, 7);
    assert_int_equal(tree->nodes[1].n_below, 3);
    assert_int_equal(tree->nodes[1].mode, 0755); /* no entry describes it */
    assert_int_equal(tree_first(tree, 0), 1);
    assert_int_equal(tree_next(tree, 1), 5);
    assert_int_equal(tree_next(tree, 5), 6);
    assert_int_equal(tree_next(tree, 7), NODE_NONE);
    assert_int_equal(tree_next(tree, 3), NODE_NONE);
    assert_int_equal(tree_next(tree, 0), NODE_NONE);
    assert_int_equal(tree_first(tree, 7), NODE_NONE);
    assert_int_equal(tree_find(tree, bytes_of("/a/c")), NODE_NONE);
    assert_int_equal(tree_child(tree, 1, bytes_of("z")), 3);
    tree_destroy(tree);
    tree_destroy(NULL);
}

static void joins_peers(void **state)
{
    (void)state;
    struct tree_builder *builder = tree_builder_create();
    struct node file = {.kind = NODE_FILE, .size = 3};
    struct bytes none = bytes_from("", 0);
    tree_builder_add(builder, bytes_of("/c"), &file, bytes_of("/b"));
    tree_builder_add(builder, bytes_of("/b"), &file, bytes_of("/a"));
    tree_builder_add(builder, bytes_of("/a"), &file, none);
    tree_builder_add(builder, bytes_of("/d"), &file, none);
    struct tree *tree = tree_builder_finish(builder);
    for (uint32_t i = 1; i <= 3; i++)
        assert_int_equal(tree->nodes[i].peer, 1);
    assert_int_equal(tree->nodes[4].peer, NODE_NONE);
    tree_destroy(tree);
}

/* From path_resolution(7), symlink(7) and open(2). */
static const struct spec linked[] = {
    {"/bin", NODE_LINK, "usr/bin"},
    {"/usr/bin/sh", NODE_LINK, "dash"},
    {"/usr/bin/dash", NODE_FILE, ""},
    {"/abs", NODE_LINK, "/usr/bin/dash"},
    {"/up", NODE_LINK, "../../../usr"},
    {"/loop", NODE_LINK, "loop"},
    {"/ping", NODE_LINK, "pong"},
    {"/pong", NODE_LINK, "ping"},
    {"/gone", NODE_LINK, "nowhere"},
    {"/dir", NODE_LINK, "usr/"},
    {"/filedir", NODE_LINK, "abs/"},
    {"/usr/lib", NODE_DIR, ""},
    {"/usr/back", NODE_LINK, "../usr/bin"},
    {"/deep", NODE_LINK, "bin/../lib"},
    {"/root", NODE_LINK, "/"},
};
static const struct {
    const char *path;
    enum tree_last last;
    int error;
    const char *end;
    uint32_t n_hops;
} walks[] = {
    {"/usr/bin/dash", TREE_FOLLOW, 0, "/usr/bin/dash", 0},
    {"//usr/./bin//dash", TREE_FOLLOW, 0, "/usr/bin/dash", 0},
    {"/bin/sh", TREE_FOLLOW, 0, "/usr/bin/dash", 2},
    {"/bin/sh", TREE_NOFOLLOW, 0, "/usr/bin/sh", 1},
    {"/abs", TREE_FOLLOW, 0, "/usr/bin/dash", 1},
    {"/abs", TREE_NOFOLLOW, 0, "/abs", 0},
    {"/..", TREE_FOLLOW, 0, "/", 0},
    {"/../../usr/..", TREE_FOLLOW, 0, "/", 0},
    {"/up/bin/dash", TREE_FOLLOW, 0, "/usr/bin/dash", 1},
    {"/loop", TREE_FOLLOW, ELOOP, NULL, 40},
    {"/loop", TREE_NOFOLLOW, 0, "/loop", 0},
    {"/ping", TREE_FOLLOW, ELOOP, NULL, 40},
    {"/gone", TREE_FOLLOW, ENOENT, NULL, 1},
    {"/gone", TREE_NOFOLLOW, 0, "/gone", 0},
    {"/gone/", TREE_NOFOLLOW, ENOENT, NULL, 1},
    {"/usr/bin/dash/", TREE_FOLLOW, ENOTDIR, NULL, 0},
    {"/usr/bin/dash/.", TREE_FOLLOW, ENOTDIR, NULL, 0},
    {"/usr/bin/dash/..", TREE_FOLLOW, ENOTDIR, NULL, 0},
    {"/usr/bin/dash/x", TREE_FOLLOW, ENOTDIR, NULL, 0},
    {"/abs/", TREE_NOFOLLOW, ENOTDIR, NULL, 1},
    {"/bin/", TREE_NOFOLLOW, 0, "/usr/bin", 1},
    {"/bin", TREE_NOFOLLOW, 0, "/bin", 0},
    {"/dir", TREE_FOLLOW, 0, "/usr", 1},
    {"/filedir", TREE_FOLLOW, ENOTDIR, NULL, 2},
    {"/usr/back/../lib", TREE_FOLLOW, 0, "/usr/lib", 1}, /* ".." is physical */
    {"/deep", TREE_FOLLOW, 0, "/usr/lib", 2},
    {"/root/usr/lib", TREE_FOLLOW, 0, "/usr/lib", 1},
    {"/usr/none", TREE_FOLLOW, ENOENT, NULL, 0},
    {"/usr/none/x", TREE_FOLLOW, ENOENT, NULL, 0},
    {"/", TREE_FOLLOW, 0, "/", 0},
    {"", TREE_FOLLOW, ENOENT, NULL, 0},
};

static void resolves_as_the_kernel(void **state)
{
    (void)state;
    struct tree *tree = build(linked, sizeof linked / sizeof *linked);
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        struct tree_walk walk;
        BUF_AUTO struct buf end = {0};
        tree_resolve(tree, bytes_of(walks[i].path), walks[i].last, &walk);
        if (walk.node != NODE_NONE)
            tree_path(tree, walk.node, &end);
        if (walk.error != walks[i].error || walk.n_hops != walks[i].n_hops ||
            (walks[i].end && (!end.p || strcmp(end.p, walks[i].end))) ||
            (!walks[i].end && walk.node != NODE_NONE))
            fail_msg("%s (%d): error %d, %s, %u hops", walks[i].path, walks[i].last, walk.error,
                     end.p ? end.p : "none", walk.n_hops);
    }
    tree_destroy(tree);
}

/* Linux follows 40 links in a row, and not 41 (MAXSYMLINKS). */
static void counts_forty_links(void **state)
{
    (void)state;
    struct tree_builder *builder = tree_builder_create();
    char path[16], target[16];
    for (int i = 0; i < 41; i++) {
        snprintf(path, sizeof path, "/l%d", i);
        snprintf(target, sizeof target, "l%d", i + 1);
        struct node link = {.kind = NODE_LINK, .link = bytes_of(target)};
        tree_builder_add(builder, bytes_of(path), &link, bytes_from("", 0));
    }
    struct node file = {.kind = NODE_FILE};
    tree_builder_add(builder, bytes_of("/l41"), &file, bytes_from("", 0));
    struct tree *tree = tree_builder_finish(builder);
    struct tree_walk walk;
    assert_int_equal(tree_resolve(tree, bytes_of("/l0"), TREE_FOLLOW, &walk), NODE_NONE);
    assert_int_equal(walk.error, ELOOP);
    assert_int_equal(tree_resolve(tree, bytes_of("/l1"), TREE_FOLLOW, &walk),
                     tree_find(tree, bytes_of("/l41")));
    assert_int_equal(walk.n_hops, 40);
    tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_in_order),
        cmocka_unit_test(joins_peers),
        cmocka_unit_test(resolves_as_the_kernel),
        cmocka_unit_test(counts_forty_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
