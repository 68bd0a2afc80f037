/* SPDX-License-Identifier: MIT
 * Named sets of stages: the shipped sets, compared with the installed grep on the logs of
 * fixtures/patterns; a user's own sets, read from files with any content; and saved sets. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "chain/pattern_sets.h"

struct place {
    char dir[64]; /* of the sets of one's own */
    struct db *db;
    struct chain *chain;
};

static void must(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct err err = {0};
    strcpy(place->dir, "/tmp/xsmall-sets-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    assert_int_equal(chdir(place->dir), 0);
    must(db_open("s.xsmall", DB_CREATE, &place->db, &err), &err);
    must(chain_read(place->db, &place->chain, &err), &err);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    chain_destroy(place->chain);
    db_close(place->db);
    assert_int_equal(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", place->dir);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static void put_bytes(const char *name, struct bytes text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
    assert_int_equal(fclose(file), 0);
}

static void put(const char *name, const char *text)
{
    put_bytes(name, bytes_of(text));
}

/* Returns the stages, one "on TARGET TEXT" per line. */
static void show(const struct chain *chain, struct buf *out)
{
    for (size_t i = 0; i < chain_n_stages(chain); i++) {
        struct stage_view view = chain_stage(chain, i);
        buf_printf(out, "%s %s %.*s\n", view.enabled ? "on" : "off", view.target->name,
                   (int)view.text.n, view.text.p);
    }
    buf_byte(out, 0);
}

/* --- shipped --- */

static int shell(const char *command, size_t *n_lines)
{
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    *n_lines = 0;
    for (int c; (c = getc(pipe)) != EOF;)
        *n_lines += c == '\n';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* A line of a set, run by the shell on the set's log, must remove some lines, but not all. */
static void check_line(const char *name, const char *line)
{
    BUF_AUTO struct buf command = {0};
    size_t n_left, n_all;
    if (!strstr(line, "  # "))
        fail_msg("%s: without a comment: %s", name, line);
    buf_printf(&command, "cat '%s/fixtures/patterns/%s.log'", TESTS_DIR, name);
    shell(command.p, &n_all);
    buf_printf(&command, " | LC_ALL=C %s", line);
    int code = shell(command.p, &n_left);
    if (code != 0 || n_left == 0 || n_left >= n_all)
        fail_msg("%s: grep ends with %d and leaves %zu of %zu: %s", name, code, n_left, n_all,
                 line);
}

static void shipped_sets_are_greps(void **state)
{
    struct place *place = *state;
    struct pattern_sets sets;
    struct err err = {0};
    must(pattern_sets_list(NULL, &sets, &err), &err);
    assert_int_equal(sets.n, 9);
    for (size_t i = 0; i < sets.n; i++) {
        BUF_AUTO struct buf text = {0};
        BUF_AUTO struct buf warning = {0};
        size_t before = chain_n_stages(place->chain), n = 0;
        assert_false(sets.list[i].own);
        assert_true(strlen(sets.list[i].about) > 20);
        must(pattern_sets_text(NULL, sets.list[i].name, &text, &err), &err);
        for (char *line = strtok(text.p, "\n"); line; line = strtok(NULL, "\n")) {
            if (line[0] == '#')
                continue;
            check_line(sets.list[i].name, line);
            n++;
        }
        must(pattern_sets_use(NULL, sets.list[i].name, place->chain, &warning, &err), &err);
        assert_int_equal(chain_n_stages(place->chain), before + n);
        assert_int_equal(warning.n, 0);
    }
    pattern_sets_finish(&sets);
}

/* --- one's own --- */

static void ones_own_come_first(void **state)
{
    struct place *place = *state;
    struct pattern_sets sets;
    struct err err = {0};
    BUF_AUTO struct buf text = {0};
    put("zz.patterns", "#   mine \xff\ngrep x\n");
    put("python.patterns", "grep -v y\n");
    put("no extension", "grep x\n");
    put(".hidden.patterns", "grep x\n");
    put("b d.patterns", "grep x\n");
    put("old.patterns~", "grep x\n");
    assert_int_equal(mkdir("dir.patterns", 0755), 0);
    must(pattern_sets_list(place->dir, &sets, &err), &err);
    assert_int_equal(sets.n, 3 + 8);
    static const char *const names[] = {"dir", "python", "zz", "alpine", "compilers"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(sets.list[i].name, names[i]);
        assert_int_equal(sets.list[i].own, i < 3);
    }
    assert_non_null(strstr(sets.list[0].about, "expected a regular file"));
    assert_string_equal(sets.list[1].about, "");
    assert_string_equal(sets.list[2].about, "mine \xff");
    pattern_sets_finish(&sets);
    must(pattern_sets_text(place->dir, "python", &text, &err), &err);
    assert_true(bytes_equal(buf_bytes(&text), bytes_of("grep -v y\n")));
    must(pattern_sets_list("/nowhere/at/all", &sets, &err), &err);
    assert_int_equal(sets.n, 9);
    pattern_sets_finish(&sets);
}

static void stages_of_all_kinds(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    BUF_AUTO struct buf shown = {0};
    put("a.patterns", "# about\r\n"
                      "\n"
                      "  grep -v x   # why\r\n"
                      "path: egrep 'a|b'\n"
                      "tree:grep -F '/'\n"
                      "line: -i \"it's\" # 'odd\n"
                      "grep 'path: x'\n"
                      "# off: grep gone\n"
                      "grep -h end");
    must(chain_insert(place->chain, 0, bytes_of("first log.1"), NULL, &err), &err);
    must(pattern_sets_use(place->dir, "a", place->chain, NULL, &err), &err);
    show(place->chain, &shown);
    assert_string_equal(shown.p, "on line grep 'first'\n"
                                 "on line grep -v 'x'\n"
                                 "on path grep -E 'a|b'\n"
                                 "on tree grep -F '/'\n"
                                 "on line grep -i 'it'\\''s'\n"
                                 "on line grep 'path: x'\n"
                                 "on line grep 'end'\n");
}

static void refusals_change_nothing(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    BUF_AUTO struct buf before = {0};
    BUF_AUTO struct buf after = {0};
    BUF_AUTO struct buf large = {0};
    BUF_AUTO struct buf many = {0};
    for (size_t i = 0; i <= SETS_MAX_BYTES; i++)
        buf_byte(&large, i % 64 ? '#' : '\n');
    for (size_t i = 0; i < 1001; i++)
        buf_add(&many, bytes_of("grep x\n"));
    const struct {
        struct bytes text;
        const char *named;
    } rows[] = {{bytes_of("grep a\ngrep -v '\\('\n"), "bad.patterns:2: grep -v '\\(': Unmatched"},
                {bytes_of("grep '['"), "bad.patterns:1: "},
                {bytes_of("\n\ngrep -f /etc/passwd\n"), "bad.patterns:3: "},
                {bytes_of("grep x log.1\n"), "log.1"},
                {bytes_of("grep -H x\n"), "-H"},
                {bytes_of("grep x | grep y\n"), "|"},
                {bytes_of("grep -c x\n"), "-c"},
                {bytes_of("grep $(id)\n"), "$(id)"},
                {bytes_of("grep 'x\n'\n"), "bad.patterns:1: "},
                {bytes_of("rm -rf /\n"), "bad.patterns:1: "},
                {bytes_of("other: grep x\n"), "bad.patterns:1: "},
                {bytes_of("grep a\ngrep -v\n"), "bad.patterns:2: "},
                {bytes_from("grep 'a\0b'\n", 11), "bad.patterns:1: "},
                {buf_bytes(&many), "1000 stages"},
                {buf_bytes(&large), "larger than"}};
    must(chain_from_pipeline(place->chain, bytes_of("grep -h x log.1 | grep y"), NULL, &err), &err);
    chain_print(place->chain, &before);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put_bytes("bad.patterns", rows[i].text);
        if (pattern_sets_use(place->dir, "bad", place->chain, NULL, &err))
            fail_msg("accepted: %.*s", (int)rows[i].text.n, rows[i].text.p);
        if (!strstr(err.text, rows[i].named))
            fail_msg("'%s' does not name %s", err.text, rows[i].named);
        buf_clear(&after);
        chain_print(place->chain, &after);
        assert_string_equal(before.p, after.p);
    }
    assert_int_equal(mkfifo("pipe.patterns", 0600), 0);
    assert_false(pattern_sets_use(place->dir, "pipe", place->chain, NULL, &err));
    assert_non_null(strstr(err.text, "expected a regular file"));
    static const char *const names[] = {"",   ".",   "..",  "../a", "a/b",     ".a",
                                        "-a", "a b", "a\n", "gone", "\xc3\xa9"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_false(pattern_sets_use(place->dir, names[i], place->chain, NULL, &err));
}

/* --- saved --- */

static void saved_and_used_again(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    BUF_AUTO struct buf dir = {0};
    BUF_AUTO struct buf text = {0};
    struct chain *chain = place->chain;
    buf_printf(&dir, "%s/made/on the way", place->dir);
    must(chain_from_pipeline(chain,
                             bytes_of("grep -h $'a\\nb\\n' log.1 | grep -v -e x -e $'y\\n-z' | "
                                      "grep -f /dev/null | grep -vixE 'it.s|#'"),
                             NULL, &err),
         &err);
    must(chain_insert(chain, 4, bytes_of("off"), NULL, &err), &err);
    chain_enable(chain, 4, false);
    chain_set_target(chain, 3, &target_path);
    must(pattern_sets_save(dir.p, "one.1", chain, &err), &err);
    must(pattern_sets_text(dir.p, "one.1", &text, &err), &err);
    buf_byte(&text, 0);
    /* the lines of an expression are separate expressions (grep(1), PATTERNS) */
    assert_string_equal(text.p, "# one.1: saved from a chain of 5\n"
                                "grep -e 'a' -e 'b' -e ''\n"
                                "grep -v -e 'x' -e 'y' -e '-z'\n"
                                "grep -f /dev/null\n"
                                "path: grep -v -E -i -x 'it.s|#'\n"
                                "# off: grep 'off'\n");
    must(chain_from_pipeline(chain, bytes_of(""), NULL, &err), &err);
    must(pattern_sets_use(dir.p, "one.1", chain, NULL, &err), &err);
    assert_int_equal(chain_n_stages(chain), 4);
    assert_ptr_equal(chain_stage(chain, 3).target, &target_path);

    /* A set of the same name is replaced; the first is kept next to it, and no other file. */
    chain_remove(chain, 0);
    must(pattern_sets_save(dir.p, "one.1", chain, &err), &err);
    size_t n_lines;
    assert_int_equal(
        shell("cmp -s 'made/on the way/one.1.patterns~' /dev/null; ls -A made/*", &n_lines), 0);
    assert_int_equal(n_lines, 2);
    assert_int_equal(shell("cat 'made/on the way/one.1.patterns~'", &n_lines), 0);
    assert_int_equal(n_lines, 6);
    assert_int_equal(shell("cat 'made/on the way/one.1.patterns'", &n_lines), 0);
    assert_int_equal(n_lines, 4);
}

static void what_cannot_be_saved(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    size_t n_lines;
    assert_false(pattern_sets_save(place->dir, "empty", place->chain, &err));
    assert_non_null(strstr(err.text, "no stages"));
    must(chain_insert(place->chain, 0, bytes_of("x"), NULL, &err), &err);
    assert_false(pattern_sets_save(place->dir, "../up", place->chain, &err));
    assert_false(pattern_sets_save(NULL, "none", place->chain, &err));
    assert_false(pattern_sets_save("s.xsmall/below", "a", place->chain, &err));
    assert_int_equal(mkdir("taken.patterns", 0755), 0);
    assert_false(pattern_sets_save(place->dir, "taken", place->chain, &err));
    shell("ls -A | grep taken", &n_lines);
    assert_int_equal(n_lines, 1);
}

static void the_place_of_ones_own(void **state)
{
    (void)state;
    static const struct {
        const char *config, *home, *dir;
    } rows[] = {{"/c", "/h", "/c/xsmall/patterns"},
                {NULL, "/h", "/h/.config/xsmall/patterns"},
                {"", "/h", "/h/.config/xsmall/patterns"},
                {"relative", "/h",
                 "/h/.config/xsmall/patterns"}, /* as if not set, by the XDG specification */
                {NULL, NULL, ""},
                {NULL, "", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        BUF_AUTO struct buf dir = {0};
        rows[i].config ? setenv("XDG_CONFIG_HOME", rows[i].config, 1) : unsetenv("XDG_CONFIG_HOME");
        rows[i].home ? setenv("HOME", rows[i].home, 1) : unsetenv("HOME");
        pattern_sets_directory(&dir);
        assert_string_equal(dir.n ? dir.p : "", rows[i].dir);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(shipped_sets_are_greps),
        TEST(ones_own_come_first),
        TEST(stages_of_all_kinds),
        TEST(refusals_change_nothing),
        TEST(saved_and_used_again),
        TEST(what_cannot_be_saved),
        cmocka_unit_test(the_place_of_ones_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
