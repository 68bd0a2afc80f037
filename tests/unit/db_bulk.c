/* SPDX-License-Identifier: MIT
 *
 * Bulk inserts: each kind of value is stored unchanged, a failed insert leaves none of its rows,
 * and outside of a run no rows are visible.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "db/bulk_insert.h"

static const char ADD[] = "INSERT INTO path (id, parent, name) SELECT c0, c1, c2 FROM bulk";
static const char SHOW[] = "SELECT group_concat(id || ' ' || parent || ' ' || hex(name), ',') FROM "
                           "(SELECT * FROM path WHERE id > 1 ORDER BY id)";
static const char COUNT[] = "SELECT count(*) FROM bulk";

struct path_row {
    int64_t id, parent;
    struct bytes name;
};

static void path_value(const void *with, size_t row, int column, struct bulk_value *out)
{
    const struct path_row *rows = with;
    *out = column == 2 ? (struct bulk_value){.kind = BULK_TEXT, .bytes = rows[row].name}
                       : (struct bulk_value){.kind = BULK_INT,
                                             .number = column ? rows[row].parent : rows[row].id};
}

static void kinds_value(const void *with, size_t row, int column, struct bulk_value *out)
{
    (void)with, (void)row;
    if (column == 0)
        *out = (struct bulk_value){.kind = BULK_INT, .number = INT64_MIN};
    else if (column == 1)
        *out = (struct bulk_value){.kind = BULK_TEXT}; /* empty, without an address */
    else if (column == 2)
        *out = (struct bulk_value){.kind = BULK_BLOB, .bytes = bytes_from("a\0b", 3)};
}

static void expect(struct db *db, const char *sql, const char *wanted)
{
    struct err err = {0};
    struct stmt *q = db_query(db, sql, &err);
    assert_non_null(q);
    assert_int_equal(stmt_step(q, &err), STEP_ROW);
    MEM_AUTO char *got = mem_dup(stmt_bytes(q, 0));
    assert_string_equal(got, wanted);
    stmt_reset(q);
}

static bool add(struct db *db, const struct path_row *list, size_t n, struct err *err)
{
    struct bulk_insert rows = {.n = n, .value = path_value, .with = list};
    struct stmt *q = db_query(db, ADD, err);
    assert_non_null(q);
    return bulk_insert_run(q, &rows, err);
}

static void rows_are_added_together(void **state)
{
    static const struct path_row good[] = {{5, 1, {"a\xff", 2}}, {9, 5, {"b", 1}}};
    static const struct path_row bad[] = {{20, 1, {"c", 1}}, {21, 5, {"b", 1}}, {22, 1, {"d", 1}}};
    static const struct path_row last[] = {{30, 9, {"e\0f", 3}}};
    (void)state;
    struct err err = {0};
    struct db *db;
    assert_true(db_open_scratch(&db, &err));
    assert_true(db_begin(db, &err));
    assert_true(add(db, good, 2, &err));
    assert_false(add(db, bad, 3, &err)); /* 5's b is there */
    assert_non_null(strstr(err.text, "UNIQUE"));
    assert_true(add(db, good, 0, &err));
    assert_true(add(db, last, 1, &err));
    assert_true(db_commit(db, &err));
    expect(db, SHOW, "5 1 61FF,9 5 62,30 9 650066");
    expect(db, COUNT, "0");
    db_close(db);
}

static void values_keep_their_kind(void **state)
{
    static const char copy[] = "INSERT INTO setting (name, value) SELECT 'kinds', k FROM (SELECT "
                               "typeof(c0) || ' ' || typeof(c1) || ' ' || typeof(c2) || ' ' || "
                               "typeof(c3) || ' ' || c0 || ' ' || c1 || ' ' || hex(c2) AS k "
                               "FROM bulk)";
    (void)state;
    struct err err = {0};
    struct db *db;
    BUF_AUTO struct buf got = {0};
    struct bulk_insert rows = {.n = 1, .value = kinds_value};
    assert_true(db_open_scratch(&db, &err));
    assert_true(db_begin(db, &err));
    struct stmt *q = db_query(db, copy, &err);
    assert_non_null(q);
    assert_true(bulk_insert_run(q, &rows, &err));
    assert_true(db_commit(db, &err));
    assert_int_equal(db_setting_get(db, "kinds", &got, &err), LOOKUP_FOUND);
    assert_string_equal(got.p, "integer text blob null -9223372036854775808  610062");
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_added_together),
        cmocka_unit_test(values_keep_their_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
