/* SPDX-License-Identifier: MIT
 * The kept tree on small trees made by hand: marks and their inheritance, dependencies, subtraction
 * of the base, and the sums, all counted by hand. */
#include "keep_tree.h"

static void marks_hold_until_a_nearer_one(void **state)
{
    (void)state;
    static const struct line lines[] = {{.path = "/a/b/c", .kind = 'F'},
                                        {.path = "/a/b/d", .kind = 'F'},
                                        {.path = "/a/e/f", .kind = 'F'},
                                        {.path = "/g", .kind = 'F'}};
    struct case_ c = {.tree = TREE(lines)};
    compute(&c);
    expect_needed(&c, "");
    assert_false(c.keep->verdicts[NODE_ROOT].needed);
    mark(&c, "/a", MARK_KEEP);
    mark(&c, "/a/b", MARK_DROP);
    mark(&c, "/a/b/d", MARK_KEEP);
    mark(&c, "/a/e", MARK_AUTO);
    mark(&c, "/not/there", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/a/b/d");
    assert_int_equal(at(&c, "/a/b/c")->mark, MARK_DROP);
    assert_int_equal(at(&c, "/a/b/c")->own_mark, MARK_NONE);
    assert_int_equal(at(&c, "/a/e/f")->mark, MARK_AUTO);
    assert_true(at(&c, "/a")->needed);
    assert_false(
        at(&c, "/a/b")->needed); /* dropped stays dropped, though something below is kept */
    assert_false(at(&c, "/a/e")->needed);
    assert_true(c.keep->verdicts[NODE_ROOT].needed);
    assert_ptr_equal(at(&c, "/a/b/d")->reason, &reason_mark);
    assert_ptr_equal(c.keep->verdicts[NODE_ROOT].reason, &reason_parent);
    finish(&c);
}

/* One ELF program, with libraries found by each rule of ld.so(8). */
static void libraries_by_the_loaders_rules(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.path = "/usr/bin/app",
         .kind = 'F',
         .needs = {NEED(INTERPRETER, "/lib64/ld.so"), NEED(NEEDED, "liba.so"),
                   NEED(NEEDED, "libmissing.so"), NEED(RUNPATH, "/nowhere:$ORIGIN/../own")},
         .n_needs = 4},
        {.path = "/lib64", .kind = 'L', .link = "usr/lib64"},
        {.path = "/usr/lib64/ld.so", .kind = 'L', .link = "ld-2.so"},
        {.path = "/usr/lib64/ld-2.so", .kind = 'F'},
        /* RUNPATH comes first, and is not inherited */
        {.path = "/usr/own/liba.so", .kind = 'L', .link = "liba.so.1"},
        {.path = "/usr/own/liba.so.1",
         .kind = 'F',
         .needs = {NEED(NEEDED, "libb.so")},
         .n_needs = 1},
        {.path = "/usr/lib/liba.so", .kind = 'F'},
        {.path = "/usr/own/libb.so", .kind = 'F'},
        {.path = "/usr/lib/x86_64-linux-gnu/libb.so", .kind = 'F'},
        /* RPATH is inherited */
        {.path = "/opt/tool",
         .kind = 'F',
         .needs = {NEED(NEEDED, "libc.so"), NEED(RPATH, "${ORIGIN}/lib")},
         .n_needs = 2},
        {.path = "/opt/lib/libc.so", .kind = 'F', .needs = {NEED(NEEDED, "libd.so")}, .n_needs = 1},
        {.path = "/opt/lib/libd.so", .kind = 'F'},
        {.path = "/usr/lib/libd.so", .kind = 'F'},
        /* not used if the same file has a RUNPATH */
        {.path = "/opt/both",
         .kind = 'F',
         .needs = {NEED(NEEDED, "libe.so"), NEED(RPATH, "/opt/lib"), NEED(RUNPATH, "/opt/run")},
         .n_needs = 3},
        {.path = "/opt/lib/libe.so", .kind = 'F'},
        {.path = "/usr/local/lib/libe.so", .kind = 'F'},
    };
    struct case_ c = {.tree = TREE(lines)};
    mark(&c, "/usr/bin/app", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/lib64 /usr/bin/app /usr/lib/x86_64-linux-gnu/libb.so /usr/lib64/ld-2.so "
                      "/usr/lib64/ld.so /usr/own/liba.so /usr/own/liba.so.1");
    assert_ptr_equal(at(&c, "/usr/lib64/ld-2.so")->reason, &reason_interpreter);
    assert_ptr_equal(at(&c, "/usr/own/liba.so.1")->reason, &reason_library);
    assert_ptr_equal(at(&c, "/usr/own/liba.so")->reason, &reason_link);
    assert_ptr_equal(at(&c, "/lib64")->reason, &reason_link);
    assert_int_equal(at(&c, "/usr/lib/x86_64-linux-gnu/libb.so")->from,
                     tree_find(c.tree, bytes_of("/usr/own/liba.so.1")));
    c.marks.n = 0;
    mark(&c, "/opt/tool", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/opt/lib/libc.so /opt/lib/libd.so /opt/tool");
    c.marks.n = 0;
    mark(&c, "/opt/both", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/opt/both /usr/local/lib/libe.so");
    /* a dropped library is not replaced by one from another directory, and its dependencies are not
     * added */
    c.marks.n = 0;
    mark(&c, "/opt/tool", MARK_KEEP);
    mark(&c, "/opt/lib", MARK_DROP);
    compute(&c);
    expect_needed(&c, "/opt/tool");
    finish(&c);
}

static void scripts_and_config(void **state)
{
    static const struct line lines[] = {
        {.path = "/app/run",
         .kind = 'F',
         .needs = {NEED(SCRIPT, "/usr/bin/env"), NEED(SCRIPT_ARG, "-S X=1 tool3 -u")},
         .n_needs = 2},
        {.path = "/usr/bin/env", .kind = 'F'},
        {.path = "/usr/bin/tool3", .kind = 'L', .link = "tool3.11"},
        {.path = "/usr/bin/tool3.11", .kind = 'F'},
        {.path = "/usr/local/bin/tool3",
         .kind = 'F',
         .mode = 0644}, /* found first, but not executable */
        {.path = "/etc/passwd", .kind = 'F', .mode = 0644},
        {.path = "/etc/group", .kind = 'F', .mode = 0644},
        {.path = "/bin", .kind = 'L', .link = "usr/bin"},
        {.path = "/usr/bin/sh", .kind = 'F'},
        {.path = "/srv/data/x", .kind = 'F'},
        {.path = "/seed", .kind = 'F'},
    };
    struct case_ c = {.tree = TREE(lines), .db = *state};
    mark(&c, "/app/run", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/app/run /usr/bin/env /usr/bin/tool3 /usr/bin/tool3.11");
    c.config = "{\"config\":{\"Entrypoint\":[\"run\"],\"Cmd\":[\"/bin/sh\",\"-c\",\"x\"],"
               "\"Env\":[\"PATH=/none:/app\"],\"WorkingDir\":\"/srv/data\",\"User\":\"app\"}}";
    c.marks.n = 0;
    compute(&c);
    expect_needed(&c, ""); /* nothing is decided: nothing is kept */
    mark(&c, "/seed", MARK_KEEP);
    compute(&c); /* with this PATH env finds no tool3 */
    expect_needed(&c, "/app/run /bin /etc/group /etc/passwd /seed /usr/bin/env /usr/bin/sh");
    assert_true(at(&c, "/srv/data")->needed);
    assert_ptr_equal(at(&c, "/srv/data")->reason, &reason_config);
    c.config =
        "{\"config\":{\"User\":\"1000:1000\",\"Healthcheck\":{\"Test\":[\"CMD\",\"/app/run\"]}}}";
    compute(&c);
    expect_needed(&c, "/app/run /seed /usr/bin/env /usr/bin/tool3 /usr/bin/tool3.11");
    c.config = "{\"config\":{\"Env\":[\"HOME=/srv\",\"PATH=/\"],"
               "\"Volumes\":{\"/app\":{},\"/none\":{}}}}";
    compute(&c); /* the directories alone */
    expect_needed(&c, "/seed");
    assert_ptr_equal(at(&c, "/srv")->reason, &reason_config);
    assert_ptr_equal(at(&c, "/app")->reason, &reason_config);
    assert_false(at(&c, "/srv/data")->needed);
    c.config = "{not json";
    compute(&c);
    expect_needed(&c, "/seed");
    finish(&c);
}

static void the_base_takes_away_what_is_the_same(void **state)
{
    (void)state;
    static const struct line subject[] = {
        {.path = "/same", .kind = 'F', .size = 1, .tag = 1},
        {.path = "/mode", .kind = 'F', .size = 2, .tag = 1, .mode = 0700},
        {.path = "/text", .kind = 'F', .size = 4, .tag = 2},
        {.path = "/new", .kind = 'F', .size = 8, .tag = 1},
        {.path = "/link", .kind = 'L', .link = "b"},
        {.path = "/kind", .kind = 'F', .size = 16, .tag = 1},
        {.path = "/samelink", .kind = 'L', .link = "a", .mode = 0777},
        {.path = "/dir", .kind = 'D', .mode = 01777},
        {.path = "/lib/x", .kind = 'F', .size = 32, .tag = 1},
    };
    static const struct line base[] = {
        {.path = "/same", .kind = 'F', .size = 1, .tag = 1},
        {.path = "/mode", .kind = 'F', .size = 2, .tag = 1, .mode = 0755},
        {.path = "/text", .kind = 'F', .size = 64, .tag = 1},
        {.path = "/link", .kind = 'L', .link = "a"},
        {.path = "/kind/below", .kind = 'F', .size = 128, .tag = 9},
        {.path = "/samelink", .kind = 'L', .link = "a", .mode = 0755},
        {.path = "/dir", .kind = 'D', .mode = 0755},
        {.path = "/lib", .kind = 'L', .link = "usr/lib"},
        {.path = "/usr/lib/x", .kind = 'F', .size = 256, .tag = 1},
        {.path = "/baseonly", .kind = 'F', .size = 512, .tag = 3},
        {.path = "/basepeer", .kind = 'F', .link = "/baseonly"},
    };
    static const struct {
        const char *path;
        enum in_base in_base;
    } expected[] = {{"/same", BASE_SAME},     {"/mode", BASE_META}, {"/text", BASE_CONTENT},
                    {"/new", BASE_ABSENT},    {"/link", BASE_LINK}, {"/kind", BASE_LINK},
                    {"/samelink", BASE_SAME}, {"/dir", BASE_META},  {"/lib", BASE_LINK},
                    {"/lib/x", BASE_ABSENT}};
    struct case_ c = {.tree = TREE(subject), .base = TREE(base)};
    mark(&c, "/", MARK_KEEP);
    compute(&c);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        if (at(&c, expected[i].path)->in_base != expected[i].in_base)
            fail_msg("%s: %s", expected[i].path, in_base_name(at(&c, expected[i].path)->in_base));
        assert_true(at(&c, expected[i].path)->needed);
        assert_int_equal(at(&c, expected[i].path)->kept, expected[i].in_base != BASE_SAME);
    }
    assert_int_equal(c.keep->n_kept, 6); /* mode text new link kind lib/x */
    assert_int_equal(c.keep->kept_bytes, 2 + 4 + 8 + 16 + 32);
    assert_int_equal(c.keep->subject_bytes, 63);
    /* the base has the same: same, usr/lib/x and the pair once; replaced: mode, text, kind/below */
    assert_int_equal(c.keep->final_bytes, 62 + 1 + 256 + 512);
    assert_int_equal(c.keep->rollups[NODE_ROOT].n_in_base, 2);
    tree_destroy(c.base);
    c.base = NULL;
    compute(&c);
    assert_int_equal(at(&c, "/same")->in_base, BASE_NONE);
    assert_null(in_base_name(BASE_NONE));
    assert_int_equal(c.keep->final_bytes, 63);
    finish(&c);
}

static void set_time(struct tree *tree, const char *path, int64_t seconds)
{
    tree->nodes[tree_find(tree, bytes_of(path))].mtime_s = seconds;
}

static void a_source_comes_with_its_pyc(void **state)
{
    (void)state;
    static const struct line subject[] = {
        {.path = "/l/a.py", .kind = 'F', .tag = 1},
        {.path = "/l/__pycache__/a.cpython-311.pyc", .kind = 'F', .tag = 2},
        {.path = "/l/b.py", .kind = 'F', .tag = 1},
        {.path = "/l/ab.py", .kind = 'F', .tag = 1},
        {.path = "/l/c.txt", .kind = 'F', .tag = 1}};
    static const struct line base[] = {{.path = "/l/a.py", .kind = 'F', .tag = 1},
                                       {.path = "/l/b.py", .kind = 'F', .tag = 1},
                                       {.path = "/l/ab.py", .kind = 'F', .tag = 1},
                                       {.path = "/l/c.txt", .kind = 'F', .tag = 1}};
    struct case_ c = {.tree = TREE(subject), .base = TREE(base)};
    mark(&c, "/", MARK_KEEP);
    compute(&c);
    assert_false(at(&c, "/l/a.py")->kept); /* the same time: the file of the base is used */
    static const char *const sources[] = {"/l/a.py", "/l/b.py", "/l/ab.py", "/l/c.txt"};
    for (size_t i = 0; i < 4; i++)
        set_time(c.tree, sources[i], 1000);
    compute(&c);
    assert_true(at(&c, "/l/a.py")->kept);
    assert_int_equal(at(&c, "/l/a.py")->in_base, BASE_SAME);
    assert_false(at(&c, "/l/b.py")->kept);
    assert_false(at(&c, "/l/ab.py")->kept);
    assert_false(at(&c, "/l/c.txt")->kept);
    finish(&c);
}

static void hard_links_count_once_in_every_sum(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.path = "/a/x/1", .kind = 'F', .size = 100, .tag = 1},
        {.path = "/a/x/2", .kind = 'F', .link = "/a/x/1", .size = 100, .tag = 1},
        {.path = "/a/y/3", .kind = 'F', .link = "/a/x/1", .size = 100, .tag = 1},
        {.path = "/b/4", .kind = 'F', .link = "/a/x/1", .size = 100, .tag = 1},
        {.path = "/b/5", .kind = 'F', .size = 7, .tag = 2}};
    static const struct {
        const char *path;
        int64_t bytes, kept_bytes;
        uint32_t n_files, n_kept;
    } expected[] = {{"/", 107, 100, 5, 3},    {"/a", 100, 100, 3, 2},   {"/a/x", 100, 100, 2, 1},
                    {"/a/x/2", 100, 0, 1, 0}, {"/a/y", 100, 100, 1, 1}, {"/b", 107, 100, 2, 1}};
    struct case_ c = {.tree = TREE(lines)};
    struct err err = {0};
    assert_true(switches_parse(bytes_of("-peers"), &c.marks.closure_off, &err));
    mark(&c, "/a/x/1", MARK_KEEP);
    mark(&c, "/a/y/3", MARK_KEEP);
    mark(&c, "/b/4", MARK_KEEP);
    compute(&c);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct rollup *sum = &c.keep->rollups[tree_find(c.tree, bytes_of(expected[i].path))];
        assert_int_equal(sum->bytes, expected[i].bytes);
        assert_int_equal(sum->kept_bytes, expected[i].kept_bytes);
        assert_int_equal(sum->n_files, expected[i].n_files);
        assert_int_equal(sum->n_kept, expected[i].n_kept);
    }
    assert_int_equal(c.keep->final_bytes, 100);
    assert_int_equal(c.keep->subject_bytes, 107);
    finish(&c);
}

static void reasons_in_words(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.path = "/d/app", .kind = 'F', .needs = {NEED(NEEDED, "libz.so")}, .n_needs = 1},
        {.path = "/lib/libz.so", .kind = 'L', .link = "libz.so.1"},
        {.path = "/lib/libz.so.1", .kind = 'F'},
        {.path = "/other", .kind = 'F'}};
    static const struct {
        const char *path, *reason;
    } expected[] = {{"/d", "marked keep"},
                    {"/d/app", "marked keep by the mark on /d"},
                    {"/lib/libz.so.1", "needed by /d/app"},
                    {"/lib/libz.so", "symlink in the path of /lib/libz.so.1"},
                    {"/lib", "parent directory of /lib/libz.so.1"},
                    {"/other", ""}};
    struct case_ c = {.tree = TREE(lines)};
    struct err err = {0};
    mark(&c, "/d", MARK_KEEP);
    mark(&c, "/other", MARK_DROP);
    compute(&c);
    struct keep_input input = input_of(&c);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        BUF_AUTO struct buf out = {0};
        keep_reason(c.keep, &input, tree_find(c.tree, bytes_of(expected[i].path)), &out);
        assert_string_equal(out.p ? out.p : "", expected[i].reason);
    }
    BUF_AUTO struct buf why = {0};
    assert_true(
        keep_why(c.keep, &input, NULL, tree_find(c.tree, bytes_of("/lib/libz.so")), &why, &err));
    assert_string_equal(why.p, "/lib/libz.so: symlink in the path of /lib/libz.so.1\n"
                               "/lib/libz.so.1: needed by /d/app\n"
                               "/d/app: marked keep by the mark on /d\n");
    buf_clear(&why);
    assert_true(keep_why(c.keep, &input, NULL, tree_find(c.tree, bytes_of("/other")), &why, &err));
    assert_string_equal(why.p, "/other: not kept: marked drop\n");
    finish(&c);
}

static void no_subject_and_cancel(void **state)
{
    (void)state;
    struct err err = {0};
    struct keep *keep;
    struct keep_input nothing = {0};
    assert_true(keep_compute(&nothing, &keep, &err));
    assert_int_equal(keep->n, 0);
    keep_destroy(keep);
    struct tree_builder *builder = tree_builder_create();
    struct node file = {.kind = NODE_FILE, .mode = 0644};
    for (int i = 0; i < 5000; i++) {
        char path[32];
        snprintf(path, sizeof path, "/d/%d", i);
        tree_builder_add(builder, bytes_of(path), &file, bytes_of(NULL));
    }
    struct case_ c = {.tree = tree_builder_finish(builder)};
    atomic_bool cancel = true;
    mark(&c, "/", MARK_KEEP);
    struct keep_input input = input_of(&c);
    input.cancel = &cancel;
    assert_false(keep_compute(&input, &keep, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    finish(&c);
}

struct place {
    char dir[64], path[96];
};
static struct place place;

static int open_session(void **state)
{
    struct err err = {0};
    struct db *db;
    strcpy(place.dir, "/tmp/xsmall-keep-XXXXXX");
    if (!mkdtemp(place.dir))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/a.xsmall", place.dir);
    if (!db_open(place.path, DB_CREATE, &db, &err))
        return -1;
    *state = db;
    return 0;
}

static int close_session(void **state)
{
    db_close(*state);
    unlink(place.path);
    return rmdir(place.dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_hold_until_a_nearer_one),
        cmocka_unit_test(libraries_by_the_loaders_rules),
        cmocka_unit_test(scripts_and_config),
        cmocka_unit_test(the_base_takes_away_what_is_the_same),
        cmocka_unit_test(a_source_comes_with_its_pyc),
        cmocka_unit_test(hard_links_count_once_in_every_sum),
        cmocka_unit_test(reasons_in_words),
        cmocka_unit_test(no_subject_and_cancel),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
