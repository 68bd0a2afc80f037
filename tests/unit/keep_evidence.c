/* SPDX-License-Identifier: MIT
 * From matching lines to the kept tree, over a session whose rows are written here by hand: which
 * accesses count as use, by which line, and what the session and `why` report. */
#include <roaring/roaring.h>

#include "keep_fixture.h"

/* Returns the needed nodes in tree order with their reasons, one per line. */
static void expect_reasons(struct keep *keep, struct keep_input *input, const char *expected)
{
    BUF_AUTO struct buf out = {0};
    for (uint32_t i = 0; i < keep->n; i++) {
        if (!keep->verdicts[i].needed)
            continue;
        tree_path(input->subject, i, &out);
        buf_add(&out, bytes_of(": "));
        keep_reason(keep, input, i, &out);
        buf_byte(&out, '\n');
    }
    assert_string_equal(out.p ? out.p : "", expected);
}

static void surviving_lines_count(void **state)
{
    struct keep_input input = input_of(*state, NULL);
    roaring_bitmap_t *survivors = roaring_bitmap_from_range(0, N_LINES, 1);
    struct keep *keep = compute(&input);
    expect_reasons(keep, &input, "");
    keep_destroy(keep);
    roaring_bitmap_remove(survivors, 6); /* the first of the two lines of /etc/conf */
    input.survivors = survivors;
    keep = compute(&input);
    expect_reasons(keep, &input,
                   "/: parent directory of /data/b\n"
                   "/data: parent directory of /data/b\n"
                   "/data/b: created, dir/t.1:5\n"
                   "/etc: parent directory of /etc/conf\n"
                   "/etc/conf: opened ×2, dir/t.1:8\n"
                   "/lib: symlink in the path of /usr/lib/libz.so.1\n"
                   "/run: file created in it, dir/t.1:6\n"
                   "/tmp: parent directory of /tmp/a\n"
                   "/tmp/a: renamed, dir/t.1:5\n"
                   "/usr: parent directory of /usr/bin/app\n"
                   "/usr/bin: parent directory of /usr/bin/app\n"
                   "/usr/bin/app: executed, dir/t.1:1\n"
                   "/usr/bin/py3: status read, dir/t.1:4\n"
                   "/usr/lib: parent directory of /usr/lib/libz.so.1\n"
                   "/usr/lib/libz.so: symlink in the path of /usr/lib/libz.so.1\n"
                   "/usr/lib/libz.so.1: opened, dir/t.1:2\n");
    keep_destroy(keep);
    roaring_bitmap_free(survivors);
    /* only one line of the second half of the second block */
    survivors = roaring_bitmap_of(1, 7);
    input.survivors = survivors;
    keep = compute(&input);
    assert_int_equal(keep->n_kept, 1);
    assert_int_equal(keep->rollups[NODE_ROOT].n_used, 1);
    keep_destroy(keep);
    roaring_bitmap_free(survivors);
}

static void why_leads_to_the_line(void **state)
{
    struct place *place = *state;
    roaring_bitmap_t *survivors = roaring_bitmap_from_range(0, 6, 1);
    struct keep_input input = input_of(place, survivors);
    struct keep *keep = compute(&input);
    static const struct {
        const char *path, *why;
    } expected[] = {
        {"/lib", "/lib: symlink in the path of /usr/lib/libz.so.1\n"
                 "/usr/lib/libz.so.1: opened, dir/t.1:2\n"
                 "dir/t.1:2: openat(AT_FDCWD, \"/lib/libz.so\", O_RDONLY) = 3\n"},
        {"/etc/conf", "/etc/conf: not kept: its lines do not pass the filter chain\n"
                      "dir/t.1:7: openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = 3\n"},
        {"/etc/secret", "/etc/secret: not kept: every access to this path failed\n"
                        "dir/t.1:3: openat(AT_FDCWD, \"/etc/secret\", O_RDONLY) = -1 EACCES "
                        "(Permission denied)\n"},
        {"/etc/gone", "/etc/gone: not kept: the program only removed this file\n"
                      "dir/t.1:9: unlink(\"/etc/gone\") = 0\n"},
        {"/usr/jail", "/usr/jail: not kept: no log names this path\n"},
        {"/etc/never", "/etc/never: not kept: no log names this path\n"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        BUF_AUTO struct buf out = {0};
        struct err err = {0};
        uint32_t node = tree_find(place->tree, bytes_of(expected[i].path));
        assert_true(keep_why(keep, &input, NULL, node, &out, &err));
        assert_string_equal(out.p, expected[i].why);
    }
    keep_destroy(keep);
    roaring_bitmap_free(survivors);
}

static bool add_row(void *with, int n, const struct bytes *columns)
{
    for (int i = 0; i < n; i++)
        buf_printf(with, "%.*s|", (int)columns[i].n, columns[i].p ? columns[i].p : "");
    buf_byte(with, '\n');
    return true;
}

static void expect_rows(struct db *db, const char *sql, const char *expected)
{
    struct err err = {0};
    BUF_AUTO struct buf out = {0};
    if (!db_sql(db, bytes_of(sql), add_row, &out, &err))
        fail_msg("%s", err.text);
    assert_string_equal(out.p ? out.p : "", expected);
}

static void verdicts_are_stored(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    roaring_bitmap_t *survivors = roaring_bitmap_of(1, 1);
    struct keep_input input = input_of(place, survivors);
    struct keep *keep = compute(&input);
    assert_true(keep_store(keep, &input, place->db, &err));
    static const char kept[] =
        "SELECT p.path, v.mark, v.kept, v.in_base IS NULL, v.reason FROM verdict v "
        "JOIN v_path p ON p.id = v.path WHERE v.needed = 1 AND v.path > 1 ORDER BY p.path";
    expect_rows(place->db, kept,
                "/lib|auto|1|1|symlink in the path of /usr/lib/libz.so.1|\n"
                "/usr|auto|1|1|parent directory of /usr/lib/libz.so.1|\n"
                "/usr/lib|auto|1|1|parent directory of /usr/lib/libz.so.1|\n"
                "/usr/lib/libz.so|auto|1|1|symlink in the path of /usr/lib/libz.so.1|\n"
                "/usr/lib/libz.so.1|auto|1|1|opened, dir/t.1:2|\n");
    expect_rows(place->db, "SELECT path, real FROM asked WHERE id IN (2, 4, 7) ORDER BY id",
                "/lib/libz.so|/usr/lib/libz.so.1|\n"
                "/usr/bin/py3|/usr/bin/python3.11|\n"
                "/run/new||\n");
    /* no difference: no row is written */
    int64_t before = db_changes(place->db);
    assert_true(keep_store(keep, &input, place->db, &err));
    assert_int_equal(db_changes(place->db), before);
    keep_destroy(keep);
    roaring_bitmap_clear(survivors);
    keep = compute(&input);
    assert_true(keep_store(keep, &input, place->db, &err));
    expect_rows(place->db, kept, "");
    /* without a base and without a mark a path that is not needed has no row */
    expect_rows(place->db, "SELECT count(*) FROM verdict", "0|\n");
    keep_destroy(keep);
    roaring_bitmap_free(survivors);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(surviving_lines_count),
        TEST(why_leads_to_the_line),
        TEST(verdicts_are_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
