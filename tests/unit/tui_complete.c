/* SPDX-License-Identifier: MIT
 *
 * Completion of commands by Tab.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/completion.h"

static struct tree *tree;

static int make_tree(void **state)
{
    (void)state;
    static const struct {
        const char *path, *link;
    } rows[] = {{"/usr/lib/libx.so.1", ""},
                {"/usr/lib/libx.so.2", ""},
                {"/usr/libexec/tool", ""},
                {"/lib", "usr/lib"},
                {"/etc/a file", ""},
                {"/loop", "loop"},
                {"/o/\xc3\xa9"
                 "1",
                 ""},
                {"/o/\xc3\xa8"
                 "2",
                 ""}};
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct node node = {.kind = rows[i].link[0] ? NODE_LINK : NODE_FILE,
                            .link = bytes_of(rows[i].link)};
        tree_builder_add(builder, bytes_of(rows[i].path), &node, bytes_of(""));
    }
    tree = tree_builder_finish(builder);
    return 0;
}

static int drop_tree(void **state)
{
    (void)state;
    tree_destroy(tree);
    return 0;
}

static void commands_go_on(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *text, *list;
        size_t n;
    } cases[] = {
        {"propose-", "propose-in", "", 1},
        {"qu", "quit", "", 1},
        {"unma", "unmark ", "", 1}, /* it wants a path */
        {"keep", "keep", "keep-class  keep  keep-survivors", 3},
        {"zzz", "zzz", "", 0},
        {"keep /us", "keep /usr/", "", 1},
        {"keep us", "keep usr/", "", 1},
        {"keep /usr/l", "keep /usr/lib", "lib/  libexec/", 2},
        {"drop /usr/lib/", "drop /usr/lib/libx.so.", "libx.so.1  libx.so.2", 2},
        {"auto   /lib/libx.so.1", "auto   /lib/libx.so.1", "", 1}, /* through a link */
        {"unmark /etc/a", "unmark /etc/a file", "", 1},
        {"keep /o/", "keep /o/",
         "\xc3\xa8"
         "2  \xc3\xa9"
         "1",
         2},
        {"keep /loop/", "keep /loop/", "", 0},
        {"keep /etc/a file/", "keep /etc/a file/", "", 0},
        {"quit /us", "quit /us", "", 0}, /* it takes nothing */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf text = {0}, list = {0};
        assert_int_equal(complete_command(bytes_of(cases[i].typed), tree, &text, &list),
                         cases[i].n);
        assert_string_equal(text.p, cases[i].text);
        assert_string_equal(list.n ? list.p : "", cases[i].list);
    }
}

static void without_an_image_there_are_no_paths(void **state)
{
    (void)state;
    BUF_AUTO struct buf text = {0}, list = {0};
    assert_int_equal(complete_command(bytes_of("keep /us"), NULL, &text, &list), 0);
    assert_string_equal(text.p, "keep /us");
}

static void a_list_has_an_end(void **state)
{
    (void)state;
    BUF_AUTO struct buf list = {0};
    size_t n = complete_names(bytes_of(""), &list);
    assert_true(n > 80);
    assert_true(list.n > 400 && list.n <= COMPLETE_MAX_LIST);
}

static void directories_of_this_machine(void **state)
{
    (void)state;
    char dir[] = "/tmp/xsmall-complete-XXXXXX";
    assert_non_null(mkdtemp(dir));
    BUF_AUTO struct buf one = {0}, typed = {0}, expected = {0}, text = {0}, list = {0};
    static const char *const names[] = {"out-b", "out-a", ".hidden"};
    for (size_t i = 0; i < 3; i++) {
        buf_clear(&one);
        buf_printf(&one, "%s/%s", dir, names[i]);
        assert_int_equal(mkdir(one.p, 0700), 0);
    }
    buf_printf(&typed, "extract %s/", dir);
    buf_printf(&expected, "extract %s/out-", dir);
    assert_int_equal(complete_command(buf_bytes(&typed), tree, &text, &list), 2);
    assert_string_equal(text.p, expected.p);
    assert_string_equal(list.p, "out-a/  out-b/");
    for (size_t i = 0; i < 3; i++) {
        buf_clear(&one);
        buf_printf(&one, "%s/%s", dir, names[i]);
        rmdir(one.p);
    }
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_go_on),
        cmocka_unit_test(without_an_image_there_are_no_paths),
        cmocka_unit_test(a_list_has_an_end),
        cmocka_unit_test(directories_of_this_machine),
    };
    return cmocka_run_group_tests(tests, make_tree, drop_tree);
}
