/* SPDX-License-Identifier: MIT
 * Marks in the session, and the meaning of a PATH on the command line. Patterns of one component
 * are compared with fnmatch(3) in the C locale. */
#include <fnmatch.h>
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
#include "keep/glob.h"
#include "keep/marks.h"

static void add(struct tree_builder *builder, const char *path, enum node_kind kind,
                const char *link)
{
    struct node node = {.kind = (uint8_t)kind, .mode = 0755, .link = bytes_of(link)};
    tree_builder_add(builder, bytes_of(path), &node, bytes_of(NULL));
}

static struct tree *make_tree(void)
{
    struct tree_builder *builder = tree_builder_create();
    add(builder, "/usr/bin/python3", NODE_LINK, "python3.11");
    add(builder, "/usr/bin/python3.11", NODE_FILE, NULL);
    add(builder, "/usr/bin/.hidden", NODE_FILE, NULL);
    add(builder, "/bin", NODE_LINK, "usr/bin");
    add(builder, "/usr/lib/a/x.py", NODE_FILE, NULL);
    add(builder, "/usr/lib/a/b/x.py", NODE_FILE, NULL);
    add(builder, "/usr/lib/x.pyc", NODE_FILE, NULL);
    add(builder, "/usr/lib/[x]", NODE_FILE, NULL);
    add(builder, "/dangling", NODE_LINK, "/none");
    return tree_builder_finish(builder);
}

static void means(const struct tree *tree, const char *path, const char *expected)
{
    uint32_t *nodes;
    size_t n;
    BUF_AUTO struct buf out = {0};
    assert_true(marks_match(tree, bytes_of(path), &nodes, &n));
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(&out, ' ');
        tree_path(tree, nodes[i], &out);
    }
    free(nodes);
    if (strcmp(out.p ? out.p : "", expected))
        fail_msg("%s: %s, expected %s", path, out.p ? out.p : "", expected);
}

static void paths_of_the_command_line(void **state)
{
    (void)state;
    struct tree *tree = make_tree();
    means(tree, "/usr/lib/x.pyc", "/usr/lib/x.pyc");
    means(tree, "usr/lib/x.pyc", "/usr/lib/x.pyc");
    means(tree, "/usr/lib/", "/usr/lib");
    means(tree, "/", "/");
    means(tree, "/none", "");
    means(tree, "", "");
    /* a path through a link: the links and the target */
    means(tree, "/bin/python3", "/bin /usr/bin/python3 /usr/bin/python3.11");
    means(tree, "/dangling", "/dangling");
    /* a literal match comes before a pattern */
    means(tree, "/usr/lib/[x]", "/usr/lib/[x]");
    means(tree, "/usr/lib/[xy].pyc", "/usr/lib/x.pyc");
    means(tree, "/usr/lib/*", "/usr/lib/[x] /usr/lib/a /usr/lib/x.pyc");
    means(tree, "/usr/lib/*/x.py", "/usr/lib/a/x.py");
    means(tree, "/usr/lib/**/x.py", "/usr/lib/a/b/x.py /usr/lib/a/x.py");
    means(tree, "/usr/lib/a/**/x.py", "/usr/lib/a/b/x.py /usr/lib/a/x.py");
    means(tree, "**/b/**", "/usr/lib/a/b /usr/lib/a/b/x.py");
    means(tree, "/usr/lib/a/**", "/usr/lib/a /usr/lib/a/b /usr/lib/a/b/x.py /usr/lib/a/x.py");
    means(tree, "/bin/py*.11", "/bin /usr/bin/python3.11");
    means(tree, "/usr/bin/py*3", "/usr/bin/python3 /usr/bin/python3.11");
    means(tree, "/usr/bin/*hidden", "/usr/bin/.hidden");
    means(tree, "/bin/none*", "");
    means(tree, "/usr/lib/x.pyc/*", "");
    means(tree, "**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/x.pyc", "/usr/lib/x.pyc");
    BUF_AUTO struct buf deep = {0};
    for (int i = 0; i < 100; i++)
        buf_add(&deep, bytes_of("/*"));
    means(tree, deep.p, "");
    tree_destroy(tree);
}

/* All short patterns and names over an alphabet of the special characters. fnmatch differs only for
 * a bracket without an end, and for a backslash at the end: these are left out. */
static void components_as_fnmatch_has_them(void **state)
{
    (void)state;
    static const char letters[] = "ab*?[]!-\\";
    static const char *const names[] = {"",  "a", "b", "ab", "ba", "aab", "abab",
                                        "[", "]", "-", "!a", "a]", "*",   "\\"};
    enum { N = sizeof letters - 1, LONGEST = 5 };
    char pattern[LONGEST + 1];
    unsigned long all = 1;
    size_t n_checked = 0;
    for (int length = 1; length <= LONGEST; length++) {
        all *= N;
        for (unsigned long k = 0; k < all; k++) {
            unsigned long rest = k;
            for (int i = 0; i < length; i++, rest /= N)
                pattern[i] = letters[rest % N];
            pattern[length] = 0;
            if (strchr(pattern, '\\') || (strchr(pattern, '[') && !strchr(pattern, ']')))
                continue;
            char *open = strchr(pattern, '[');
            if (open && (strchr(open + 1, '[') || strchr(open, '-')))
                continue; /* ranges and nested brackets: the table below */
            for (size_t i = 0; i < sizeof names / sizeof *names; i++, n_checked++) {
                bool expected = fnmatch(pattern, names[i], 0) == 0;
                if (glob_match(bytes_of(pattern), bytes_of(names[i])) != expected)
                    fail_msg("%s on %s: expected %d", pattern, names[i], expected);
            }
        }
    }
    assert_true(n_checked > 100000);
    static const struct {
        const char *pattern, *name;
    } more[] = {{"[a-c]", "b"}, {"[a-c]", "d"},   {"[!a-c]", "d"}, {"[^a-c]", "b"},
                {"[]]", "]"},   {"[]a]x", "ax"},  {"[a-]", "-"},   {"[-a]", "-"},
                {"\\*", "*"},   {"\\*", "a"},     {"[\\]]", "]"},  {"a\\b", "ab"},
                {"[[]", "["},   {"x[[]y", "x[y"}, {"[!]]", "]"},   {"[!]]", "a"}};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        bool expected = fnmatch(more[i].pattern, more[i].name, 0) == 0;
        if (glob_match(bytes_of(more[i].pattern), bytes_of(more[i].name)) != expected)
            fail_msg("%s on %s: expected %d", more[i].pattern, more[i].name, expected);
    }
    assert_true(glob_match(bytes_of("?\xff*"), bytes_of("a\xff\xfe")));
    assert_true(glob_match(bytes_of("a[b"), bytes_of("a[b")));
}

static void step(struct db *db, const struct tree *tree, const char *path, enum mark mark)
{
    struct err err = {0};
    if (!db_begin(db, &err) || !journal_step(db, &err) ||
        !marks_set(db, tree, tree_find(tree, bytes_of(path)), mark, &err) || !db_commit(db, &err))
        fail_msg("%s", err.text);
}

static void expect_marks(struct db *db, const char *expected)
{
    struct err err = {0};
    struct marks *marks;
    BUF_AUTO struct buf out = {0};
    if (!marks_read(db, &marks, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < marks->n; i++)
        buf_printf(&out, "%s%.*s %s", i ? ", " : "", (int)marks->items[i].path.n,
                   marks->items[i].path.p, mark_name(marks->items[i].mark));
    marks_destroy(marks);
    assert_string_equal(out.p ? out.p : "", expected);
}

static void marks_are_undone(void **state)
{
    (void)state;
    char dir[] = "/tmp/xsmall-marks-XXXXXX", path[64];
    struct err err = {0};
    struct db *db;
    bool done;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a.xsmall", dir);
    assert_true(db_open(path, DB_CREATE, &db, &err));
    struct tree *tree = make_tree();
    expect_marks(db, "");
    step(db, tree, "/usr/lib", MARK_KEEP);
    step(db, tree, "/", MARK_DROP);
    expect_marks(db, "/ drop, /usr/lib keep");
    step(db, tree, "/usr/lib", MARK_AUTO);
    expect_marks(db, "/ drop, /usr/lib auto");
    step(db, tree, "/", MARK_NONE);
    expect_marks(db, "/usr/lib auto");
    assert_true(journal_undo(db, &done, &err) && done && journal_undo(db, &done, &err) && done);
    expect_marks(db, "/ drop, /usr/lib keep");
    tree_destroy(tree);
    db_close(db);
    unlink(path);
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_of_the_command_line),
        cmocka_unit_test(components_as_fnmatch_has_them),
        cmocka_unit_test(marks_are_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
