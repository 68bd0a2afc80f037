/* SPDX-License-Identifier: MIT
 * Stages on paths and on the tree, over a session whose rows are written by hand: the matching
 * lines are those that GNU grep selects by the paths, listed here line by line; the files that a
 * stage hides are listed by hand; and a session without logs. */
#include <roaring/roaring.h>

#include "keep_fixture.h"
#include "chain/grep/shell_lexer.h"
#include "db/journal.h"

/* The paths of each line of the fixture: one path or two, a newline between, and whether each is in
 * the tree. Relative in an unknown directory, or in another root: as in the call, and not in the
 * tree. */
static const struct {
    const char *paths;
    bool in_tree[2];
} leads[N_LINES] = {
    {"/usr/bin/app", {true}},
    {"/usr/lib/libz.so.1", {true}},
    {"/etc/secret", {true}},
    {"/usr/bin/python3.11", {true}},
    {"/tmp/a\n/data/b", {true, true}},
    {"/run/new", {false}},
    {"/etc/conf", {true}},
    {"/etc/conf", {true}},
    {"/etc/gone", {true}},
    {"/usr/jail", {false}},
    {"etc/conf", {false}},
    {"", {false}},
    {"", {false}},
};

static void must(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

/* Returns the lines whose paths GNU grep matches; only paths in the tree if `tree`. */
static roaring_bitmap_t *expected_hits(const char *grep, bool tree)
{
    BUF_AUTO struct buf paths = {0}, command = {0};
    uint32_t owners[2 * N_LINES];
    size_t n = 0;
    for (uint32_t i = 0; i < N_LINES; i++) {
        struct bytes rest = bytes_of(leads[i].paths);
        for (int k = 0; rest.n; k++) {
            size_t end = bytes_index(rest, '\n');
            if (!tree || leads[i].in_tree[k]) {
                shell_quote(bytes_from(rest.p, end), &paths);
                buf_byte(&paths, ' ');
                owners[n++] = i;
            }
            rest = bytes_skip(rest, end + 1);
        }
    }
    buf_printf(&command, "printf '%%s\\n' %s | LC_ALL=C %s -a -n", paths.p, grep);
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    roaring_bitmap_t *hits = roaring_bitmap_create();
    char line[256];
    while (fgets(line, sizeof line, pipe))
        roaring_bitmap_add(hits, owners[atoi(line) - 1]);
    pclose(pipe);
    return hits;
}

static struct chain *make(struct place *place, const struct line_paths *line_paths,
                          const char *pipeline)
{
    struct chain *chain;
    struct err err = {0};
    must(chain_read(place->db, &chain, &err), &err);
    must(chain_from_pipeline(chain, bytes_of(pipeline), NULL, &err), &err);
    chain_set_line_paths(chain, line_paths);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    return chain;
}

static void settle(struct place *place, struct chain *chain)
{
    struct err err = {0};
    must(chain_settle(chain, place->db, NULL, &err), &err);
}

static const char *const greps[] = {
    "grep /usr",        "grep -x /etc/conf", "grep '^/tmp'",        "grep 'b$'",
    "grep libz.so",     "grep 'libz.so$'",   "grep python",         "grep py3",
    "grep -E 'a|b'",    "grep ''",           "grep -F exited",      "grep -w jail",
    "grep -i /USR/BIN", "grep '^etc'",       "grep -P '(?<!/)etc'", "grep t.1:"};

static void paths_match_as_grep_says(void **state)
{
    struct place *place = *state;
    struct line_paths *line_paths = line_paths_create(place->corpus, place->accesses, place->tree);
    for (size_t i = 0; i < sizeof greps / sizeof *greps; i++) {
        for (int tree = 0; tree < 2; tree++) {
            struct chain *chain = make(place, line_paths, greps[i]);
            chain_set_target(chain, 0, tree ? &target_tree : &target_path);
            settle(place, chain);
            roaring_bitmap_t *expected = expected_hits(greps[i], tree);
            if (!roaring_bitmap_equals(chain_survivors(chain), expected))
                fail_msg("%s, tree %d", greps[i], tree);
            assert_int_equal(chain_stage(chain, 0).hits, roaring_bitmap_get_cardinality(expected));
            chain_invert(chain, 0); /* a line without a path passes */
            settle(place, chain);
            roaring_bitmap_flip_inplace(expected, 0, N_LINES);
            if (!roaring_bitmap_equals(chain_survivors(chain), expected))
                fail_msg("%s -v, tree %d", greps[i], tree);
            roaring_bitmap_free(expected);
            chain_destroy(chain);
        }
    }
    line_paths_destroy(line_paths);
}

/* Between stages on lines: those see the lines that the other stages pass. */
static void mixed_targets(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct line_paths *line_paths = line_paths_create(place->corpus, place->accesses, place->tree);
    struct chain *chain =
        make(place, line_paths,
             "grep -H -v tmp dir/t.1 | grep ^open | grep -v ^open | grep ^dir/t.1:open.*conf");
    chain_set_target(chain, 0, &target_path);
    settle(place, chain);
    /* stage 2 opens the log; stages 3 and 4 see the prefix */
    roaring_bitmap_t *expected = roaring_bitmap_of(3, 6, 7, 10);
    assert_true(roaring_bitmap_equals(chain_survivors(chain), expected));
    assert_int_equal(chain_hidden_by(chain, 4), 0);
    assert_int_equal(chain_hidden_by(chain, 0), 1);
    BUF_AUTO struct buf printed = {0};
    assert_int_equal(chain_print(chain, &printed), 1);
    assert_string_equal(printed.p,
                        "grep -H '^open' dir/t.1 | grep -v '^open' | grep '^dir/t.1:open.*conf'  "
                        "# path: grep -v 'tmp'");
    /* all stages on paths: the shell has all lines; a newline cannot end the comment */
    must(chain_from_pipeline(chain, bytes_of("grep $'conf\ngone'"), NULL, &err), &err);
    chain_set_target(chain, 0, &target_tree);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    settle(place, chain);
    roaring_bitmap_free(expected);
    expected = roaring_bitmap_of(3, 6, 7, 8);
    assert_true(roaring_bitmap_equals(chain_survivors(chain), expected));
    buf_clear(&printed);
    assert_int_equal(chain_print(chain, &printed), 1);
    assert_string_equal(printed.p, "grep '' dir/t.1  # tree: grep -e 'conf' -e 'gone'");
    roaring_bitmap_free(expected);
    chain_destroy(chain);
    line_paths_destroy(line_paths);
}

static void preview_and_later_scans(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct line_paths *line_paths = line_paths_create(place->corpus, place->accesses, place->tree);
    struct chain *chain = make(place, line_paths, "grep open");
    settle(place, chain);
    struct scan scan;
    bool invert;
    uint32_t matched, left;
    roaring_bitmap_t *hits;
    must(chain_preview_scan(chain, 1, bytes_of("-v conf"), &target_tree, &scan, &invert, &err),
         &err);
    must(scan_run(&scan, place->db, NULL, &hits, &err), &err);
    chain_preview_count(chain, 1, invert, hits, &matched, &left);
    assert_int_equal(matched, 2); /* of 7 lines with open, 7 and 8 lead to /etc/conf */
    assert_int_equal(left, 5);
    roaring_bitmap_free(hits);
    scan_finish(&scan);
    /* the hits of a disabled stage are stored for later */
    must(chain_insert(chain, 1, bytes_of("-v conf"), NULL, &err), &err);
    chain_set_target(chain, 1, &target_path);
    chain_enable(chain, 1, false);
    assert_true(chain_next_scan(chain, &scan));
    assert_false(scan.urgent);
    assert_ptr_equal(scan.target, &target_path);
    must(scan_run(&scan, place->db, NULL, &hits, &err), &err);
    chain_add_hits(chain, &scan, hits);
    scan_finish(&scan);
    assert_false(chain_next_scan(chain, &scan));
    assert_true(chain_evaluate(chain));
    assert_int_equal(chain_stage(chain, 1).hits, 3);
    chain_enable(chain, 1, true);
    assert_true(chain_evaluate(chain));
    assert_int_equal(chain_n_output(chain), 4);
    /* late results: for a stage that has another target now */
    must(chain_preview_scan(chain, 1, bytes_of("conf"), &target_tree, &scan, &invert, &err), &err);
    must(scan_run(&scan, place->db, NULL, &hits, &err), &err);
    chain_add_hits(chain, &scan, hits);
    scan_finish(&scan);
    chain_set_target(chain, 1, &target_tree);
    assert_false(chain_evaluate(chain));
    chain_destroy(chain);
    line_paths_destroy(line_paths);
}

/* Stored hits are valid for these paths only. */
static void hits_belong_to_subject_and_accesses(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct line_paths *line_paths = line_paths_create(place->corpus, place->accesses, place->tree);
    struct chain *chain = make(place, line_paths, "grep conf | grep etc");
    chain_set_target(chain, 0, &target_path);
    chain_set_target(chain, 1, &target_tree);
    must(db_begin(place->db, &err) && journal_step(place->db, &err) &&
             chain_write(chain, place->db, &err) && db_commit(place->db, &err),
         &err);
    settle(place, chain);
    must(chain_store_hits(chain, place->db, &err), &err);
    chain_destroy(chain);

    struct line_paths *again = line_paths_create(place->corpus, place->accesses, place->tree);
    struct line_paths *other = line_paths_create(place->corpus, place->accesses, NULL);
    struct access_path *asked = place->accesses->paths, first = asked[0];
    asked[0] = asked[7]; /* as if the first line opened /etc/conf */
    struct line_paths *changed = line_paths_create(place->corpus, place->accesses, place->tree);
    const struct line_paths *const each[] = {again, other, changed};
    assert_string_equal(line_paths_id(again),
                        line_paths_id(changed)); /* made now, with the change */
    assert_string_not_equal(line_paths_id(line_paths), line_paths_id(changed));
    asked[0] = first;
    for (size_t i = 0; i < 3; i++) {
        must(chain_read(place->db, &chain, &err), &err);
        assert_ptr_equal(chain_stage(chain, 0).target, &target_path);
        assert_ptr_equal(chain_stage(chain, 1).target, &target_tree);
        chain_set_line_paths(chain, i == 0 ? line_paths : each[i]);
        must(chain_bind(chain, place->corpus, place->db, &err), &err);
        assert_int_equal(chain_evaluate(chain), i == 0);
        if (i == 0)
            assert_int_equal(chain_n_output(chain), 2);
        chain_destroy(chain);
    }
    line_paths_destroy(line_paths);
    line_paths_destroy(again);
    line_paths_destroy(other);
    line_paths_destroy(changed);
}

/* Returns the number of hidden files for each stage of a pipeline: files/bytes. */
static void expect_hidden(struct place *place, const struct line_paths *line_paths,
                          const char *pipeline, const struct filter_target *target,
                          const char *expected)
{
    struct err err = {0};
    BUF_AUTO struct buf got = {0};
    struct chain *chain = make(place, line_paths, pipeline);
    size_t n = chain_n_stages(chain);
    for (size_t i = 0; i < n; i++)
        chain_set_target(chain, i, target);
    settle(place, chain);
    roaring_bitmap_t *back[8];
    struct hidden hidden[8];
    chain_unique_lines(chain, back);
    struct keep_input input = input_of(place, chain_survivors(chain));
    input.line_paths = line_paths;
    must(keep_hidden(&input, (const roaring_bitmap_t *const *)back, n, hidden, &err), &err);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(chain_stage(chain, i).unique_hits,
                         roaring_bitmap_get_cardinality(back[i]));
        buf_printf(&got, "%u/%lld ", hidden[i].n_files, (long long)hidden[i].bytes);
        roaring_bitmap_free(back[i]);
    }
    assert_string_equal(got.p, expected);
    atomic_bool cancel = true;
    input.cancel = &cancel;
    back[0] = roaring_bitmap_create();
    if (place->corpus->n_logs)
        assert_false(keep_hidden(&input, (const roaring_bitmap_t *const *)back, 1, hidden, &err));
    roaring_bitmap_free(back[0]);
    chain_destroy(chain);
}

/* The fixture's tree with sizes, and two hard links: /data/b is /tmp/a, /usr/bin/app is /etc/conf.
 */
static struct tree *sized_tree(void)
{
    static const struct {
        const char *path;
        int64_t size;
        const char *peer;
    } files[] = {{"/usr/lib/libz.so.1", 100, NULL},
                 {"/etc/secret", 1000, NULL},
                 {"/usr/bin/python3.11", 10000, NULL},
                 {"/etc/conf", 5, NULL},
                 {"/usr/bin/app", 5, "/etc/conf"},
                 {"/data/b", 7, NULL},
                 {"/tmp/a", 7, "/data/b"},
                 {"/etc/gone", 100000, NULL},
                 {"/usr/jail", 1000000, NULL}};
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct node node = {.kind = NODE_FILE, .mode = 0644, .size = files[i].size};
        tree_builder_add(builder, bytes_of(files[i].path), &node, bytes_of(files[i].peer));
    }
    add(builder, "/lib", NODE_LINK, "usr/lib");
    add(builder, "/usr/lib/libz.so", NODE_LINK, "libz.so.1");
    add(builder, "/usr/bin/py3", NODE_LINK, "python3.11");
    add(builder, "/run", NODE_DIR, NULL);
    return tree_builder_finish(builder);
}

static void hidden_bytes(void **state)
{
    struct place *place = *state;
    struct tree *tree = sized_tree(), *before = place->tree;
    place->tree = tree;
    struct line_paths *line_paths = line_paths_create(place->corpus, place->accesses, tree);
    /* conf is another name of app, which is used: a file, no bytes. rename has two names of one
     * file. lstat refers to the link. secret failed, gone was removed, jail is in another root: not
     * used. */
    expect_hidden(place, line_paths,
                  "grep -v 'conf' | grep -v rename | grep -v libz | grep -v lstat | "
                  "grep -v 'secret\\|gone\\|jail'",
                  &target_line, "1/0 2/7 1/100 1/0 0/0 ");
    /* a file hidden by two stages is unique to neither; the first include hides app, conf and more
     */
    expect_hidden(place, line_paths, "grep libz | grep -v conf | grep -v 'conf'", &target_line,
                  "4/12 0/0 0/0 ");
    /* with conf hidden, app's bytes have no other user; lstat leads to python, and refers to the
     * link */
    expect_hidden(place, line_paths, "grep -v '/etc/conf' | grep -v /usr", &target_path,
                  "1/5 3/105 ");
    line_paths_destroy(line_paths);
    place->tree = before;
    tree_destroy(tree);
}

/* --- without logs --- */

static void expect_lines(struct place *place, const struct chain *chain,
                         const struct line_paths *line_paths, const char *expected)
{
    BUF_AUTO struct buf got = {0};
    for (uint64_t k = 0; k < chain_n_output(chain); k++) {
        uint32_t line;
        struct bytes prefix;
        assert_true(chain_output(chain, k, &line, &prefix));
        assert_int_equal(prefix.n, 0);
        uint32_t node = line_paths_node(line_paths, line);
        assert_int_equal(line_paths_line(line_paths, node), line);
        tree_path(place->tree, node, &got);
        buf_byte(&got, '\n');
    }
    assert_string_equal(got.p ? got.p : "", expected);
}

static void forget_logs(struct place *place)
{
    struct err err = {0};
    run(db_query(place->db, "UPDATE log SET complete = 0", &err));
    corpus_reader_destroy(place->reader);
    accesses_destroy(place->accesses);
    corpus_destroy(place->corpus);
    must(corpus_read(place->db, &place->corpus, &err), &err);
    must(corpus_reader_create(place->db, place->corpus, &place->reader, &err), &err);
    must(accesses_read(place->db, place->corpus, &place->accesses, &err), &err);
}

static void the_tree_is_the_lines(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    struct tree *before = place->tree, *tree = sized_tree();
    struct tree_builder *builder = tree_builder_create();
    add(builder, "/a-b", NODE_FILE, NULL); /* sorts before /a/c, after /a */
    add(builder, "/a/c", NODE_FILE, NULL);
    add(builder, "/a/new\nline.so", NODE_FILE, NULL);
    add(builder, "/a/x.so", NODE_LINK, "../y.so.1");
    add(builder, "/y.so.1", NODE_FILE, NULL);
    place->tree = tree_builder_finish(builder);
    forget_logs(place);
    struct line_paths *line_paths = line_paths_create(place->corpus, place->accesses, place->tree);
    struct chain *chain = make(place, line_paths, "grep a | grep -v b | grep so");
    settle(place, chain);
    assert_int_equal(chain_n_output(chain), 0); /* stages on lines match no path */
    assert_false(chain_stage(chain, 0).active);
    assert_int_equal(chain_selecting_stage(chain), SIZE_MAX);
    chain_set_target(chain, 0, &target_tree);
    settle(place, chain);
    expect_lines(place, chain, line_paths, "/a\n/a-b\n/a/c\n/a/new\nline.so\n/a/x.so\n");
    chain_set_target(chain, 1, &target_tree);
    settle(place, chain);
    expect_lines(place, chain, line_paths, "/a\n/a/c\n/a/new\nline.so\n/a/x.so\n");
    chain_set_target(chain, 2, &target_path);
    settle(place, chain);
    assert_int_equal(chain_n_output(chain), 4);
    chain_set_target(chain, 2, &target_tree);
    settle(place, chain);
    expect_lines(place, chain, line_paths, "/a/new\nline.so\n/a/x.so\n");
    assert_int_equal(chain_selecting_stage(chain), 2);
    assert_int_equal(chain_stage(chain, 2).unique_hits, 2); /* /a and /a/c */
    assert_int_equal(chain_n_selected(chain), 0);
    assert_int_equal(
        chain_hidden_by(chain,
                        line_paths_line(line_paths, tree_find(place->tree, bytes_of("/a-b")))),
        1);

    struct keep_input input = input_of(place, chain_survivors(chain));
    input.line_paths = line_paths;
    input.selecting = chain_selecting_stage(chain) + 1;
    struct keep *keep = compute(&input);
    BUF_AUTO struct buf out = {0};
    for (uint32_t i = 0; i < keep->n; i++) {
        if (!keep->verdicts[i].needed)
            continue;
        tree_path(place->tree, i, &out);
        buf_add(&out, bytes_of(": "));
        keep_reason(keep, &input, i, &out);
        buf_byte(&out, '\n');
    }
    assert_string_equal(out.p, "/: parent directory of /a/new\nline.so\n"
                               "/a: parent directory of /a/new\nline.so\n"
                               "/a/new\nline.so: selected by stage 3\n"
                               "/a/x.so: selected by stage 3\n"
                               "/y.so.1: selected by stage 3 as the target of /a/x.so\n");
    buf_clear(&out);
    must(keep_why(keep, &input, chain, tree_find(place->tree, bytes_of("/a-b")), &out, &err), &err);
    must(keep_why(keep, &input, chain, tree_find(place->tree, bytes_of("/y.so.1")), &out, &err),
         &err);
    assert_string_equal(out.p, "/a-b: not kept: hidden by stage 2 (tree): grep -v 'b'\n"
                               "/y.so.1: selected by stage 3 as the target of /a/x.so\n"
                               "/a/x.so: selected by stage 3\n"
                               "stage 3 (tree): grep 'so'\n");
    keep_destroy(keep);
    chain_destroy(chain);
    line_paths_destroy(line_paths);
    tree_destroy(place->tree);

    place->tree = tree;
    line_paths = line_paths_create(place->corpus, place->accesses, tree);
    expect_hidden(place, line_paths, "grep usr | grep -v bin | grep -v lib", &target_tree,
                  "5/101012 3/10005 2/100 ");
    line_paths_destroy(line_paths);
    tree_destroy(tree);
    place->tree = before;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(paths_match_as_grep_says),
        TEST(mixed_targets),
        TEST(preview_and_later_scans),
        TEST(hits_belong_to_subject_and_accesses),
        TEST(hidden_bytes),
        TEST(the_tree_is_the_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
