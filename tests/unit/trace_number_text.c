/* SPDX-License-Identifier: MIT
 * Columns of numbers: SQLite's own unicode() and substr() decode them as the schema describes, and
 * invalid columns are rejected. */
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "trace/log/number_text.h"

static const uint32_t numbers[] = {0,     1,     126,   127,   2046,    2047,       54999,  55000,
                                   55001, 65534, 65535, 65536, 3604480, 4294967295, 131071, 42};
enum { N = sizeof numbers / sizeof *numbers };

static int64_t ask(sqlite3_stmt *q, struct bytes low, struct bytes upper, size_t i)
{
    sqlite3_reset(q);
    sqlite3_bind_text(q, 1, low.p, (int)low.n, SQLITE_TRANSIENT);
    sqlite3_bind_text(q, 2, upper.n ? upper.p : "", (int)upper.n, SQLITE_TRANSIENT);
    sqlite3_bind_int64(q, 3, (int64_t)i + 1);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    return sqlite3_column_int64(q, 0);
}

static void sql_reads_them(void **state)
{
    (void)state;
    static const char sql[] =
        "WITH c (l, u) AS (SELECT unicode(substr(?1, ?3, 1)), unicode(substr(?2, ?3, 1))) "
        "SELECT l - iif(l > 55000, 10537, 1) + 65536 * coalesce(u - iif(u > 55000, 10537, 1), 0) "
        "FROM c";
    BUF_AUTO struct buf low = {0};
    BUF_AUTO struct buf upper = {0};
    uint32_t back[N];
    sqlite3 *db;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    for (size_t n = 0; n <= N; n++) {
        number_text_write(numbers, n, &low, &upper);
        assert_int_equal(upper.n == 0, n <= 11); /* up to 65535 */
        for (size_t i = 0; i < n; i++)
            assert_int_equal(ask(q, buf_bytes(&low), buf_bytes(&upper), i), numbers[i]);
        assert_true(number_text_read(buf_bytes(&low), buf_bytes(&upper), n, back));
        assert_memory_equal(back, numbers, n * sizeof *back);
    }
    sqlite3_finalize(q);
    sqlite3_close(db);
}

static void others_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x01",                 /* too few */
        "\x01\x01\x01",         /* too many */
        "\x01\x80",             /* no first byte */
        "\x01\xc3",             /* cut short */
        "\x01\xc3\x01",         /* no following byte */
        "\x01\xc0\x81",         /* longer than need be */
        "\x01\xed\xa0\x80",     /* U+D800 */
        "\x01\xef\xbf\xbf",     /* U+FFFF */
        "\x01\xed\x9b\x99",     /* U+D6D9, 55001: no digit is that */
        "\x01\xf0\x92\xa4\xa9", /* U+12929, 76073: digit 65536 */
        "\x01\xff",
    };
    uint32_t back[2];
    assert_true(number_text_read(bytes_of("\x01\x02"), bytes_of(""), 2, back));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(number_text_read(bytes_of(bad[i]), bytes_of(""), 2, back));
        assert_false(number_text_read(bytes_of("\x01\x02"), bytes_of(bad[i]), 2, back));
    }
    assert_false(number_text_read(bytes_from("\0\x01", 2), bytes_of(""), 2, back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sql_reads_them),
        cmocka_unit_test(others_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
