/* SPDX-License-Identifier: MIT
 * Breaks: the accesses of a log replayed on the base and the kept files. The real loader loads logs
 * of strace text; the accesses that must fail, and the reasons, are worked out by hand from
 * semantics.md (Needed, kept, base) and path_resolution(7). */
#include "keep_tree.h"

#include "db/loading.h"
#include "keep/breaks.h"
#include "trace/trace.h"

/* A session with logs, and the breaks of one kept tree. */
struct world {
    struct case_ c;
    struct db *db;
    struct corpus *corpus;
    struct accesses *accesses;
    struct corpus_reader *reader;
    struct line_paths *line_paths;
    struct chain *chain;
    struct breaks *breaks;
};

static char dir[64], session[96];

static void must(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static void load_log(struct db *db, const char *name, const char *role, const char *text)
{
    struct err err = {0};
    struct progress progress = {0};
    struct trace_result result;
    char path[128];
    const char *operands[] = {path};
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
    struct trace_request request = {
        .operands = operands, .n_operands = 1, .role = role, .cwd = "/", .run = name};
    must(loading_begin(db, &request.load, &err), &err);
    must(trace_load(db, &request, &progress, &result, &err), &err);
    must(loading_finish(db, request.load, &err), &err);
}

/* check: the log of a check run, or NULL. pipeline: the filter chain. */
static void open_world(struct world *w, const char *log, const char *check, const char *pipeline)
{
    struct err err = {0};
    must(db_open(session, DB_CREATE, &w->db, &err), &err);
    load_log(w->db, "t", "evidence", log);
    if (check)
        load_log(w->db, "check", "check", check);
    must(corpus_read(w->db, &w->corpus, &err), &err);
    must(accesses_read(w->db, w->corpus, &w->accesses, &err), &err);
    must(corpus_reader_create(w->db, w->corpus, &w->reader, &err), &err);
    w->line_paths = line_paths_create(w->corpus, w->accesses, w->c.tree);
    must(chain_read(w->db, &w->chain, &err), &err);
    must(chain_from_pipeline(w->chain, bytes_of(pipeline), NULL, &err), &err);
    chain_set_line_paths(w->chain, w->line_paths);
    must(chain_bind(w->chain, w->corpus, w->db, &err), &err);
    must(chain_settle(w->chain, w->db, NULL, &err), &err);
}

static struct keep_input world_input(struct world *w)
{
    struct keep_input input = input_of(&w->c);
    input.db = w->db;
    input.corpus = w->corpus;
    input.accesses = w->accesses;
    input.reader = w->reader;
    input.line_paths = w->line_paths;
    input.survivors = chain_survivors(w->chain);
    return input;
}

static void replay(struct world *w)
{
    struct err err = {0};
    struct keep_input input = world_input(w);
    keep_destroy(w->c.keep);
    breaks_destroy(w->breaks);
    must(keep_compute(&input, &w->c.keep, &err), &err);
    must(breaks_compute(&input, w->c.keep, &w->breaks, &err), &err);
}

static void close_world(struct world *w)
{
    breaks_destroy(w->breaks);
    chain_destroy(w->chain);
    line_paths_destroy(w->line_paths);
    corpus_reader_destroy(w->reader);
    accesses_destroy(w->accesses);
    corpus_destroy(w->corpus);
    finish(&w->c);
    db_close(w->db);
    assert_int_equal(unlink(session), 0);
}

/* Returns all breaks: "KIND PATH TIMES", one per line. */
static void expect_breaks(struct world *w, const char *expected)
{
    BUF_AUTO struct buf out = {0};
    for (size_t i = 0; i < w->breaks->n; i++) {
        const struct break_row *row = &w->breaks->rows[i];
        buf_printf(&out, "%s ", break_kind_name(row->kind));
        buf_add(&out, row->path);
        buf_printf(&out, " %u\n", row->n);
    }
    assert_string_equal(out.p ? out.p : "", expected);
}

/* Checks what a break's message names. */
static void expect_words(struct world *w, size_t i, const char *words)
{
    BUF_AUTO struct buf out = {0};
    struct keep_input input = world_input(w);
    breaks_print(w->breaks, i, &input, w->c.keep, w->chain, &out);
    if (!out.p || !strstr(out.p, words))
        fail_msg("\"%s\" does not name \"%s\"", out.p ? out.p : "", words);
}

/* Returns the paths that keep marks would have to add, each followed by a space. */
static void expect_nodes(struct world *w, enum break_kind kind, const char *expected)
{
    BUF_AUTO struct buf out = {0};
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    breaks_nodes(w->breaks, w->c.tree, kind, &nodes, &n);
    for (size_t i = 0; i < n; i++) {
        tree_path(w->c.tree, nodes[i], &out);
        buf_byte(&out, ' ');
    }
    assert_string_equal(out.p ? out.p : "", expected);
}

static const char APP_LOG[] = "execve(\"/bin/app\", [\"app\"], 0x7f /* 1 var */) = 0\n"
                              "openat(AT_FDCWD, \"/lib/libz.so\", O_RDONLY) = 3\n"
                              "openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = 4\n"
                              "openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = 5\n"
                              "chdir(\"/data/in\")                       = 0\n"
                              "lstat(\"/etc/alias\", {st_mode=S_IFLNK|0777, st_size=4, ...}) = 0\n"
                              "stat(\"/etc/dir\", {st_mode=S_IFDIR|0755, st_size=6, ...}) = 0\n"
                              "openat(AT_FDCWD, \"/proc/self/maps\", O_RDONLY) = 6\n"
                              "openat(AT_FDCWD, \"/etc/none\", O_RDONLY) = -1 ENOENT (No such file "
                              "or directory)\n"
                              "+++ exited with 0 +++\n";

static const struct line app_lines[] = {
    {.path = "/bin/app", .kind = 'F', .size = 9, .tag = 1},
    {.path = "/lib", .kind = 'L', .link = "usr/lib"},
    {.path = "/usr/lib/libz.so", .kind = 'L', .link = "libz.so.1"},
    {.path = "/usr/lib/libz.so.1", .kind = 'F', .size = 8, .tag = 2},
    {.path = "/etc/conf", .kind = 'F', .size = 7, .tag = 3},
    {.path = "/etc/alias", .kind = 'L', .link = "conf"},
    {.path = "/etc/dir", .kind = 'D'},
    {.path = "/etc/never", .kind = 'F', .size = 6, .tag = 4},
    {.path = "/proc/self/maps", .kind = 'F'},
    {.path = "/data/in", .kind = 'D'},
    {.path = "/data/in/x", .kind = 'F', .size = 5, .tag = 5}};

static void nothing_breaks_when_all_is_kept(void **state)
{
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    open_world(&w, APP_LOG, NULL, "");
    replay(&w);
    expect_breaks(&w, "");
    assert_int_equal(breaks_standing(w.breaks), 0);
    close_world(&w);
}

/* Each kind of access that succeeded, with its file hidden by a stage. /proc is not replayed; a
 * failed access is not a break. */
static void a_hidden_line_is_a_missing_file(void **state)
{
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    open_world(&w, APP_LOG, NULL, "grep -v /etc | grep -v /data | grep -v /bin/app | grep -v proc");
    replay(&w);
    expect_breaks(&w, "missing /bin/app 1\n"
                      "missing /data/in 1\n"
                      "missing /etc/alias 1\n"
                      "missing /etc/conf 2\n"
                      "missing /etc/dir 1\n");
    assert_int_equal(breaks_standing(w.breaks), 5);
    expect_words(&w, 0, "hidden by stage 3: grep -v '/bin/app', ");
    expect_words(&w, 0, "t:1");
    expect_words(&w, 1, "hidden by stage 2: grep -v '/data', ");
    expect_words(&w, 1, "t:5");
    expect_words(&w, 3, "hidden by stage 1: grep -v '/etc', "); /* the first of two accesses */
    expect_words(&w, 3, "t:3");
    expect_nodes(&w, N_BREAK_KINDS, "/bin/app /data/in /etc/alias /etc/conf /etc/dir ");
    expect_nodes(&w, BREAK_OTHER, "");
    close_world(&w);
}

static void a_drop_mark_is_named(void **state)
{
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    open_world(&w, APP_LOG, NULL, "");
    mark(&w.c, "/data", MARK_DROP);
    mark(&w.c, "/etc/conf", MARK_DROP);
    replay(&w);
    expect_breaks(&w, "missing /data/in 1\nmissing /etc/conf 2\n");
    expect_words(&w, 0, "marked drop by the mark on /data, ");
    expect_words(&w, 1, "marked drop, ");
    expect_words(&w, 1, "t:3");
    close_world(&w);
}

/* The file is kept, a link in its path is not: a keep mark must add both. */
static void a_link_on_the_way_is_missing(void **state)
{
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    open_world(&w, APP_LOG, NULL, "");
    mark(&w.c, "/lib", MARK_DROP);
    replay(&w);
    assert_true(at(&w.c, "/usr/lib/libz.so.1")->kept && at(&w.c, "/usr/lib/libz.so")->kept);
    expect_breaks(&w, "missing /usr/lib/libz.so.1 1\n");
    expect_words(&w, 0, "/lib on the path: marked drop, ");
    expect_words(&w, 0, "t:2");
    expect_nodes(&w, BREAK_MISSING, "/usr/lib/libz.so.1 /lib /usr/lib/libz.so ");
    w.c.marks.n = 0;
    struct err err = {0};
    must(switches_parse(bytes_of("-links"), &w.c.marks.closure_off, &err), &err);
    replay(&w);
    expect_breaks(&w, "missing /usr/lib/libz.so.1 1\n");
    expect_words(&w, 0, "/lib on the path: dependency kind links is off; ");
    expect_words(&w, 0, "t:2");
    close_world(&w);
}

/* A builder creates the directories above a copied file itself, with other attributes. */
static void a_parent_is_missing(void **state)
{
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    open_world(&w, APP_LOG, NULL, "");
    mark(&w.c, "/data/in", MARK_DROP);
    mark(&w.c, "/data/in/x", MARK_KEEP);
    replay(&w);
    expect_breaks(&w, "other /data/in 1\n");
    close_world(&w);
}

/* The program creates files: their directories must exist; the files themselves need not. */
static void what_the_program_makes(void **state)
{
    static const char log[] =
        "openat(AT_FDCWD, \"/data/in/new\", O_WRONLY|O_CREAT|O_EXCL, 0666) = 3\n"
        "openat(AT_FDCWD, \"/data/in/new\", O_RDONLY) = 4\n"
        "mkdir(\"/data/in/sub\", 0777) = 0\n"
        "openat(AT_FDCWD, \"/data/in/sub/file\", O_WRONLY|O_CREAT|O_EXCL, 0666) "
        "= 5\n";
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    open_world(&w, log, NULL, "");
    replay(&w);
    expect_breaks(&w, "");
    mark(&w.c, "/data/in", MARK_DROP);
    replay(&w);
    expect_breaks(&w, "place /data/in 2\n");
    expect_words(&w, 0, "marked drop, ");
    expect_words(&w, 0, "t:1");
    close_world(&w);
}

/* Files of the base are not copied, and are no break; a different file in the base is. */
static void the_base_provides(void **state)
{
    static const struct line base[] = {{.path = "/bin/app", .kind = 'F', .size = 9, .tag = 1},
                                       {.path = "/etc/conf", .kind = 'F', .size = 7, .tag = 3},
                                       {.path = "/etc/alias", .kind = 'L', .link = "/etc/conf"},
                                       {.path = "/etc/dir", .kind = 'F', .size = 1, .tag = 9},
                                       {.path = "/lib/libz.so", .kind = 'F', .size = 3, .tag = 8},
                                       {.path = "/data/in", .kind = 'D', .mode = 0700}};
    static const char by_alias[] = "openat(AT_FDCWD, \"/etc/alias\", O_RDONLY) = 3\n";
    (void)state;
    struct world w = {.c = {.tree = TREE(app_lines), .base = TREE(base)}};
    open_world(&w, APP_LOG, NULL, "");
    replay(&w);
    assert_false(at(&w.c, "/etc/conf")->kept);
    expect_breaks(&w, "");
    mark(&w.c, "/bin/app", MARK_DROP); /* the base has the same file */
    mark(&w.c, "/data", MARK_DROP);    /* and this directory with another mode */
    replay(&w);
    expect_breaks(&w, "");
    mark(&w.c, "/etc/dir", MARK_DROP); /* a file in the base */
    mark(&w.c, "/lib", MARK_DROP);     /* a directory in the base, with another library */
    replay(&w);
    expect_breaks(&w, "other /etc/dir 1\nother /usr/lib/libz.so.1 1\n");
    expect_words(&w, 0, "from the base");
    expect_words(&w, 0, "marked drop, ");
    expect_words(&w, 1, "/lib/libz.so"); /* where the path leads now */
    close_world(&w);
    /* the base's link is different, and leads to the same file */
    w = (struct world){.c = {.tree = TREE(app_lines), .base = TREE(base)}};
    open_world(&w, by_alias, NULL, "");
    mark(&w.c, "/etc/alias", MARK_DROP);
    replay(&w);
    expect_breaks(&w, "");
    close_world(&w);
}

/* A search that continued after a failure would now stop at a file of the base: a hint, not a
 * break. */
static void the_base_is_found_first(void **state)
{
    static const struct line base[] = {{.path = "/etc/none", .kind = 'F', .size = 1, .tag = 9}};
    (void)state;
    struct world w = {.c = {.tree = TREE(app_lines), .base = TREE(base)}};
    open_world(&w, APP_LOG, NULL, "");
    replay(&w);
    expect_breaks(&w, "found /etc/none 1\n");
    assert_int_equal(breaks_standing(w.breaks), 0);
    close_world(&w);
}

/* The base's library lacks a version that a kept program needs. */
static void a_symbol_version_is_missing(void **state)
{
    static const struct line subject[] = {
        {.path = "/bin/app",
         .kind = 'F',
         .size = 1,
         .tag = 1,
         .needs = {NEED(NEEDED, "liba.so"), NEED(VERSION_NEEDED, "liba.so A_1 A_2"),
                   NEED(MACHINE, "64 62")},
         .n_needs = 3},
        {.path = "/usr/lib/liba.so",
         .kind = 'F',
         .size = 2,
         .tag = 2,
         .needs = {NEED(VERSION_DEFINED, "A_1 A_2"), NEED(MACHINE, "64 62")},
         .n_needs = 2}};
    static const struct line base[] = {
        {.path = "/usr/lib/liba.so",
         .kind = 'F',
         .size = 2,
         .tag = 3,
         .needs = {NEED(VERSION_DEFINED, "A_1"), NEED(MACHINE, "64 62")},
         .n_needs = 2}};
    static const char log[] = "execve(\"/bin/app\", [\"app\"], 0x7f /* 1 var */) = 0\n";
    (void)state;
    struct world w = {.c = {.tree = TREE(subject), .base = TREE(base)}};
    open_world(&w, log, NULL, "");
    replay(&w);
    expect_breaks(&w, "");
    struct keep_input input = world_input(&w);
    w.c.keep->verdicts[tree_find(w.c.tree, bytes_of("/usr/lib/liba.so"))].kept = false;
    struct err err = {0};
    breaks_destroy(w.breaks);
    must(breaks_compute(&input, w.c.keep, &w.breaks, &err), &err);
    expect_breaks(&w, "version /usr/lib/liba.so 1\n");
    expect_words(&w, 0, "A_2, needed by /bin/app");
    close_world(&w);
}

/* Failures of a check run: (a) the access succeeded in the evidence; (b) the subject has the file
 * and no evidence used it; (c) neither, which is only counted. Files kept since then are no breaks.
 */
static void check_runs_are_joined(void **state)
{
    static const char check[] =
        "openat(AT_FDCWD, \"/bin/app\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
        "openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
        "stat(\"/etc/never\", 0x7f) = -1 ENOENT (No such file or directory)\n"
        "stat(\"/etc/never\", 0x7f) = -1 ENOENT (No such file or directory)\n"
        "stat(\"/etc/nowhere\", 0x7f) = -1 ENOENT (No such file or directory)\n"
        "stat(\"/etc/none\", 0x7f) = -1 ENOENT (No such file or directory)\n"
        "openat(AT_FDCWD, \"/proc/self/maps\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
        "openat(AT_FDCWD, \"/etc/dir/x\", O_RDONLY) = -1 EACCES (Permission denied)\n";
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    open_world(&w, APP_LOG, check, "grep -v conf");
    replay(&w);
    expect_breaks(&w, "failed /etc/conf 1\nuntraced /etc/never 2\nmissing /etc/conf 2\n");
    assert_int_equal(w.breaks->n_elsewhere, 2);
    expect_words(&w, 0, "check:2 ENOENT");
    expect_words(&w, 0, "hidden by stage 1: grep -v 'conf', ");
    expect_words(&w, 1, "check:3 ENOENT");
    expect_nodes(&w, BREAK_CHECK_A, "/etc/conf ");
    mark(&w.c, "/etc/never", MARK_KEEP);
    mark(&w.c, "/etc/conf", MARK_KEEP);
    replay(&w);
    expect_breaks(&w, "");
    assert_int_equal(w.breaks->n_elsewhere, 2);
    close_world(&w);
}

static const struct line listed_lines[] = {
    {.path = "/bin/app", .kind = 'F', .size = 9, .tag = 1},
    {.path = "/app", .kind = 'D'},
    {.path = "/app/libone.so.1", .kind = 'F', .size = 5, .tag = 2},
    {.path = "/app/libtwo.so.2.1", .kind = 'F', .size = 5, .tag = 3},
    {.path = "/app/other.py", .kind = 'F', .size = 6, .tag = 4},
    {.path = "/app/readme", .kind = 'F', .size = 7, .tag = 5},
    {.path = "/app/sub", .kind = 'D'},
    {.path = "/app/sub/x.py", .kind = 'F', .size = 7, .tag = 6},
    {.path = "/app/used.py", .kind = 'F', .size = 8, .tag = 7},
    {.path = "/etc/conf", .kind = 'F', .size = 7, .tag = 8},
    {.path = "/etc/hosts", .kind = 'F', .size = 7, .tag = 9},
    {.path = "/data/x", .kind = 'F', .size = 5, .tag = 10}};

static void expect_listed(struct world *w, enum listed_choice choice, const char *expected)
{
    BUF_AUTO struct buf out = {0};
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    breaks_listed_nodes(w->breaks, choice, &nodes, &n);
    for (size_t i = 0; i < n; i++) {
        tree_path(w->c.tree, nodes[i], &out);
        buf_byte(&out, ' ');
    }
    assert_string_equal(buf_str(&out), expected);
}

/* /etc is complete without the file that an engine mounts; /data is listed in the check run only.
 */
static void listed_directories_are_hints(void **state)
{
    (void)state;
    struct world w = {.c.tree = TREE(listed_lines)};
    open_world(&w,
               "execve(\"/bin/app\", [\"app\"], 0x7f /* 1 var */) = 0\n"
               "openat(AT_FDCWD, \"/etc\", O_RDONLY|O_DIRECTORY) = 3\n"
               "openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = 4\n"
               "openat(AT_FDCWD, \"/app\", O_RDONLY|O_DIRECTORY) = 5\n"
               "openat(AT_FDCWD, \"/app/used.py\", O_RDONLY) = 6\n"
               "openat(AT_FDCWD, \"/app/libone.so.1\", O_RDONLY) = 7\n"
               "stat(\"/data\", {st_mode=S_IFDIR|0755, st_size=6, ...}) = 0\n",
               "openat(AT_FDCWD, \"/app\", O_RDONLY|O_DIRECTORY) = 3\n"
               "openat(AT_FDCWD, \"/data\", O_RDONLY|O_DIRECTORY) = 4\n",
               "");
    replay(&w);
    expect_breaks(&w, "listed /app 2\nlisted /data 1\n");
    assert_int_equal(breaks_standing(w.breaks), 0);
    expect_words(
        &w, 0,
        "4 of its 6 entries are not in the slim image: libtwo.so.2.1 other.py readme and 1 more");
    expect_words(&w, 0, "check:1");
    expect_words(&w, 0, "t:4");
    expect_words(&w, 1, "1 of its 1 entries is not in the slim image: x, ");
    expect_nodes(&w, N_BREAK_KINDS, "");
    expect_nodes(&w, BREAK_LISTED, "/app/libtwo.so.2.1 /app/other.py ");
    expect_listed(&w, LISTED_ALL, "/app /data ");
    mark(&w.c, "/app", MARK_KEEP);
    mark(&w.c, "/data", MARK_KEEP);
    replay(&w);
    expect_breaks(&w, "");
    close_world(&w);
}

static void it_can_be_cancelled(void **state)
{
    (void)state;
    struct world w = {.c.tree = TREE(app_lines)};
    struct err err = {0};
    atomic_bool cancel = true;
    struct breaks *breaks = NULL;
    open_world(&w, APP_LOG, NULL, "");
    replay(&w);
    struct keep_input input = world_input(&w);
    input.cancel = &cancel;
    assert_false(breaks_compute(&input, w.c.keep, &breaks, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    assert_null(breaks);
    close_world(&w);
}

static int make_directory(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/xsmall-breaks-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    snprintf(session, sizeof session, "%s/s.xsmall", dir);
    return 0;
}

static int remove_directory(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_breaks_when_all_is_kept),
        cmocka_unit_test(a_hidden_line_is_a_missing_file),
        cmocka_unit_test(a_drop_mark_is_named),
        cmocka_unit_test(a_link_on_the_way_is_missing),
        cmocka_unit_test(a_parent_is_missing),
        cmocka_unit_test(what_the_program_makes),
        cmocka_unit_test(the_base_provides),
        cmocka_unit_test(the_base_is_found_first),
        cmocka_unit_test(a_symbol_version_is_missing),
        cmocka_unit_test(check_runs_are_joined),
        cmocka_unit_test(listed_directories_are_hints),
        cmocka_unit_test(it_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
