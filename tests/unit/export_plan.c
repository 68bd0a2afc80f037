/* SPDX-License-Identifier: MIT
 * How each kind of node is copied into the slim image: share/doc/semantics.md, Export, and the
 * measured behaviour of builders with COPY, cp and ADD. */
#include "export_fixture.h"

#include "export/plan.h"

struct planned {
    struct decided decided;
    struct plan plan;
};

static void plan_it(struct planned *p, const struct tree *tree, const struct tree *base,
                    const char *const *marks, enum plan_carrier carrier)
{
    struct err err = {0};
    if (!decide(&p->decided, tree, base, marks, "{}", &err))
        fail_msg("%s", err.text);
    plan_make(&p->plan, &p->decided.mapped, carrier);
}

static void planned_finish(struct planned *p)
{
    plan_finish(&p->plan);
    decided_finish(&p->decided);
}

/* A path of the slim image. */
static uint32_t node_at(const struct planned *p, const char *path)
{
    uint32_t node = tree_find(p->plan.tree, bytes_of(path));
    if (node == NODE_NONE)
        fail_msg("%s: not in the tree", path);
    return node;
}

struct expected {
    const char *path;
    enum plan_how how;
};

static void expect_hows(const struct planned *p, const struct expected *expected, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum plan_how how = p->plan.how[node_at(p, expected[i].path)];
        if (how != expected[i].how)
            fail_msg("%s: %d, not %d", expected[i].path, how, expected[i].how);
    }
}
#define HOWS(p, ...)                                                                               \
    expect_hows(p, (const struct expected[]){__VA_ARGS__},                                         \
                sizeof(const struct expected[]){__VA_ARGS__} / sizeof(struct expected))

static const enum plan_carrier carriers[] = {CARRY_BY_RUN, CARRY_BY_COPY, CARRY_BY_TAR};
enum { N_CARRIERS = sizeof carriers / sizeof *carriers };

/* A directory is copied as a whole only if all its paths are kept. */
static void a_directory_is_whole_if_all_of_it_is_kept(void **state)
{
    (void)state;
    static const struct line lines[] = {
        FILE_("/app/lib/a"), FILE_("/app/lib/deep/b"), LINK_("/app/lib/now", "a"),
        FILE_("/app/one"),   FILE_("/app/unused"),     DIR_("/empty"),
        FILE_("/other")};
    struct tree *tree = TREE(BARE, lines);
    for (size_t i = 0; i < N_CARRIERS; i++) {
        struct planned p;
        plan_it(&p, tree, NULL, MARKS("keep /app", "drop /app/unused", "keep /empty"), carriers[i]);
        HOWS(&p, {"/app", PLAN_MADE}, {"/app/lib", PLAN_WHOLE}, {"/app/lib/a", PLAN_INSIDE},
             {"/app/lib/deep", PLAN_INSIDE}, {"/app/lib/deep/b", PLAN_INSIDE},
             {"/app/lib/now", PLAN_INSIDE}, {"/app/one", PLAN_SINGLE}, {"/app/unused", PLAN_NOT},
             {"/empty", PLAN_MADE}, {"/other", PLAN_NOT});
        /* app, lib and its four, one, empty */
        assert_int_equal(p.plan.n_planned, 8);
        assert_int_equal(plan_item(&p.plan, node_at(&p, "/app/lib/deep/b")),
                         node_at(&p, "/app/lib"));
        assert_int_equal(plan_item(&p.plan, node_at(&p, "/app/one")), node_at(&p, "/app/one"));
        assert_int_equal(plan_item(&p.plan, node_at(&p, "/app")), NODE_NONE);
        assert_int_equal(plan_item(&p.plan, node_at(&p, "/other")), NODE_NONE);
        assert_false(p.plan.everything);
        planned_finish(&p);
    }
    tree_destroy(tree);
}

static void all_of_the_subject_is_one_copy(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/b"), FILE_("/c")};
    struct tree *tree = TREE(BARE, lines);
    struct planned all, most;
    plan_it(&all, tree, NULL, MARKS("keep /"), CARRY_BY_COPY);
    assert_true(all.plan.everything);
    plan_it(&most, tree, NULL, MARKS("keep /", "drop /c"), CARRY_BY_COPY);
    assert_false(most.plan.everything);
    HOWS(&most, {"/a", PLAN_WHOLE}, {"/c", PLAN_NOT});
    planned_finish(&all);
    planned_finish(&most);
    tree_destroy(tree);
}

/* A link is copied as a link and not followed: its target is not copied because of it. */
static void a_link_goes_by_itself(void **state)
{
    (void)state;
    static const struct line lines[] = {LINK_("/a/link", "../b/file"), FILE_("/a/other"),
                                        LINK_("/a/dangling", "/none"), FILE_("/b/file")};
    struct tree *tree = TREE(BARE, lines);
    struct planned p;
    plan_it(&p, tree, NULL,
            MARKS("keep /a/link", "keep /a/dangling", "drop /a/other", "drop /b/file"),
            CARRY_BY_RUN);
    HOWS(&p, {"/a", PLAN_MADE}, {"/a/link", PLAN_SINGLE}, {"/a/dangling", PLAN_SINGLE},
         {"/a/other", PLAN_NOT}, {"/b/file", PLAN_NOT});
    planned_finish(&p);
    tree_destroy(tree);
}

/* Names of one file: each is copied as a file, or with its directory. */
static void hard_links_go_as_files_do(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/1"), FILE_("/a/not"),
                                        FILE_("/b/2", .other = "/a/1"), FILE_("/b/3")};
    struct tree *tree = TREE(BARE, lines);
    struct planned p;
    plan_it(&p, tree, NULL, MARKS("keep /a/1", "keep /b"), CARRY_BY_COPY);
    HOWS(&p, {"/a", PLAN_MADE}, {"/a/1", PLAN_SINGLE}, {"/a/not", PLAN_NOT}, {"/b", PLAN_WHOLE},
         {"/b/2", PLAN_INSIDE});
    uint32_t one = node_at(&p, "/a/1"), two = node_at(&p, "/b/2");
    assert_int_equal(plan_item(&p.plan, one), one);
    assert_int_equal(plan_item(&p.plan, two), node_at(&p, "/b"));
    assert_int_equal(p.plan.tree->nodes[one].peer, p.plan.tree->nodes[two].peer);
    planned_finish(&p);
    tree_destroy(tree);
}

/* COPY of a directory omits fifos and turns devices into files (BuildKit); cp and ADD copy them.
 * No image has sockets. */
static void special_files_keep_a_directory_from_being_copied_whole(void **state)
{
    (void)state;
    static const struct line lines[] = {{.path = "/f/fifo", .kind = NODE_FIFO},
                                        FILE_("/f/x"),
                                        {.path = "/d/null", .kind = NODE_CHAR},
                                        {.path = "/d/disk", .kind = NODE_BLOCK},
                                        {.path = "/s/socket", .kind = NODE_SOCKET},
                                        FILE_("/s/y"),
                                        FILE_("/not")};
    struct tree *tree = TREE(BARE, lines);
    for (size_t i = 0; i < N_CARRIERS; i++) {
        bool by_copy = carriers[i] == CARRY_BY_COPY;
        enum plan_how dir = by_copy ? PLAN_MADE : PLAN_WHOLE;
        enum plan_how node = by_copy ? PLAN_SINGLE : PLAN_INSIDE;
        struct planned p;
        plan_it(&p, tree, NULL, MARKS("keep /f", "keep /d", "keep /s"), carriers[i]);
        HOWS(&p, {"/f", dir}, {"/f/fifo", node}, {"/f/x", node}, {"/d", dir}, {"/d/null", node},
             {"/d/disk", node}, {"/s", PLAN_MADE}, {"/s/socket", PLAN_NOT}, {"/s/y", PLAN_SINGLE});
        assert_int_equal(p.plan.n_sockets, 1);
        assert_int_equal(p.plan.n_hidden, 0);
        planned_finish(&p);
    }
    tree_destroy(tree);
}

/* While a RUN runs, the engine's own files hide these paths: cp in the RUN would copy those files.
 */
static void a_run_does_not_see_what_the_engine_mounts_over(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/etc/hosts"),
                                        FILE_("/etc/passwd"),
                                        {.path = "/dev/null", .kind = NODE_CHAR},
                                        LINK_("/dev/fd", "/proc/self/fd"),
                                        FILE_("/dev/notes"),
                                        FILE_("/not")};
    struct tree *tree = TREE(BARE, lines);
    struct planned run, tar;
    plan_it(&run, tree, NULL, MARKS("keep /etc", "keep /dev"), CARRY_BY_RUN);
    HOWS(&run, {"/etc", PLAN_MADE}, {"/etc/hosts", PLAN_MOUNT}, {"/etc/passwd", PLAN_SINGLE},
         {"/dev", PLAN_MADE}, {"/dev/null", PLAN_NOT}, {"/dev/fd", PLAN_NOT},
         {"/dev/notes", PLAN_MOUNT});
    assert_int_equal(run.plan.n_hidden, 2); /* the device and the link */
    plan_it(&tar, tree, NULL, MARKS("keep /etc", "keep /dev"), CARRY_BY_TAR);
    HOWS(&tar, {"/etc", PLAN_WHOLE}, {"/dev", PLAN_WHOLE}, {"/dev/null", PLAN_INSIDE});
    assert_int_equal(tar.plan.n_hidden, 0);
    planned_finish(&run);
    planned_finish(&tar);
    tree_destroy(tree);
}

/* busybox's cp does not copy extended attributes: such a file is copied by COPY. */
static void busybox_does_not_copy_attributes(void **state)
{
    (void)state;
    static const struct line lines[] = {
        FILE_("/bin/busybox"), LINK_("/bin/sh", "busybox"), LINK_("/bin/cp", "busybox"),
        FILE_("/app/ping", .has_xattrs = true), FILE_("/app/plain")};
    struct tree *tree = TREE(BARE, lines);
    struct planned p;
    assert_true(plan_cp_is_busybox(tree));
    plan_it(&p, tree, NULL, MARKS("keep /app"), CARRY_BY_RUN);
    HOWS(&p, {"/app", PLAN_MADE}, {"/app/ping", PLAN_MOUNT}, {"/app/plain", PLAN_SINGLE});
    planned_finish(&p);
    plan_it(&p, tree, NULL, MARKS("keep /app"), CARRY_BY_COPY);
    HOWS(&p, {"/app", PLAN_WHOLE}, {"/app/ping", PLAN_INSIDE});
    planned_finish(&p);
    tree_destroy(tree);
}

/* A file that the base has with the same content, mode and owner is not copied; with another mode
 * it is. */
static void only_what_the_base_lacks_is_copied(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/lib/same", .tag = 1), FILE_("/lib/newer", .tag = 2),
                                        FILE_("/lib/mode", .tag = 3, .mode = 04755),
                                        FILE_("/lib/owner", .tag = 4, .uid = 7),
                                        FILE_("/lib/own", .tag = 5)};
    static const struct line based[] = {FILE_("/lib/same", .tag = 1), FILE_("/lib/newer", .tag = 9),
                                        FILE_("/lib/mode", .tag = 3), FILE_("/lib/owner", .tag = 4),
                                        FILE_("/lib/not", .tag = 6)};
    struct tree *tree = TREE(BARE, lines), *base = TREE(BARE, based);
    struct planned p;
    plan_it(&p, tree, base, MARKS("keep /lib"), CARRY_BY_COPY);
    HOWS(&p, {"/lib/same", PLAN_NOT}, {"/lib/newer", PLAN_SINGLE}, {"/lib/mode", PLAN_SINGLE},
         {"/lib/owner", PLAN_SINGLE}, {"/lib/own", PLAN_SINGLE}, {"/lib", PLAN_MADE});
    assert_false(p.plan.keep->verdicts[node_at(&p, "/lib")].kept); /* the base's stays */
    assert_false(plan_loses_meta(&p.plan, node_at(&p, "/lib")));
    planned_finish(&p);
    tree_destroy(tree);
    tree_destroy(base);
}

/* A directory that COPY creates is 0755 0:0, and a directory of the base stays unchanged. */
static void metadata_of_directories(void **state)
{
    (void)state;
    static const struct line lines[] = {DIR_("/plain"),
                                        DIR_("/sticky", .mode = 01777),
                                        DIR_("/mine", .uid = 5),
                                        DIR_("/base-0700", .mode = 0700),
                                        DIR_("/base-0755"),
                                        FILE_("/plain/x"),
                                        FILE_("/sticky/x"),
                                        FILE_("/mine/x"),
                                        FILE_("/base-0700/x"),
                                        FILE_("/base-0755/x"),
                                        FILE_("/not")};
    static const struct line based[] = {DIR_("/base-0700"), DIR_("/base-0755", .mode = 0711)};
    static const struct {
        const char *path;
        bool loses;
    } expected[] = {{"/plain", false},    {"/sticky", true},    {"/mine", true},
                    {"/base-0700", true}, {"/base-0755", true}, {"/plain/x", false}};
    struct tree *tree = TREE(BARE, lines), *base = TREE(BARE, based);
    struct planned p;
    plan_it(&p, tree, base, MARKS("keep /", "drop /not"), CARRY_BY_COPY);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (plan_loses_meta(&p.plan, node_at(&p, expected[i].path)) != expected[i].loses)
            fail_msg("%s: metadata", expected[i].path);
    planned_finish(&p);
    tree_destroy(tree);
    tree_destroy(base);
}

/* Another kind at the same path, the topmost alone: COPY and ADD do not replace a directory. */
static void base_paths_of_another_kind_are_conflicts(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/lib/a"), FILE_("/opt"), LINK_("/run", "/var/run"),
                                        FILE_("/same/x", .tag = 1), FILE_("/not/y")};
    static const struct line based[] = {LINK_("/lib", "usr/lib"), FILE_("/opt/below"), DIR_("/run"),
                                        FILE_("/same/x", .tag = 2), LINK_("/not", "usr")};
    struct tree *tree = TREE(BARE, lines), *base = TREE(BARE, based);
    struct planned p;
    plan_it(&p, tree, base, MARKS("keep /lib", "keep /opt", "keep /run", "keep /same"),
            CARRY_BY_COPY);
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    plan_find_conflicts(&p.plan, &nodes, &n);
    assert_int_equal(n, 3); /* /same is a directory on both sides, /not is not kept */
    assert_int_equal(nodes[0], node_at(&p, "/lib"));
    assert_int_equal(nodes[1], node_at(&p, "/opt"));
    assert_int_equal(nodes[2], node_at(&p, "/run"));
    planned_finish(&p);
    tree_destroy(tree);
    tree_destroy(base);
}

/* FROM and everything below it move to TO, except paths that a deeper rule names. */
static void map_rules_change_where_a_node_goes(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/inst/bin/tool"), FILE_("/inst/lib/a"),
                                        FILE_("/inst/lib/b"), FILE_("/etc/x"), FILE_("/not")};
    struct map_rule items[] = {{bytes_of("/inst"), bytes_of("/opt/app")},
                               {bytes_of("/inst/bin"), bytes_of("/usr/bin")}};
    struct map_rules rules = {.items = items, .n = 2};
    struct tree *tree = TREE(BARE, lines);
    struct planned p;
    BUF_AUTO struct buf from = {0};
    rules_now = &rules;
    plan_it(&p, tree, NULL, MARKS("keep /inst", "keep /etc"), CARRY_BY_RUN);
    rules_now = NULL;
    /* /inst lacks bin: it is not whole; its lib is, and so is bin at its own path */
    HOWS(&p, {"/opt", PLAN_MADE}, {"/opt/app", PLAN_MADE}, {"/opt/app/lib", PLAN_WHOLE},
         {"/opt/app/lib/a", PLAN_INSIDE}, {"/usr", PLAN_MADE}, {"/usr/bin", PLAN_WHOLE},
         {"/usr/bin/tool", PLAN_INSIDE}, {"/etc", PLAN_WHOLE});
    assert_int_equal(tree_find(p.plan.tree, bytes_of("/inst")), NODE_NONE);
    assert_true(plan_is_moved(&p.plan, node_at(&p, "/usr/bin")));
    assert_false(plan_is_moved(&p.plan, node_at(&p, "/etc")));
    plan_source_path(&p.plan, node_at(&p, "/opt/app/lib/b"), &from);
    assert_string_equal(from.p, "/inst/lib/b");
    assert_false(p.plan.everything);
    planned_finish(&p);
    tree_destroy(tree);
}

static void tools_are_looked_for_where_a_shell_would(void **state)
{
    (void)state;
    static const struct line no_touch[] = {FILE_("/bin/sh"), FILE_("/bin/cp"), FILE_("/bin/mkdir"),
                                           FILE_("/bin/chown"), FILE_("/bin/chmod")};
    static const struct line not_executable[] = {FILE_("/bin/cp", .mode = 0644)};
    struct tree *all = make_tree(TOOLED, NULL, 0), *few = TREE(BARE, no_touch);
    struct tree *plain = TREE(BARE, not_executable);
    assert_true(plan_can_stage(all) && plan_can_repair(all));
    assert_false(plan_can_stage(few) || plan_can_repair(few));
    assert_true(plan_has_program(few, "cp"));
    assert_false(plan_has_program(plain, "cp"));
    assert_false(plan_can_repair(NULL));
    tree_destroy(all);
    tree_destroy(few);
    tree_destroy(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_is_whole_if_all_of_it_is_kept),
        cmocka_unit_test(all_of_the_subject_is_one_copy),
        cmocka_unit_test(a_link_goes_by_itself),
        cmocka_unit_test(hard_links_go_as_files_do),
        cmocka_unit_test(special_files_keep_a_directory_from_being_copied_whole),
        cmocka_unit_test(a_run_does_not_see_what_the_engine_mounts_over),
        cmocka_unit_test(busybox_does_not_copy_attributes),
        cmocka_unit_test(only_what_the_base_lacks_is_copied),
        cmocka_unit_test(metadata_of_directories),
        cmocka_unit_test(base_paths_of_another_kind_are_conflicts),
        cmocka_unit_test(map_rules_change_where_a_node_goes),
        cmocka_unit_test(tools_are_looked_for_where_a_shell_would),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
