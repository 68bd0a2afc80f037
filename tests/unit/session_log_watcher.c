/* SPDX-License-Identifier: MIT
 * The end of following a log: not while its files grow or new files of the set appear, however long
 * the load before took. The logs are written from the callback after a load, so that the order of
 * events does not depend on the speed of the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "session/log_watcher.h"

enum { SLOW_MS = (LIVE_QUIET_LOOKS + 1) * LIVE_POLL_MS };

static const char session_path[] = "s.xsmall";

/* The texts that are written after the loads, in order, and whether each load takes long. */
struct writer {
    const char *file, *text;
    int n_times, load_ms;
    int n_loads; /* so far */
};

static void append(const char *path, const char *text)
{
    FILE *file = fopen(path, "ae");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static bool loaded(void *with, const struct load_result *result, struct err *err)
{
    struct writer *writer = with;
    char path[64];
    (void)result, (void)err;
    poll(NULL, 0, writer->load_ms);
    if (writer->n_loads++ >= writer->n_times)
        return true;
    snprintf(path, sizeof path, writer->file, writer->n_loads);
    append(path, writer->text);
    return true;
}

static int64_t number(const char *sql)
{
    struct err err = {0};
    struct db *db = NULL;
    int64_t value = -1;
    if (!db_open(session_path, DB_READ, &db, &err))
        fail_msg("%s", err.text);
    struct stmt *q = db_query(db, sql, &err);
    if (!q || stmt_step(q, &err) != STEP_ROW)
        fail_msg("%s", err.text);
    value = stmt_int(q, 0);
    stmt_reset(q);
    db_close(db);
    return value;
}

static void follow(const char *operand, struct writer *writer)
{
    struct log_watcher_request request = {
        .load = {.session_path = session_path, .operands = &operand, .n_operands = 1},
        .loaded = loaded,
        .with = writer};
    struct progress progress = {0};
    struct err err = {0};
    if (!log_watcher_run(&request, &progress, &err))
        fail_msg("%s", err.text);
}

static int set_up(void **state)
{
    static char dir[32];
    snprintf(dir, sizeof dir, "/tmp/xsmall-watch-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chdir(dir), 0);
    *state = dir;
    append("log.1", "openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n+++ exited with 0 +++\n");
    return 0;
}

static int tear_down(void **state)
{
    char command[64];
    assert_int_equal(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", (const char *)*state);
    return system(command);
}

static const char MORE[] = "openat(AT_FDCWD, \"/b\", O_RDONLY) = 3\n+++ exited with 0 +++\n";

static void ends_at_once(void **state)
{
    struct writer writer = {0};
    (void)state;
    follow("log.1", &writer);
    assert_int_equal(writer.n_loads, 1);
    assert_int_equal(number("SELECT sum(n_lines) FROM log"), 2);
}

static void slow_load_of_a_log_that_grows(void **state)
{
    struct writer writer = {.file = "log.1", .text = MORE, .n_times = 2, .load_ms = SLOW_MS};
    (void)state;
    follow("log.1", &writer);
    assert_int_equal(writer.n_loads, 3);
    assert_int_equal(number("SELECT sum(n_lines) FROM log"), 6);
}

/* After each load a new file appears: log.10, log.20. */
static void slow_load_of_a_set_that_grows(void **state)
{
    struct writer writer = {.file = "log.%d0", .text = MORE, .n_times = 2, .load_ms = SLOW_MS};
    (void)state;
    follow("log.1", &writer);
    assert_int_equal(writer.n_loads, 3);
    assert_int_equal(number("SELECT count(*) FROM log"), 3);
    assert_int_equal(number("SELECT count(DISTINCT run) FROM log"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ends_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slow_load_of_a_log_that_grows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slow_load_of_a_set_that_grows, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
