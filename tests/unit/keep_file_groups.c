/* SPDX-License-Identifier: MIT
 * File groups: their definition files, which may have any content; and the groups that are offered
 * for the session of keep_fixture.h, counted by hand: /etc has conf (opened), gone (removed),
 * secret (access denied), never (not accessed). */
#include <roaring/roaring.h>
#include <fcntl.h>

#include "keep_fixture.h"

#include "db/journal.h"
#include "keep/groups/group_offer.h"

static void put(const char *dir, const char *name, struct bytes text)
{
    BUF_AUTO struct buf path = {0};
    buf_printf(&path, "%s/%s", dir, name);
    FILE *file = fopen(path.p, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
    assert_int_equal(fclose(file), 0);
}

static void forget(const char *dir, const char *name)
{
    BUF_AUTO struct buf path = {0};
    buf_printf(&path, "%s/%s", dir, name);
    assert_int_equal(unlink(path.p), 0);
}

/* --- their files --- */

static void a_family_is_lines(void **state)
{
    static const char text[] = "#  words about it \r\n"
                               "\n"
                               "ask: Is a # here?\n"
                               "  used:/a/*\t# why\n"
                               "needed: /b#c\n"
                               "member: /d/\r\n"
                               "member: /with blank";
    (void)state;
    struct arena arena = {0};
    struct file_group group = {0};
    struct err err = {0};
    if (!file_group_parse(bytes_of(text), "f", &arena, &group, &err))
        fail_msg("%s", err.text);
    assert_string_equal(group.about.p, "words about it");
    assert_string_equal(group.ask.p, "Is a # here?");
    assert_int_equal(group.n_globs[FILE_GROUP_USED], 1);
    assert_string_equal(group.globs[FILE_GROUP_USED][0].p, "/a/*");
    assert_string_equal(group.globs[FILE_GROUP_NEEDED][0].p, "/b#c");
    assert_int_equal(group.n_globs[FILE_GROUP_MEMBER], 2);
    assert_string_equal(group.globs[FILE_GROUP_MEMBER][0].p, "/d/");
    assert_string_equal(group.globs[FILE_GROUP_MEMBER][1].p, "/with blank");
    arena_finish(&arena);
}

static void refused(struct bytes text, const char *expected)
{
    struct arena arena = {0};
    struct file_group group = {0};
    struct err err = {0};
    if (file_group_parse(text, "dir/x.family", &arena, &group, &err))
        fail_msg("taken: %.60s", text.p);
    if (!strstr(err.text, expected))
        fail_msg("'%s' instead of '%s'", err.text, expected);
    arena_finish(&arena);
}

static void what_makes_no_sense_is_refused_with_its_line(void **state)
{
    (void)state;
    refused(bytes_of(""), "dir/x.family: no line \"member:\"");
    refused(bytes_of("# only words\n"), "no line \"member:\"");
    refused(bytes_of("member: /a\nwhat: /b\n"), "dir/x.family:2: unknown key; expected ask:");
    refused(bytes_of("member: /a\nmember\n"), "dir/x.family:2: ");
    refused(bytes_of("member: a/b\n"), "dir/x.family:1: the glob must begin");
    refused(bytes_of("member: /\n"), ":1: the glob must begin");
    refused(bytes_of("used:\n"), ":1: the glob must begin");
    refused(bytes_of("member: /a/../b\n"), ":1: the glob must not contain \"..\"");
    refused(bytes_of("ask: a\nask: b\n"), ":2: expected one line");
    refused(bytes_of("member: /a\xff\n"), ":1: the line is not UTF-8");
    refused(bytes_from("member: /a\0b\n", 13), ":1: the line contains a NUL");
    BUF_AUTO struct buf deep = {0}, many = {0}, ask = {0};
    buf_add(&deep, bytes_of("member: "));
    for (int i = 0; i < 61; i++)
        buf_add(&deep, bytes_of("/a"));
    refused(buf_bytes(&deep), ":1: the glob has more than 60");
    for (int i = 0; i <= FILE_GROUP_MAX_GLOBS; i++)
        buf_add(&many, bytes_of("member: /a\n"));
    refused(buf_bytes(&many), "dir/x.family:65: more than 64");
    buf_add(&ask, bytes_of("ask: "));
    for (int i = 0; i <= FILE_GROUP_MAX_ASK; i++)
        buf_byte(&ask, 'a');
    refused(buf_bytes(&ask), ":1: expected one line \"ask:\" with 1 to 300");
}

static const struct file_group *find(const struct file_group_list *groups, const char *name)
{
    const struct file_group *group = file_group_list_find(groups, bytes_of(name));
    if (!group)
        fail_msg("there is no family %s", name);
    return group;
}

static void shipped_and_ones_own(void **state)
{
    static const char *const shipped[] = {"ca-certificates", "fontconfig", "gconv",   "ld-cache",
                                          "locale",          "node",       "nss",     "pam",
                                          "python",          "terminfo",   "timezone"};
    struct place *place = *state;
    struct file_group_list groups;
    struct err err = {0};
    assert_true(file_group_list_read(NULL, &groups, &err));
    assert_int_equal(groups.n, sizeof shipped / sizeof *shipped);
    for (size_t i = 0; i < groups.n; i++) {
        const struct file_group *group = find(&groups, shipped[i]);
        if (group->error.n || !group->about.n || !group->ask.n || group->own)
            fail_msg("%s: %.*s", shipped[i], (int)group->error.n, group->error.p);
    }
    file_group_list_finish(&groups);

    BUF_AUTO struct buf large = {0};
    while (large.n <= FILE_GROUP_MAX_BYTES)
        buf_add(&large, bytes_of("# words\n"));
    put(place->dir, "nss.family", bytes_of("member: /etc/*\n"));
    put(place->dir, "broken.family", bytes_of("member: /a\nmembers: /b\n"));
    put(place->dir, "large.family", buf_bytes(&large));
    put(place->dir, ".family", bytes_of("member: /a\n"));
    assert_true(file_group_list_read(place->dir, &groups, &err));
    assert_int_equal(groups.n, sizeof shipped / sizeof *shipped + 2);
    assert_true(find(&groups, "nss")->own);
    assert_int_equal(find(&groups, "nss")->n_globs[FILE_GROUP_MEMBER], 1);
    assert_non_null(strstr(find(&groups, "broken")->error.p, "/broken.family:2: unknown key"));
    assert_non_null(strstr(find(&groups, "large")->error.p, "larger than 65536 bytes"));
    assert_int_equal(find(&groups, "broken")->n_globs[FILE_GROUP_MEMBER], 0);
    file_group_list_finish(&groups);
    forget(place->dir, "nss.family");
    forget(place->dir, "broken.family");
    forget(place->dir, "large.family");
    forget(place->dir, ".family");
    assert_true(file_group_list_read("/no/such/directory", &groups, &err));
    assert_int_equal(groups.n, sizeof shipped / sizeof *shipped);
    file_group_list_finish(&groups);
}

/* --- offers --- */

struct asking {
    struct place *place;
    roaring_bitmap_t *survivors;
    struct marks *marks;
    struct keep *keep;
    struct file_group_list groups;
    struct group_offers offers;
};

static void ask(struct asking *a)
{
    struct err err = {0};
    struct keep_input input = input_of(a->place, a->survivors);
    keep_destroy(a->keep);
    marks_destroy(a->marks);
    group_offers_finish(&a->offers);
    assert_true(marks_read(a->place->db, &a->marks, &err));
    input.marks = a->marks;
    a->keep = compute(&input);
    if (!group_offers_find(&a->groups, &input, a->keep, &a->offers, &err))
        fail_msg("%s", err.text);
}

static void begin(struct asking *a, struct place *place, const char *const *texts, size_t n)
{
    struct err err = {0};
    *a = (struct asking){.place = place, .survivors = roaring_bitmap_create()};
    roaring_bitmap_add_range(a->survivors, 0, N_LINES);
    for (size_t i = 0; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "%zu.family", i);
        put(place->dir, name, bytes_of(texts[i]));
    }
    assert_true(file_group_list_read(place->dir, &a->groups, &err));
    for (size_t i = 0; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "%zu.family", i);
        forget(place->dir, name);
    }
    ask(a);
}

static void end(struct asking *a)
{
    group_offers_finish(&a->offers);
    file_group_list_finish(&a->groups);
    keep_destroy(a->keep);
    marks_destroy(a->marks);
    roaring_bitmap_free(a->survivors);
}

/* Returns "STATE WORDS" of the i-th group. */
static void expect(const struct asking *a, size_t i, const char *expected)
{
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, "%s ", group_offer_state_name(a->offers.list[i].state));
    group_offer_print(&a->offers.list[i], &text);
    assert_string_equal(text.p, expected);
}

static void put_answer(struct asking *a, size_t i, enum group_offer_state answer)
{
    struct err err = {0};
    struct db *db = a->place->db;
    if (!db_begin(db, &err) || !journal_step(db, &err) ||
        !group_offer_answer(db, a->place->tree, &a->offers.list[i], answer, &err) ||
        !db_commit(db, &err))
        fail_msg("%s", err.text);
    ask(a);
}

static const struct verdict *at(const struct asking *a, const char *path)
{
    return &a->keep->verdicts[tree_find(a->place->tree, bytes_of(path))];
}

static void what_fires_and_what_it_would_add(void **state)
{
    static const char *const texts[] = {
        "member: /etc/*\n",                                    /* a member is used */
        "used: /usr/bin/**\nmember: /etc/never\n",             /* another file is */
        "needed: /usr/bin/python*\nmember: /etc/gone\n",       /* lstat made the link's own name a
                                                                  need, not its end */
        "needed: /usr/bin/py3\nmember: /usr/lib/\n",           /* all below: libz.so, libz.so.1 */
        "used: /etc/gone\nmember: /etc/gone\n",                /* it was only removed */
        "used: /usr/lib/**\nmember: /nowhere/*\n",             /* the image has no such path */
        "used: /etc/secret\nused: /usr/jail\nmember: /etc/*\n" /* refused; in another root */
    };
    struct asking a;
    begin(&a, *state, texts, sizeof texts / sizeof *texts);
    expect(&a, 0, "asks 1 of 4 members used; 3 to add, 0 bytes");
    expect(&a, 1, "asks 0 of 1 member used; 1 to add, 0 bytes");
    expect(&a, 2, "quiet 0 of 1 member used; 1 to add, 0 bytes");
    expect(&a, 3, "whole 1 of 2 members used");
    expect(&a, 4, "quiet 0 of 1 member used; 1 to add, 0 bytes");
    expect(&a, 5, "absent 0 of 0 members used");
    expect(&a, 6, "quiet 1 of 4 members used; 3 to add, 0 bytes");

    /* The chain hides all its lines: the files still count as used by the trace. */
    roaring_bitmap_clear(a.survivors);
    ask(&a);
    expect(&a, 0, "asks 1 of 4 members used; 4 to add, 0 bytes");
    expect(&a, 3, "quiet 1 of 2 members used; 2 to add, 0 bytes");
    end(&a);
}

static void an_answer_is_remembered_and_undone(void **state)
{
    static const char *const texts[] = {"member: /etc/[g-z]*\n", "used: /etc/conf\nmember: /lib/\n"
                                                                 "member: /usr/bin/p*3*\n"};
    struct err err = {0};
    struct asking a;
    bool done;
    begin(&a, *state, texts, 2);
    expect(&a, 0, "quiet 0 of 3 members used; 3 to add, 0 bytes");
    expect(&a, 1, "asks 2 of 4 members used; 1 to add, 0 bytes"); /* python3.11 */
    put_answer(&a, 1, OFFER_ADDED);
    expect(&a, 1, "added 2 of 4 members used");
    assert_ptr_equal(at(&a, "/usr/bin/python3.11")->reason, &reason_group);
    assert_false(at(&a, "/etc/never")->needed);
    BUF_AUTO struct buf why = {0};
    struct keep_input input = input_of(a.place, a.survivors);
    input.marks = a.marks;
    assert_true(keep_why(a.keep, &input, NULL,
                         tree_find(a.place->tree, bytes_of("/usr/bin/python3.11")), &why, &err));
    assert_string_equal(why.p, "/usr/bin/python3.11: member of file group 1\n");

    put_answer(&a, 1, OFFER_REFUSED);
    expect(&a, 1, "refused 2 of 4 members used; 1 to add, 0 bytes");
    assert_false(at(&a, "/usr/bin/python3.11")->needed);
    assert_true(journal_undo(a.place->db, &done, &err) && done);
    ask(&a);
    expect(&a, 1, "added 2 of 4 members used");
    assert_true(journal_undo(a.place->db, &done, &err) && done);
    ask(&a);
    expect(&a, 1, "asks 2 of 4 members used; 1 to add, 0 bytes");

    /* A drop mark overrides the group; the group does not request the dropped files. */
    assert_true(db_begin(a.place->db, &err) && journal_step(a.place->db, &err));
    assert_true(marks_set(a.place->db, a.place->tree,
                          tree_find(a.place->tree, bytes_of("/usr/bin/python3.11")), MARK_DROP,
                          &err) &&
                db_commit(a.place->db, &err));
    ask(&a);
    expect(&a, 1, "whole 2 of 4 members used");
    put_answer(&a, 0, OFFER_ADDED);
    expect(&a, 0, "added 0 of 3 members used");
    put_answer(&a, 0, OFFER_ASKS);
    expect(&a, 0, "quiet 0 of 3 members used; 3 to add, 0 bytes");
    end(&a);
}

static void a_strangers_answers_do_no_harm(void **state)
{
    static const char *const values[] = {"added", "addedx", "what", "", "refused"};
    static const char paths[] = "added\0/none/\0\0relative\0/etc/never/\0/etc/never";
    struct err err = {0};
    struct asking a;
    begin(&a, *state, NULL, 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_true(db_setting_set(a.place->db, "family.nss", bytes_of(values[i]), &err));
        ask(&a);
        assert_int_equal(a.marks->n_members, 0);
    }
    assert_true(db_setting_set(a.place->db, "family.\xff", bytes_from(paths, sizeof paths), &err));
    assert_true(db_setting_set(a.place->db, "family", bytes_from(paths, sizeof paths), &err));
    ask(&a);
    assert_int_equal(a.marks->n_members, 3); /* those that begin with a slash */
    assert_ptr_equal(at(&a, "/etc/never")->reason, &reason_group);
    assert_false(at(&a, "/etc/gone")->needed);
    end(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_family_is_lines),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_its_line),
        cmocka_unit_test_setup_teardown(shipped_and_ones_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_fires_and_what_it_would_add, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_is_remembered_and_undone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_strangers_answers_do_no_harm, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
