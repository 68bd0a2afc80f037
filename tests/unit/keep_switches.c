/* SPDX-License-Identifier: MIT
 * The dependency kinds, each disabled alone on a small tree where the files that it adds are
 * counted by hand; and the list of kinds, as typed and as stored in a session. */
#include "keep_tree.h"

/* Returns the switches after a list is applied to the default with all kinds enabled. */
static unsigned off_after(const char *list)
{
    struct err err = {0};
    unsigned off = 0;
    if (!switches_parse(bytes_of(list), &off, &err))
        fail_msg("%s: %s", list, err.text);
    return off;
}

static void a_list_of_switches(void **state)
{
    static const struct {
        const char *list;
        const char *before;
        const char *off; /* NULL: refused */
    } cases[] = {
        {"-elf", "", "elf"},
        {"-elf,-links", "", "links,elf"},
        {"elf", "-elf,-python", "python"},
        {"+elf,+python", "-elf,-python", ""},
        {"all", "-all", ""},
        {"", "-peers", "peers"},
        {"-elf,what", "", NULL},
        {"-", "", NULL},
        {"--elf", "", NULL},
        {"elf,,links", "", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf text = {0};
        struct err err = {0};
        unsigned before = off_after(cases[i].before), off = before;
        bool ok = switches_parse(bytes_of(cases[i].list), &off, &err);
        if (ok != (cases[i].off != NULL))
            fail_msg("%s: %s", cases[i].list, err.text);
        if (!ok) {
            assert_int_equal(off, before);
            continue;
        }
        switches_print(off, &text);
        assert_string_equal(text.p ? text.p : "", cases[i].off);
    }
}

/* The kinds listed here are enabled by default; kinds that are added later may not be. */
static void all_kinds_and_the_default(void **state)
{
    static const char *const kinds[] = {"links", "parents", "elf",   "scripts",
                                        "peers", "python",  "config"};
    unsigned off = off_after("-all,scripts");
    (void)state;
    for (size_t i = 0; i < switches_count(); i++)
        assert_int_equal(off >> i & 1, strcmp(switch_name(i), "scripts") != 0);
    assert_int_equal(off >> switches_count(), 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_string_equal(switch_name(i), kinds[i]);
        assert_int_equal(switches_default() >> i & 1, 0);
    }
}

static void they_are_in_the_session_and_undone(void **state)
{
    struct db *db = *state;
    struct err err = {0};
    unsigned off = 1;
    bool done;
    assert_true(switches_read(db, &off, &err));
    assert_int_equal(off, switches_default());
    assert_true(db_begin(db, &err) && journal_step(db, &err) &&
                switches_save(db, off_after("-elf,-config"), &err) && db_commit(db, &err));
    struct marks *marks;
    assert_true(marks_read(db, &marks, &err));
    assert_int_equal(marks->closure_off, off_after("-elf,-config"));
    marks_destroy(marks);
    assert_true(journal_undo(db, &done, &err) && done && switches_read(db, &off, &err));
    assert_int_equal(off, switches_default());
    assert_true(db_setting_set(db, "closure.off", bytes_of("peers,,what,\xff,elf"), &err));
    assert_true(switches_read(db, &off, &err));
    assert_int_equal(off, off_after("-elf,-peers") | switches_default());
    assert_true(db_setting_set(db, "closure.off", bytes_of("elf,python,+elf,+what,+"), &err));
    assert_true(switches_read(db, &off, &err));
    assert_int_equal(off, off_after("-python") | switches_default());
}

static void every_switch_has_a_name_and_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < switches_count(); i++)
        assert_true(strlen(switch_name(i)) > 0 && strlen(switch_help(i)) > 0);
    assert_true(switches_are_on(off_after("-all"), &reason_mark));
    assert_false(switches_are_on(off_after("-elf"), &reason_interpreter));
    assert_false(switches_are_on(off_after("-elf"), &reason_library));
    assert_true(switches_are_on(off_after("-elf"), &reason_script));
}

/* The paths needed with all kinds, and those that are no longer needed without each kind. */
static void each_kind_alone(void **state)
{
    static const struct line lines[] = {
        {.path = "/app/run",
         .kind = 'F',
         .needs = {NEED(INTERPRETER, "/lib/ld.so"), NEED(NEEDED, "liba.so")},
         .n_needs = 2},
        {.path = "/app/script", .kind = 'F', .needs = {NEED(SCRIPT, "/bin/sh")}, .n_needs = 1},
        {.path = "/app/one", .kind = 'F', .size = 3},
        {.path = "/zoo/two", .kind = 'F', .size = 3, .link = "/app/one"},
        {.path = "/zoo/three", .kind = 'F', .size = 3, .link = "/app/one"},
        {.path = "/app/__pycache__/mod.cpython-311.pyc", .kind = 'F'},
        {.path = "/app/mod.py", .kind = 'F'},
        {.path = "/app/__pycache__/other.cpython-311.pyc", .kind = 'F'},
        {.path = "/app/__pycache__/.cpython-311.pyc", .kind = 'F'},
        {.path = "/app/.py", .kind = 'F'},
        {.path = "/lib", .kind = 'L', .link = "usr/lib"},
        {.path = "/usr/lib/ld.so", .kind = 'F'},
        {.path = "/usr/lib/liba.so", .kind = 'L', .link = "liba.so.1"},
        {.path = "/usr/lib/liba.so.1", .kind = 'F'},
        {.path = "/bin/sh", .kind = 'F'},
        {.path = "/bin/init", .kind = 'F', .mode = 0755}};
    static const struct {
        const char *kind;
        const char *gone;
    } cases[] = {{"-links", "/lib /usr/lib/liba.so"},
                 {"-parents", "/app /bin / /zoo /usr/lib /usr"},
                 {"-elf", "/lib /usr/lib/ld.so /usr/lib/liba.so /usr/lib/liba.so.1"},
                 {"-scripts", "/bin/sh"},
                 {"-peers", "/zoo/two /zoo/three"},
                 {"-python", "/app/mod.py"},
                 {"-config", "/bin/init"}};
    struct case_ c = {.tree = TREE(lines),
                      .db = *state,
                      .config = "{\"config\": {\"Entrypoint\": [\"/bin/init\"]}}"};
    mark(&c, "/app/run", MARK_KEEP);
    mark(&c, "/app/script", MARK_KEEP);
    mark(&c, "/app/one", MARK_KEEP);
    mark(&c, "/app/__pycache__/mod.cpython-311.pyc", MARK_KEEP);
    mark(&c, "/app/__pycache__/.cpython-311.pyc", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/app/__pycache__/.cpython-311.pyc /app/__pycache__/mod.cpython-311.pyc "
                      "/app/mod.py /app/one /app/run /app/script /bin/init /bin/sh /lib "
                      "/usr/lib/ld.so /usr/lib/liba.so /usr/lib/liba.so.1 /zoo/three /zoo/two");
    assert_ptr_equal(at(&c, "/app/mod.py")->reason, &reason_python);
    assert_ptr_equal(at(&c, "/zoo/two")->reason, &reason_peer);
    assert_true(at(&c, "/usr/lib/liba.so.1")->linked && at(&c, "/usr/lib/ld.so")->linked);
    assert_false(at(&c, "/bin/sh")->linked);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        MEM_AUTO bool *before = mem_zero(c.tree->n, sizeof *before);
        size_t n_gone = 0;
        for (uint32_t node = 0; node < c.tree->n; node++)
            before[node] = c.keep->verdicts[node].needed;
        c.marks.closure_off = off_after(cases[i].kind);
        compute(&c);
        struct bytes rest = bytes_of(cases[i].gone);
        while (rest.n) {
            struct bytes path = bytes_from(rest.p, bytes_index(rest, ' '));
            rest = bytes_skip(rest, path.n + 1);
            uint32_t node = tree_find(c.tree, path);
            if (!before[node] || c.keep->verdicts[node].needed)
                fail_msg("%s: %.*s stays", cases[i].kind, (int)path.n, path.p);
            before[node] = false;
            n_gone++;
        }
        assert_true(n_gone > 0);
        for (uint32_t node = 0; node < c.tree->n; node++)
            if (before[node] && c.tree->nodes[node].kind != NODE_DIR &&
                !c.keep->verdicts[node].needed)
                fail_msg("%s: node %u goes too", cases[i].kind, node);
        c.marks.closure_off = 0;
        compute(&c);
    }
    finish(&c);
}

static void a_drop_mark_holds_against_each_kind(void **state)
{
    static const struct line lines[] = {
        {.path = "/a", .kind = 'F', .size = 1},
        {.path = "/b", .kind = 'F', .size = 1, .link = "/a"},
        {.path = "/c", .kind = 'F', .size = 1, .link = "/a"},
        {.path = "/d/__pycache__/m.cpython-3.opt-1.pyc", .kind = 'F'},
        {.path = "/d/m.py", .kind = 'F'},
        {.path = "/d/m.cpython-3.py", .kind = 'F'}};
    struct case_ c = {.tree = TREE(lines), .db = *state};
    mark(&c, "/a", MARK_KEEP);
    mark(&c, "/b", MARK_DROP);
    mark(&c, "/d/__pycache__/m.cpython-3.opt-1.pyc", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/a /c /d/__pycache__/m.cpython-3.opt-1.pyc /d/m.py");
    mark(&c, "/d/m.py", MARK_DROP);
    compute(&c);
    expect_needed(&c, "/a /c /d/__pycache__/m.cpython-3.opt-1.pyc");
    finish(&c);
}

static char dir[64], path[96];

static int open_session(void **state)
{
    struct err err = {0};
    struct db *db;
    strcpy(dir, "/tmp/xsmall-switches-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof path, "%s/a.xsmall", dir);
    if (!db_open(path, DB_CREATE, &db, &err))
        return -1;
    *state = db;
    return 0;
}

static int close_session(void **state)
{
    db_close(*state);
    unlink(path);
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_switches),
        cmocka_unit_test(all_kinds_and_the_default),
        cmocka_unit_test(they_are_in_the_session_and_undone),
        cmocka_unit_test(every_switch_has_a_name_and_help),
        cmocka_unit_test(each_kind_alone),
        cmocka_unit_test(a_drop_mark_holds_against_each_kind),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
