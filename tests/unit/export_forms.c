/* SPDX-License-Identifier: MIT
 * Whole Dockerfiles from small trees, compared with text written by hand from the measured
 * behaviour of builders; and trees that a form rejects. */
#include "export_fixture.h"

static const struct line app[] = {
    FILE_("/app/one.py"), FILE_("/app/two words.py"), FILE_("/app/lib/a"),
    FILE_("/app/lib/b"),  LINK_("/app/now", "lib/a"), DIR_("/var/tmp", .mode = 01777),
    FILE_("/app/unused"), FILE_("/var/unused"),
};

#define SH                                                                                         \
    "set -e; umask 022; PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; "

static void stage_gathers_with_cp(void **state)
{
    (void)state;
    struct tree *tree = TREE(TOOLED, app), *base = make_tree(TOOLED, NULL, 0);
    RESULT_AUTO struct result result = export_it(
        tree, base, MARKS("keep /app", "drop /app/unused", "keep /var/tmp"), "{}", FORM(NULL));
    assert_string_equal(result.used->name, "stage");
    expect_text(&result,
                "FROM localhost/app:1 AS build\n"
                "USER 0:0\n"
                "WORKDIR /\n"
                "RUN [\"/bin/sh\", \"-c\", \"" SH "cd /; \\\n"
                "mkdir -- .xsmall; \\\n"
                "cd /.xsmall; \\\n"
                "mkdir -p -- app var/tmp; \\\n"
                "cd /; \\\n"
                "cp -a --parents -- app/lib app/now app/one.py 'app/two words.py' /.xsmall; \\\n"
                "cd /.xsmall; \\\n"
                "chown 0:0 -- var/tmp; \\\n"
                "chmod 1777 -- var/tmp; \\\n"
                "touch -d @0 -- var app; \\\n"
                "touch -d @1000 -- var/tmp\"]\n"
                "\n"
                "FROM localhost/base AS final\n"
                "COPY --from=build /.xsmall/ /\n"
                "\n"
                "FROM scratch\n"
                "COPY --from=final / /\n");
    tree_destroy(tree);
    tree_destroy(base);
}

static void what_an_engine_mounts_is_not_gathered(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/etc/hosts"), FILE_("/etc/passwd"), DIR_("/proc"),
                                        DIR_("/.xsmall"), FILE_("/skip")};
    struct tree *tree = TREE(TOOLED, lines);
    RESULT_AUTO struct result result =
        export_it(tree, NULL, MARKS("keep /etc", "keep /proc"), "{}", FORM("stage"));
    assert_true(result.ok);
    assert_non_null(strstr(result.text.p, "COPY --from=build [\"/etc/hosts\", \"/etc/\"]\n"
                                          "COPY --from=build /.xsmall1/ /\n"));
    assert_non_null(strstr(result.text.p, "cp -a --parents -- etc/passwd /.xsmall1;"));
    assert_non_null(strstr(result.text.p, "mkdir -p -- etc proc;"));
    tree_destroy(tree);
}

static void hard_links_stay_in_one_command(void **state)
{
    (void)state;
    static const struct line lines[] = {
        FILE_("/a/1"), FILE_("/a/x"), FILE_("/b/2", .other = "/a/1"), FILE_("/b/y"), FILE_("/c/3")};
    struct tree *tree = TREE(TOOLED, lines), *base = make_tree(TOOLED, NULL, 0);
    const char *const *marks = MARKS("keep /a/1", "keep /b", "keep /c/3");
    RESULT_AUTO struct result stage = export_it(tree, NULL, marks, "{}", FORM("stage"));
    assert_true(stage.ok);
    assert_non_null(strstr(stage.text.p, "cp -a --parents -- c /.xsmall; \\\n"
                                         "cp -a --parents -- a/1 b /.xsmall; \\\n"));
    RESULT_AUTO struct result copy = export_it(tree, base, marks, "{}", FORM("copy"));
    assert_true(copy.ok);
    assert_non_null(strstr(copy.text.p, "ln -f -- a/1 b/2;"));
    /* without a shell they become two files, and a warning reports it */
    RESULT_AUTO struct result bare = export_it(tree, NULL, marks, "{}", FORM("copy"));
    assert_true(bare.ok);
    assert_non_null(strstr(bare.warnings.p, "/b/2: hard links"));
    assert_non_null(strstr(bare.text.p, "# /b/2: hard links"));
    tree_destroy(tree);
    tree_destroy(base);
}

/* COPY copies all of b; ln changes the time of its directory to the time of the build. */
static void a_directory_linked_into_gets_its_time(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/1"), FILE_("/a/x"),
                                        FILE_("/b/in/2", .other = "/a/1"), FILE_("/b/on/3")};
    struct tree *tree = TREE(TOOLED, lines), *base = make_tree(TOOLED, NULL, 0);
    RESULT_AUTO struct result copy =
        export_it(tree, base, MARKS("keep /a/1", "keep /b"), "{}", FORM("copy"));
    assert_true(copy.ok);
    assert_non_null(strstr(copy.text.p, "ln -f -- a/1 b/in/2; \\\n"
                                        "touch -d @0 -- b/in b a\"]"));
    tree_destroy(tree);
    tree_destroy(base);
}

static void copy_by_directory_and_repairs(void **state)
{
    (void)state;
    struct tree *tree = TREE(TOOLED, app), *base = make_tree(TOOLED, NULL, 0);
    const char *const *marks = MARKS("keep /app", "drop /app/unused", "keep /var/tmp");
    RESULT_AUTO struct result result = export_it(tree, base, marks, "{}", FORM("copy"));
    expect_text(&result, "FROM localhost/app:1 AS build\n"
                         "\n"
                         "FROM localhost/base AS final\n"
                         "COPY --from=build [ \\\n"
                         "    \"/app/one.py\", \\\n"
                         "    \"/app/two words.py\", \\\n"
                         "    \"/app/\"]\n"
                         "COPY --from=build [\"/app/lib/\", \"/app/lib/\"]\n"
                         "USER 0:0\n"
                         "RUN [\"/bin/sh\", \"-c\", \"" SH "cd /; \\\n"
                         "ln -sfn -- lib/a app/now; \\\n"
                         "mkdir -p -- var/tmp; \\\n"
                         "chown 0:0 -- var/tmp; \\\n"
                         "chmod 1777 -- var/tmp; \\\n"
                         "touch -d @0 -- var app/lib app; \\\n"
                         "touch -d @1000 -- var/tmp; \\\n"
                         "touch -h -d @1000 -- app/now\"]\n"
                         "\n"
                         "FROM scratch\n"
                         "COPY --from=final / /\n");
    /* without a base's shell a link cannot be copied, and neither can the sticky directory */
    RESULT_AUTO struct result link = export_it(tree, NULL, marks, "{}", FORM("copy"));
    expect_no(&link, "/app/now", "--form stage");
    RESULT_AUTO struct result sticky =
        export_it(tree, NULL, MARKS("keep /var/tmp"), "{}", FORM("copy"));
    expect_no(&sticky, "/var/tmp", "--form stage");
    /* a link inside a directory that is kept whole needs no script */
    RESULT_AUTO struct result whole = export_it(tree, NULL, MARKS("keep /app"), "{}",
                                                FORM("copy", .snippet = true, .stage = "src"));
    expect_text(&whole, "COPY --from=src [\"/app/\", \"/app/\"]\n");
    RESULT_AUTO struct result all = export_it(tree, NULL, MARKS("keep /"), "{}", FORM("copy"));
    expect_text(&all,
                "FROM localhost/app:1 AS build\n\nFROM scratch AS final\nCOPY --from=build / /\n");
    tree_destroy(tree);
    tree_destroy(base);
}

static void forty_lines_and_no_more(void **state)
{
    (void)state;
    for (int n = 40; n <= 41; n++) {
        struct line lines[82];
        char paths[82][24];
        for (int i = 0; i < n; i++) {
            snprintf(paths[2 * i], sizeof *paths, "/d%02d/kept", i);
            snprintf(paths[2 * i + 1], sizeof *paths, "/d%02d/not", i);
            lines[2 * i] = (struct line)FILE_(paths[2 * i]);
            lines[2 * i + 1] = (struct line)FILE_(paths[2 * i + 1]);
        }
        const char *marks[64];
        char texts[64][32];
        int k;
        for (k = 0; k < n; k++) {
            snprintf(texts[k], sizeof *texts, "keep %.20s", paths[2 * k]);
            marks[k] = texts[k];
        }
        marks[k] = NULL;
        struct tree *tree = make_tree(TOOLED, lines, 2 * (size_t)n);
        RESULT_AUTO struct result result = export_it(tree, NULL, marks, "{}", FORM("copy"));
        assert_int_equal(result.ok, n == 40);
        if (n == 41)
            expect_no(&result, "41 COPY lines", "--form stage");
        tree_destroy(tree);
    }
}

static void what_is_in_the_way_is_removed(void **state)
{
    (void)state;
    static const struct line subject[] = {FILE_("/lib/x"), FILE_("/opt/f"), FILE_("/srv/keep/y")};
    static const struct line other[] = {LINK_("/lib", "usr/lib"), FILE_("/opt/f/below"),
                                        FILE_("/usr/lib/z")};
    struct tree *tree = TREE(BARE, subject), *base = TREE(TOOLED, other), *bare = TREE(BARE, other);
    const char *const *marks = MARKS("keep /lib", "keep /opt/f");
    RESULT_AUTO struct result result = export_it(tree, base, marks, "{}", FORM(NULL));
    assert_string_equal(result.used->name, "copy");
    assert_true(result.ok);
    assert_non_null(strstr(result.text.p,
                           "FROM localhost/base AS final\nUSER 0:0\nRUN [\"/bin/sh\", \"-c\", \"" SH
                           "cd /; \\\nrm -rf -- lib opt/f\"]\nCOPY "));
    RESULT_AUTO struct result refused = export_it(tree, bare, marks, "{}", FORM("copy"));
    expect_no(&refused, "/lib", "--form image");
    tree_destroy(tree);
    tree_destroy(base);
    tree_destroy(bare);
}

static void config_is_said_again(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/b"), FILE_("/c")};
    struct tree *tree = TREE(BARE, lines), *base = make_tree(BARE, NULL, 0);
    const char *config =
        "{\"config\":{\"Env\":[\"PATH=/bin\",\"A=a $b \\\"c\\\"\",\"N=x\\ny\"],"
        "\"Labels\":{\"k\":\"it's\"},\"ExposedPorts\":{\"80/tcp\":{}},\"Volumes\":{\"/v $x\":{}},"
        "\"StopSignal\":\"SIGINT\",\"Shell\":[\"/bin/ash\",\"-c\"],"
        "\"Healthcheck\":{\"Test\":[\"CMD\",\"/a/"
        "b\",\"$x\"],\"Interval\":30000000000,\"Timeout\":1500000000,\"Retries\":2},"
        "\"OnBuild\":[\"RUN echo $x\"],\"WorkingDir\":\"/a b\",\"User\":\"1000\","
        "\"Entrypoint\":[\"/a/b\"],\"Cmd\":[\"/bin/sh\",\"-c\",\"x <<y\\nz\"]}}";
    RESULT_AUTO struct result result =
        export_it(tree, NULL, MARKS("keep /a"), config, FORM("copy"));
    expect_text(&result,
                "FROM localhost/app:1 AS build\n"
                "\n"
                "FROM scratch AS final\n"
                "COPY --from=build [\"/a/\", \"/a/\"]\n"
                "ENV PATH=/bin\n"
                "ENV A=\"a \\$b \\\"c\\\"\"\n"
                "LABEL k=\"it's\"\n"
                "EXPOSE 80/tcp\n"
                "VOLUME [\"/v \\\\$x\"]\n"
                "STOPSIGNAL SIGINT\n"
                "SHELL [\"/bin/ash\", \"-c\"]\n"
                "HEALTHCHECK --interval=30s --timeout=1500ms --retries=2 CMD [\"/a/b\", \"$x\"]\n"
                "ONBUILD RUN echo $x\n"
                "WORKDIR \"/a b\"\n"
                "USER 1000\n"
                "ENTRYPOINT [\"/a/b\"]\n"
                "CMD [\"/bin/sh\", \"-c\", \"x \\u003c\\u003cy\\u000az\"]\n");
    assert_non_null(strstr(result.warnings.p, "ENV N: "));
    assert_non_null(strstr(result.warnings.p, "ONBUILD"));
    assert_non_null(strstr(result.text.p, "--format docker"));
    RESULT_AUTO struct result inherited =
        export_it(tree, base, MARKS("keep /a"), "{\"config\":{\"Cmd\":[\"x\"]}}",
                  FORM("copy", .no_squash = true));
    expect_text(&inherited, "FROM localhost/app:1 AS build\n"
                            "\n"
                            "FROM localhost/base AS final\n"
                            "COPY --from=build [\"/a/\", \"/a/\"]\n"
                            "ENTRYPOINT []\n"
                            "CMD [\"x\"]\n");
    tree_destroy(tree);
    tree_destroy(base);
}

/* The classic builder's RUN mounts another directory over a volume. */
static void a_volume_in_a_whole_directory_gets_its_time(void **state)
{
    (void)state;
    static const struct line lines[] = {DIR_("/a"), DIR_("/a/in/volume"), FILE_("/a/in/volume/x"),
                                        FILE_("/not")};
    struct tree *tree = TREE(TOOLED, lines);
    RESULT_AUTO struct result result =
        export_it(tree, NULL, MARKS("keep /a"),
                  "{\"config\":{\"Volumes\":{\"/a/in/volume\":{}, \"/none\":{}}}}", FORM("stage"));
    assert_true(result.ok);
    assert_non_null(strstr(result.text.p, "cp -a --parents -- a /.xsmall; \\\n"
                                          "cd /.xsmall; \\\n"
                                          "touch -d @1000 -- a/in/volume\"]\n"));
    tree_destroy(tree);
}

/* HEALTHCHECK --start-interval: an older BuildKit (before 0.12), docker (before 25) and buildah
 * (before 1.36) reject the whole Dockerfile. */
static void start_interval_by_builder(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a"), FILE_("/not")};
    static const char config[] =
        "{\"config\":{\"Healthcheck\":{\"Test\":[\"CMD\",\"/a\"],\"Interval\":30000000000,"
        "\"StartInterval\":2000000000,\"Retries\":2},\"Cmd\":[\"/a\"]}}";
    struct tree *tree = TREE(BARE, lines);
    for (enum export_builder builder = BUILDER_ANY; builder < N_BUILDERS; builder++) {
        bool knows = builder == BUILDER_BUILDAH;
        RESULT_AUTO struct result result =
            export_it(tree, NULL, MARKS("keep /a"), config, FORM("copy", .builder = builder));
        assert_true(result.ok);
        assert_non_null(
            strstr(result.text.p,
                   knows ? "\nHEALTHCHECK --interval=30s --start-interval=2s --retries=2 CMD"
                         : "\nHEALTHCHECK --interval=30s --retries=2 CMD"));
        if (!knows) {
            assert_non_null(strstr(result.text.p, "# HEALTHCHECK --start-interval=2s: omitted"));
            assert_non_null(strstr(result.warnings.p, "HEALTHCHECK --start-interval=2s: omitted"));
        }
    }
    tree_destroy(tree);
}

/* The config names a program that exists but cannot start, and a directory that cannot exist. */
static void what_the_config_names(void **state)
{
    (void)state;
    static const struct line lines[] = {
        FILE_("/bin/x", .mode = 0644), DIR_("/bin/d"),     FILE_("/app", .mode = 0644),
        LINK_("/to", "gone"),          LINK_("/l", "app"), FILE_("/not")};
    static const struct {
        const char *config, *warning;
    } warned[] = {
        {"\"Entrypoint\":[\"/bin/x\"]",
         "Entrypoint: /bin/x is in the slim image, but is not executable"},
        {"\"Env\":[\"PATH=/no:/bin\"],\"Cmd\":[\"x\"]",
         "Cmd: x is in the slim image, but is not executable"},
        {"\"Cmd\":[\"/bin/d\"]", "Cmd: /bin/d is a directory in the slim image, not a program"},
        {"\"Cmd\":[\"/bin/y\"]", "Cmd: /bin/y is not found through PATH in the slim image"},
        {"\"WorkingDir\":\"/w/x\"",
         "WorkingDir: /w/x is not a directory in the slim image; the engine"},
    };
    static const char *const refused[] = {"app/x", "/app", "/l/x", "/bin/x/y/z"};
    struct tree *tree = TREE(BARE, lines);
    for (size_t i = 0; i < sizeof warned / sizeof *warned; i++) {
        BUF_AUTO struct buf config = {0};
        buf_printf(&config, "{\"config\":{%s}}", warned[i].config);
        RESULT_AUTO struct result result =
            export_it(tree, NULL, MARKS("keep /", "drop /not"), config.p, FORM("tar"));
        assert_true(result.ok);
        if (!strstr(result.warnings.p, warned[i].warning))
            fail_msg("%s: %s", warned[i].warning, result.warnings.p);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        BUF_AUTO struct buf config = {0};
        buf_printf(&config, "{\"config\":{\"WorkingDir\":\"%s\"}}", refused[i]);
        RESULT_AUTO struct result result =
            export_it(tree, NULL, MARKS("keep /", "drop /not"), config.p, FORM("tar"));
        expect_no(&result, "WorkingDir: ", "is not a directory in the slim image");
    }
    tree_destroy(tree);
}

/* Measured: the effect of each builder on a fifo and a device in a directory (all_buildkit.sh). */
static void fifos_and_devices_by_builder(void **state)
{
    (void)state;
    static const struct line lines[] = {{.path = "/a/fifo", .kind = NODE_FIFO},
                                        {.path = "/d/null", .kind = NODE_CHAR},
                                        FILE_("/a/not"),
                                        FILE_("/d/not")};
    static const struct {
        enum export_builder builder;
        bool copies, makes;
    } expected[] = {{BUILDER_ANY, false, false},
                    {BUILDER_BUILDKIT, false, true},
                    {BUILDER_DOCKER, true, true},
                    {BUILDER_BUILDAH_128, true, false},
                    {BUILDER_BUILDAH, true, false}};
    struct tree *tree = TREE(TOOLED, lines), *base = make_tree(TOOLED, NULL, 0);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        enum export_builder builder = expected[i].builder;
        const char *const *fifo = MARKS("keep /a/fifo"), *const *both =
                                                             MARKS("keep /a/fifo", "keep /d/null");
        RESULT_AUTO struct result stage =
            export_it(tree, NULL, fifo, "{}", FORM("stage", .builder = builder));
        assert_true(stage.ok);
        assert_int_equal(stage.warnings.n == 0, expected[i].copies);
        RESULT_AUTO struct result made =
            export_it(tree, NULL, both, "{}", FORM("stage", .builder = builder));
        assert_int_equal(made.ok, expected[i].makes);
        if (!made.ok)
            expect_no(&made, "/d/null", "--form tar");
        else if (!expected[i].copies)
            assert_non_null(strstr(made.text.p, "# /d/null: BuildKit's COPY replaces devices "));
        /* ADD copies both; the squash is a COPY again */
        RESULT_AUTO struct result added =
            export_it(tree, NULL, both, "{}", FORM("tar", .builder = builder));
        assert_int_equal(added.warnings.n, 0);
        RESULT_AUTO struct result squashed =
            export_it(tree, base, both, "{}", FORM("tar", .builder = builder));
        assert_int_equal(squashed.warnings.n == 0, expected[i].copies);
        RESULT_AUTO struct result layered =
            export_it(tree, base, both, "{}", FORM("tar", .builder = builder, .no_squash = true));
        assert_int_equal(layered.warnings.n, 0);
    }
    tree_destroy(tree);
    tree_destroy(base);
}

static void the_form_that_loses_nothing_is_proposed(void **state)
{
    (void)state;
    static const struct line lines[] = {{.path = "/a/fifo", .kind = NODE_FIFO}, FILE_("/a/not")};
    static const struct {
        enum export_builder builder;
        bool with_files;
        const char *form;
    } expected[] = {{BUILDER_BUILDKIT, true, "tar"},
                    {BUILDER_BUILDKIT, false, "stage"},
                    {BUILDER_DOCKER, true, "stage"},
                    {BUILDER_BUILDAH, true, "stage"}};
    struct tree *tree = TREE(TOOLED, lines);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        RESULT_AUTO struct result result = export_it(
            tree, NULL, MARKS("keep /a/fifo"), "{}",
            FORM(NULL, .builder = expected[i].builder, .with_files = expected[i].with_files));
        assert_true(result.ok);
        assert_string_equal(result.used->name, expected[i].form);
    }
    tree_destroy(tree);
}

static void expect_starts(const struct result *result, const char *const *starts, size_t n)
{
    for (const char *p = result->text.p; *p; p = strchr(p, '\n') + 1) {
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known = known || !strncmp(p, starts[i], strlen(starts[i]));
        if (!known)
            fail_msg("an unexpected line: %.40s", p);
    }
}

static void nothing_hostile_gets_out(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a\nFROM evil\n#/x"),
                                        LINK_("/l", "\n# escape=`"),
                                        FILE_("/\xff"),
                                        {.path = "/f\nRUN x", .kind = NODE_FIFO},
                                        FILE_("/z"),
                                        FILE_("/bin/xargs")};
    static const struct line odd[] = {FILE_("/a\nb"), FILE_("/z")};
    struct tree *no_xargs = TREE(TOOLED, odd);
    RESULT_AUTO struct result refused =
        export_it(no_xargs, NULL, MARKS("keep /a\nb"), "{}", FORM("stage"));
    expect_no(&refused, "/a\\nb: ", "xargs");
    tree_destroy(no_xargs);
    struct tree *tree = TREE(TOOLED, lines), *base = make_tree(TOOLED, NULL, 0);
    static const char *const starts[] = {"#",
                                         "FROM localhost/",
                                         "FROM scratch\n",
                                         "USER 0:0\n",
                                         "WORKDIR /\n",
                                         "RUN [",
                                         "COPY --from=",
                                         "\n",
                                         "    \"",
                                         "cd ",
                                         "mkdir ",
                                         "printf ",
                                         "cp -a ",
                                         "touch ",
                                         "chmod ",
                                         "chown ",
                                         "ln ",
                                         "mkfifo ",
                                         "ADD rootfs.tar /\n"};
    static const char *const forms[] = {"stage", "tar", "copy"};
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        RESULT_AUTO struct result result =
            export_it(tree, base,
                      !strcmp(forms[k], "copy") ? MARKS("keep /", "drop /z", "drop /\xff")
                                                : MARKS("keep /", "drop /z"),
                      "{\"config\":{\"Labels\":{\"a\\nFROM evil\":\"x\"}}}", FORM(forms[k]));
        if (!result.ok)
            fail_msg("%s", result.err.text);
        expect_starts(&result, starts, sizeof starts / sizeof *starts);
    }
    tree_destroy(tree);
    tree_destroy(base);
}

/* A name that FROM or --from would parse as more than a name. */
static void names_that_from_cannot_take_are_refused(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/b"), FILE_("/z")};
    struct tree *tree = TREE(BARE, lines);
    static const char *const names[] = {"", "a b", "-x", "a\nb", "$x", "scratch", "a\xff"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct export_request request =
            FORM("copy", .subject_name = bytes_from(names[i], strlen(names[i])));
        if (!names[i][0])
            request.stage = "a b";
        RESULT_AUTO struct result result = export_it(tree, NULL, MARKS("keep /z"), "{}", request);
        assert_false(result.ok);
        assert_int_equal(result.err.kind, ERR_FAILED);
    }
    tree_destroy(tree);
}

static void the_list_is_sorted_as_sort_has_it(void **state)
{
    (void)state;
    static const struct line lines[] = {FILE_("/a/c"), FILE_("/a-b"), FILE_("/a/b/d"),
                                        FILE_("/none")};
    struct tree *tree = TREE(BARE, lines);
    RESULT_AUTO struct result result =
        export_it(tree, NULL, MARKS("keep /a", "keep /a-b"), "{}", FORM("list"));
    assert_string_equal(result.text.p, "/\n/a\n/a-b\n/a/b\n/a/b/d\n/a/c\n");
    const struct export_form *form;
    assert_true(export_form_find("copy", &form));
    assert_string_equal(form->name, "copy");
    assert_true(export_form_find("auto", &form));
    assert_null(form);
    assert_false(export_form_find("tarball", &form));
    tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stage_gathers_with_cp),
        cmocka_unit_test(what_an_engine_mounts_is_not_gathered),
        cmocka_unit_test(hard_links_stay_in_one_command),
        cmocka_unit_test(a_directory_linked_into_gets_its_time),
        cmocka_unit_test(copy_by_directory_and_repairs),
        cmocka_unit_test(forty_lines_and_no_more),
        cmocka_unit_test(what_is_in_the_way_is_removed),
        cmocka_unit_test(config_is_said_again),
        cmocka_unit_test(a_volume_in_a_whole_directory_gets_its_time),
        cmocka_unit_test(fifos_and_devices_by_builder),
        cmocka_unit_test(start_interval_by_builder),
        cmocka_unit_test(what_the_config_names),
        cmocka_unit_test(the_form_that_loses_nothing_is_proposed),
        cmocka_unit_test(nothing_hostile_gets_out),
        cmocka_unit_test(names_that_from_cannot_take_are_refused),
        cmocka_unit_test(the_list_is_sorted_as_sort_has_it),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
