/* SPDX-License-Identifier: MIT
 *
 * Earlier inputs of prompts, and the file that stores them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/input_history.h"

static char dir[] = "/tmp/xsmall-recall-XXXXXX";
static char path[sizeof dir + 32];

static int make_place(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a/b/history", dir);
    return 0;
}

static int remove_place(void **state)
{
    (void)state;
    unlink(path);
    char *end;
    while ((end = strrchr(path, '/')) && strlen(path) > strlen(dir)) {
        *end = 0;
        rmdir(path);
    }
    return 0;
}

/* Moves and compares; expected NULL: there is no earlier (or later) input. */
static void moves(struct input_history *recall, enum input_history_kind kind, int by,
                  const char *typed, const char *expected)
{
    struct bytes out;
    assert_int_equal(input_history_move(recall, kind, by, bytes_of(typed), &out), expected != NULL);
    if (expected)
        assert_true(bytes_equal(out, bytes_of(expected)));
}

static void add(struct input_history *recall, enum input_history_kind kind, const char *text)
{
    input_history_add(recall, kind, bytes_of(text));
}

static void each_kind_has_its_own(void **state)
{
    (void)state;
    struct input_history recall = {0};
    input_history_read(&recall, NULL);
    input_history_begin(&recall);
    moves(&recall, INPUT_COMMAND, -1, "x", NULL);
    moves(&recall, INPUT_COMMAND, 1, "x", NULL);
    add(&recall, INPUT_COMMAND, "keep /a");
    add(&recall, INPUT_SEARCH, "needle");
    add(&recall, INPUT_COMMAND, "quit");
    add(&recall, INPUT_COMMAND, "keep /a"); /* again: it is the last one now */
    add(&recall, INPUT_COMMAND, "");
    add(&recall, INPUT_COMMAND, "two\nlines");
    input_history_begin(&recall);
    moves(&recall, INPUT_COMMAND, -1, "half", "keep /a");
    moves(&recall, INPUT_COMMAND, -1, "keep /a", "quit");
    moves(&recall, INPUT_COMMAND, -1, "quit", NULL);
    moves(&recall, INPUT_COMMAND, 1, "quit", "keep /a");
    moves(&recall, INPUT_COMMAND, 1, "keep /a", "half");
    moves(&recall, INPUT_COMMAND, 1, "half", NULL);
    input_history_begin(&recall);
    moves(&recall, INPUT_SEARCH, -1, "", "needle");
    input_history_finish(&recall);
}

static void the_next_explorer_knows_it(void **state)
{
    (void)state;
    struct input_history one = {0}, two = {0}, next = {0};
    struct stat st;
    input_history_read(&one, path);
    input_history_read(&two, path); /* two at once */
    add(&one, INPUT_PATTERN, "\\.pyc\xff");
    add(&two, INPUT_FILTER, "size>1M");
    add(&one, INPUT_PATTERN, "doc");
    input_history_finish(&one);
    input_history_finish(&two);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    input_history_read(&next, path);
    input_history_begin(&next);
    moves(&next, INPUT_PATTERN, -1, "", "doc");
    moves(&next, INPUT_PATTERN, -1, "", "\\.pyc\xff");
    input_history_begin(&next);
    moves(&next, INPUT_FILTER, -1, "", "size>1M");
    input_history_finish(&next);
}

static size_t count_lines(void)
{
    size_t n = 0;
    FILE *file = fopen(path, "re");
    for (int c; (c = fgetc(file)) != EOF;)
        n += c == '\n';
    fclose(file);
    return n;
}

static void the_file_does_not_grow(void **state)
{
    (void)state;
    struct input_history recall = {0}, again = {0};
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    for (int i = 0; i < 2 * INPUT_HISTORY_MAX + 1; i++)
        fprintf(file, ":command %d\n", i);
    fclose(file);
    input_history_read(&recall, path);
    assert_int_equal(recall.n, INPUT_HISTORY_MAX);
    input_history_begin(&recall);
    moves(&recall, INPUT_COMMAND, -1, "", "command 1000");
    input_history_finish(&recall);
    assert_int_equal(count_lines(), INPUT_HISTORY_MAX);
    input_history_read(&again, path);
    assert_int_equal(again.n, INPUT_HISTORY_MAX);
    input_history_finish(&again);
}

static void what_is_odd_in_the_file_is_passed_over(void **state)
{
    (void)state;
    struct input_history recall = {0};
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs("\n:\nno letter\n:good\n/", file);
    fputc(':', file);
    fputc(0, file); /* a NUL is a byte like others */
    for (int i = 0; i < INPUT_HISTORY_MAX_TEXT; i++)
        fputc('x', file);
    fclose(file);
    input_history_read(&recall, path);
    assert_int_equal(recall.n, 1);
    input_history_begin(&recall);
    moves(&recall, INPUT_COMMAND, -1, "", "good");
    input_history_finish(&recall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_own),
        cmocka_unit_test(the_next_explorer_knows_it),
        cmocka_unit_test(the_file_does_not_grow),
        cmocka_unit_test(what_is_odd_in_the_file_is_passed_over),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
