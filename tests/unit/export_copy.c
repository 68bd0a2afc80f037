/* SPDX-License-Identifier: MIT
 * Form copy: how files are grouped into COPY lines, how names are escaped, which attributes the
 * script after them repairs, and which trees are rejected. Expected lines are written by hand from
 * what COPY does (copies only the content of a directory, follows links, makes directories 0755
 * 0:0; Dockerfile word expansion, and Go's filepath.Match for sources). */
#include "export_fixture.h"

#include "export/plan.h"

static size_t count_of(const struct result *result, const char *what)
{
    size_t n = 0;
    for (const char *p = result->text.p; p && (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static void expect_part(const struct result *result, const char *part)
{
    if (!result->ok)
        fail_msg("refused: %s", result->err.text);
    if (!strstr(result->text.p, part))
        fail_msg("missing:\n%s\nin:\n%s", part, result->text.p);
}

/* Makes n directories with n_files kept files each and one file that is not kept. */
static struct tree *many_files(size_t n, size_t n_files)
{
    struct tree_builder *builder = tree_builder_create();
    struct node node = {.kind = NODE_FILE, .mode = 0755};
    char path[64];
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n_files; k++) {
            snprintf(path, sizeof path, "/all/d%02zu/f%02zu", i, k);
            tree_builder_add(builder, bytes_of(path), &node, bytes_of(NULL));
        }
        snprintf(path, sizeof path, "/all/d%02zu/not", i);
        tree_builder_add(builder, bytes_of(path), &node, bytes_of(NULL));
    }
    return tree_builder_finish(builder);
}

/* Marks that keep all files except "not" of each directory. */
struct drops {
    char texts[62][40];
    const char *marks[64];
};

static const char *const *keep_but_not(struct drops *drops, size_t n)
{
    drops->marks[0] = "keep /all";
    for (size_t i = 0; i < n; i++) {
        snprintf(drops->texts[i], sizeof drops->texts[i], "drop /all/d%02zu/not", i);
        drops->marks[i + 1] = drops->texts[i];
    }
    drops->marks[n + 1] = NULL;
    return drops->marks;
}

/* Files of one directory share a line, at most 8; a directory kept whole has its own line. */
static void files_of_a_directory_share_a_line(void **state)
{
    (void)state;
    static const struct line lines[] = {
        FILE_("/a/1"), FILE_("/a/2"),   FILE_("/a/3"),   FILE_("/a/4"), FILE_("/a/5"),
        FILE_("/a/6"), FILE_("/a/7"),   FILE_("/a/8"),   FILE_("/a/9"), FILE_("/a/not"),
        FILE_("/b/1"), FILE_("/b/not"), FILE_("/c/d/x"), FILE_("/c/y"),
    };
    struct tree *tree = TREE(BARE, lines);
    RESULT_AUTO struct result result =
        export_it(tree, NULL, MARKS("keep /", "drop /a/not", "drop /b/not"), "{}", FORM("copy"));
    expect_text(&result, "FROM localhost/app:1 AS build\n"
                         "\n"
                         "FROM scratch AS final\n"
                         "COPY --from=build [ \\\n"
                         "    \"/a/1\", \\\n"
                         "    \"/a/2\", \\\n"
                         "    \"/a/3\", \\\n"
                         "    \"/a/4\", \\\n"
                         "    \"/a/5\", \\\n"
                         "    \"/a/6\", \\\n"
                         "    \"/a/7\", \\\n"
                         "    \"/a/8\", \\\n"
                         "    \"/a/\"]\n"
                         "COPY --from=build [\"/a/9\", \"/a/\"]\n"
                         "COPY --from=build [\"/b/1\", \"/b/\"]\n"
                         "COPY --from=build [\"/c/\", \"/c/\"]\n"
                         "\n"
                         "FROM scratch\n"
                         "COPY --from=final / /\n");
    tree_destroy(tree);
}

/* A single line needs no squash: the image has one layer already. */
static void one_line_is_not_squashed(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/1"), FILE_("/not")};
    struct tree *tree = TREE(BARE, lines);
    RESULT_AUTO struct result result = export_it(tree, NULL, MARKS("keep /a"), "{}", FORM("copy"));
    expect_text(&result, "FROM localhost/app:1 AS build\n"
                         "\n"
                         "FROM scratch AS final\n"
                         "COPY --from=build [\"/a/\", \"/a/\"]\n");
    tree_destroy(tree);
}

/* 25 directories of 16 files are 50 lines of 8: the lines become longer instead. BuildKit can fail
 * then, buildah does not. */
static void lines_become_longer_before_they_are_too_many(void **state)
{
    (void)state;
    static const struct {
        enum export_builder builder;
        bool warns;
    } expected[] = {{BUILDER_ANY, true},
                    {BUILDER_BUILDKIT, true},
                    {BUILDER_DOCKER, false},
                    {BUILDER_BUILDAH, false}};
    struct tree *tree = many_files(25, 16);
    struct drops drops;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        RESULT_AUTO struct result result =
            export_it(tree, NULL, keep_but_not(&drops, 25), "{}",
                      FORM("copy", .builder = expected[i].builder, .snippet = true));
        assert_true(result.ok);
        assert_int_equal(count_of(&result, "COPY --from=build"), 25);
        assert_int_equal(result.warnings.n &&
                             strstr(result.warnings.p, "COPY lines with many files"),
                         expected[i].warns);
    }
    tree_destroy(tree);
    /* 20 directories of 16 are 40 lines of 8: within the limit */
    tree = many_files(20, 16);
    RESULT_AUTO struct result few =
        export_it(tree, NULL, keep_but_not(&drops, 20), "{}", FORM("copy", .snippet = true));
    assert_true(few.ok);
    assert_int_equal(count_of(&few, "COPY --from=build"), 40);
    assert_false(few.warnings.n && strstr(few.warnings.p, "COPY lines with many files"));
    tree_destroy(tree);
}

static void more_than_forty_lines_are_refused(void **state)
{
    (void)state;
    struct drops drops;
    struct tree *tree = many_files(41, 1);
    RESULT_AUTO struct result result =
        export_it(tree, NULL, keep_but_not(&drops, 41), "{}", FORM("copy"));
    assert_false(result.ok);
    assert_int_equal(result.err.kind, ERR_NO);
    assert_non_null(strstr(result.err.text, "41 COPY lines needed, builders accept 40"));
    assert_null(strstr(result.err.text, "--form stage")); /* the subject has no shell for it */
    tree_destroy(tree);
}

/* Expansion removes $, quotes and backslashes; a glob character in a source is written as a class
 * of one character; in a target, glob characters are literal. */
static void names_are_escaped(void **state)
{
    (void)state;
    static const struct line lines[] = {
        FILE_("/$d/a b"),     FILE_("/$d/not"), FILE_("/g/x*y"),       FILE_("/g/not"),
        FILE_("/q/'\""),      FILE_("/q/not"),  FILE_("/s/\\"),        FILE_("/s/not"),
        FILE_("/u/\xc3\xa4"), FILE_("/u/not"),  FILE_("/-o/--from=x"), FILE_("/-o/not"),
    };
    struct tree *tree = TREE(BARE, lines);
    RESULT_AUTO struct result result =
        export_it(tree, NULL,
                  MARKS("keep /", "drop /$d/not", "drop /g/not", "drop /q/not", "drop /s/not",
                        "drop /u/not", "drop /-o/not"),
                  "{}", FORM("copy", .builder = BUILDER_BUILDKIT, .snippet = true));
    expect_text(&result, "COPY --from=build [\"/\\\\$d/a b\", \"/\\\\$d/\"]\n"
                         "COPY --from=build [\"/-o/--from=x\", \"/-o/\"]\n"
                         "COPY --from=build [\"/g/x[*]y\", \"/g/\"]\n"
                         "COPY --from=build [\"/q/\\\\'\\\\\\\"\", \"/q/\"]\n"
                         "COPY --from=build [\"/s/\\\\\\\\\", \"/s/\"]\n"
                         "COPY --from=build [\"/u/\xc3\xa4\", \"/u/\"]\n");
    /* a whole directory needs no file names */
    RESULT_AUTO struct result whole =
        export_it(tree, NULL, MARKS("keep /g"), "{}", FORM("copy", .snippet = true));
    expect_text(&whole, "COPY --from=build [\"/g/\", \"/g/\"]\n");
    tree_destroy(tree);
}

/* buildah 1.28 expands globs twice, so that no class helps; JSON cannot contain bytes that are not
 * UTF-8. */
static void names_that_copy_cannot_express_are_refused(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/g/x*y"), FILE_("/g/not"), FILE_("/n/\xff"),
                                        FILE_("/n/not")};
    struct tree *tree = TREE(BARE, lines), *tooled = TREE(TOOLED, lines);
    static const enum export_builder builders[] = {BUILDER_ANY, BUILDER_BUILDAH_128};
    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++) {
        RESULT_AUTO struct result twice = export_it(tree, NULL, MARKS("keep /g", "drop /g/not"),
                                                    "{}", FORM("copy", .builder = builders[i]));
        expect_no(&twice, "/g/x*y", "--form tar");
    }
    RESULT_AUTO struct result bytes =
        export_it(tree, NULL, MARKS("keep /n", "drop /n/not"), "{}", FORM("copy"));
    expect_no(&bytes, "/n/\\xff", "--form tar");
    RESULT_AUTO struct result stage =
        export_it(tooled, NULL, MARKS("keep /n", "drop /n/not"), "{}", FORM("copy"));
    expect_no(&stage, "/n/\\xff", "--form stage");
    RESULT_AUTO struct result whole = export_it(tree, NULL, MARKS("keep /n"), "{}", FORM("copy"));
    assert_true(whole.ok);
    tree_destroy(tree);
    tree_destroy(tooled);
}

/* Without a shell in the base no attribute is repaired after COPY. */
static void what_needs_a_script_is_refused_without_a_shell(void **state)
{
    (void)state;
    static const struct line lines[] = {LINK_("/s/link", "x"),
                                        {.path = "/s/fifo", .kind = NODE_FIFO},
                                        {.path = "/s/null", .kind = NODE_CHAR},
                                        FILE_("/s/plain"),
                                        FILE_("/s/not"),
                                        DIR_("/m/dir", .mode = 0700),
                                        FILE_("/m/dir/x"),
                                        DIR_("/e/empty"),
                                        DIR_("/e/owned", .uid = 3),
                                        FILE_("/m/not")};
    static const char *const refused[][2] = {{"keep /s/link", "/s/link"},
                                             {"keep /s/fifo", "/s/fifo"},
                                             {"keep /s/null", "/s/null"},
                                             {"keep /m/dir", "/m/dir"},
                                             {"keep /e/owned", "/e/owned"}};
    struct tree *tree = TREE(BARE, lines), *bare = make_tree(BARE, NULL, 0);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *const *marks = MARKS("keep /s/plain", refused[i][0]);
        RESULT_AUTO struct result scratch = export_it(tree, NULL, marks, "{}", FORM("copy"));
        expect_no(&scratch, refused[i][1], "--form tar");
        RESULT_AUTO struct result based = export_it(tree, bare, marks, "{}", FORM("copy"));
        expect_no(&based, refused[i][1], "--form tar");
    }
    /* no COPY creates a directory without its files, either */
    RESULT_AUTO struct result alone =
        export_it(tree, NULL, MARKS("keep /s/link"), "{}", FORM("copy"));
    expect_no(&alone, "/s: ", "--form tar");
    /* but COPY of an empty directory creates it */
    RESULT_AUTO struct result empty =
        export_it(tree, NULL, MARKS("keep /e/empty"), "{}", FORM("copy", .snippet = true));
    expect_text(&empty, "COPY --from=build [\"/e/empty/\", \"/e/empty/\"]\n");
    tree_destroy(tree);
    tree_destroy(bare);
}

/* Not every builder allows RUN to make a device: rejected with a shell too. */
static void devices_are_refused(void **state)
{
    (void)state;
    static const struct line lines[] = {{.path = "/d/null", .kind = NODE_CHAR}, FILE_("/d/not")};
    struct tree *tree = TREE(TOOLED, lines), *base = make_tree(TOOLED, NULL, 0);
    RESULT_AUTO struct result result =
        export_it(tree, base, MARKS("keep /d/null"), "{}", FORM("copy"));
    expect_no(&result, "/d/null", "--form stage");
    tree_destroy(tree);
    tree_destroy(base);
}

/* Devices and links below /dev, and /dev itself, are the engine's: left out, and reported. A file
 * there is copied. */
static void devices_of_the_engine_are_left_out(void **state)
{
    (void)state;
    static const struct line lines[] = {{.path = "/dev/null", .kind = NODE_CHAR},
                                        {.path = "/dev/disk/sda", .kind = NODE_BLOCK},
                                        LINK_("/dev/fd", "/proc/self/fd"),
                                        FILE_("/dev/notes"),
                                        FILE_("/dev/not"),
                                        FILE_("/a"),
                                        FILE_("/not")};
    struct tree *tree = TREE(BARE, lines);
    RESULT_AUTO struct result all = export_it(
        tree, NULL, MARKS("keep /a", "keep /dev/null", "keep /dev/disk/sda", "keep /dev/fd"), "{}",
        FORM("copy", .snippet = true));
    expect_text(&all, "COPY --from=build [\"/a\", \"/\"]\n");
    assert_non_null(strstr(all.warnings.p, "3 paths (devices or links) omitted: the engine"));
    RESULT_AUTO struct result notes =
        export_it(tree, NULL, MARKS("keep /dev/notes", "keep /dev/null"), "{}",
                  FORM("copy", .snippet = true));
    expect_text(&notes, "COPY --from=build [\"/dev/notes\", \"/dev/\"]\n");
    tree_destroy(tree);
}

/* The base's shell, as user 0, repairs: directories, links, fifos, further names, then owner, mode,
 * time. */
static void the_script_repairs_what_copy_loses(void **state)
{
    (void)state;
    static const struct line lines[] = {
        DIR_("/w", .mode = 01777),
        FILE_("/w/x"),
        FILE_("/w/not"),
        LINK_("/l/it's", "../w/x"),
        FILE_("/l/not"),
        {.path = "/f/fifo", .kind = NODE_FIFO, .mode = 0620, .uid = 4},
        FILE_("/f/not"),
        FILE_("/h/2", .other = "/w/x"),
        FILE_("/h/not")};
    struct tree *tree = TREE(BARE, lines), *base = make_tree(TOOLED, NULL, 0);
    RESULT_AUTO struct result result =
        export_it(tree, base, MARKS("keep /w/x", "keep /l/it's", "keep /f/fifo", "keep /h/2"), "{}",
                  FORM("copy"));
    expect_part(&result, "FROM localhost/base AS final\n"
                         "COPY --from=build [\"/h/2\", \"/h/\"]\n"
                         "USER 0:0\n"
                         "RUN [\"/bin/sh\", \"-c\", \"set -e; umask 022; ");
    expect_part(&result, "mkfifo -- f/fifo; \\\n");
    expect_part(&result, "ln -sfn -- ../w/x 'l/it'\\\\''s'; \\\n");
    expect_part(&result, "ln -f -- h/2 w/x; \\\n");
    expect_part(&result, "chown 4:0 -- f/fifo; \\\n");
    expect_part(&result, "chmod 1777 -- w; \\\n");
    expect_part(&result, "chmod 0620 -- f/fifo; \\\n");
    expect_part(&result, "touch -h -d @1000 -- 'l/it'\\\\''s'");
    /* one stage, one script, squashed */
    assert_int_equal(count_of(&result, "USER 0:0"), 1);
    assert_int_equal(count_of(&result, "RUN ["), 1);
    expect_part(&result, "\nFROM scratch\nCOPY --from=final / /\n");
    tree_destroy(tree);
    tree_destroy(base);
}

/* Attributes that COPY preserves need no script and no user. */
static void no_script_where_nothing_is_lost(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/1", .mode = 04755, .uid = 5), FILE_("/a/not"),
                                        LINK_("/b/in", "x"), FILE_("/b/x")};
    struct tree *tree = TREE(BARE, lines), *base = make_tree(TOOLED, NULL, 0);
    RESULT_AUTO struct result result =
        export_it(tree, base, MARKS("keep /a/1", "keep /b"), "{}", FORM("copy"));
    assert_true(result.ok);
    assert_int_equal(count_of(&result, "RUN"), 0);
    assert_int_equal(count_of(&result, "USER"), 0);
    /* the cost: directories have the time of the build */
    assert_non_null(
        strstr(result.warnings.p, "directories get the build time as modification time"));
    tree_destroy(tree);
    tree_destroy(base);
}

/* Obstacles are removed before the first COPY; the script after the COPY lines is a second RUN. */
static void conflicts_are_removed_first(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/opt/f/x"), FILE_("/opt/g"), LINK_("/lib", "opt"),
                                        FILE_("/not")};
    static const struct line based[] = {FILE_("/opt/f"), FILE_("/opt/g/below"), FILE_("/lib")};
    struct tree *tree = TREE(BARE, lines), *base = TREE(TOOLED, based);
    RESULT_AUTO struct result result =
        export_it(tree, base, MARKS("keep /opt", "keep /lib"), "{}", FORM("copy"));
    expect_part(&result, "rm -rf -- lib opt/f opt/g\"]\nCOPY --from=build");
    expect_part(&result, "ln -sfn -- opt lib; \\\n");
    const char *removal = strstr(result.text.p, "rm -rf"), *link = strstr(result.text.p, "ln -sfn");
    assert_true(removal < strstr(result.text.p, "COPY --from=build") && removal < link);
    assert_int_equal(count_of(&result, "USER 0:0"), 1);
    tree_destroy(tree);
    tree_destroy(base);
}

/* A map rule that renames a file needs the whole target; a rule for its directory does not. */
static void renamed_files_have_a_line_each(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/in/a*"), FILE_("/in/b"), FILE_("/in/c"),
                                        FILE_("/in/not")};
    struct map_rule items[] = {{bytes_of("/in"), bytes_of("/out")},
                               {bytes_of("/in/a*"), bytes_of("/out/new*")}};
    struct map_rules rules = {.items = items, .n = 2};
    struct tree *tree = TREE(BARE, lines);
    rules_now = &rules;
    RESULT_AUTO struct result result =
        export_it(tree, NULL, MARKS("keep /in", "drop /in/not"), "{}",
                  FORM("copy", .builder = BUILDER_BUILDKIT, .snippet = true));
    rules_now = NULL;
    expect_text(&result, "COPY --from=build [\"/in/a[*]\", \"/out/new*\"]\n"
                         "COPY --from=build [ \\\n"
                         "    \"/in/b\", \\\n"
                         "    \"/in/c\", \\\n"
                         "    \"/out/\"]\n");
    tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_a_directory_share_a_line),
        cmocka_unit_test(one_line_is_not_squashed),
        cmocka_unit_test(lines_become_longer_before_they_are_too_many),
        cmocka_unit_test(more_than_forty_lines_are_refused),
        cmocka_unit_test(names_are_escaped),
        cmocka_unit_test(names_that_copy_cannot_express_are_refused),
        cmocka_unit_test(what_needs_a_script_is_refused_without_a_shell),
        cmocka_unit_test(devices_are_refused),
        cmocka_unit_test(devices_of_the_engine_are_left_out),
        cmocka_unit_test(the_script_repairs_what_copy_loses),
        cmocka_unit_test(no_script_where_nothing_is_lost),
        cmocka_unit_test(conflicts_are_removed_first),
        cmocka_unit_test(renamed_files_have_a_line_each),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
