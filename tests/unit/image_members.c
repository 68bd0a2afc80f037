/* SPDX-License-Identifier: MIT
 * Members that tars may contain and no common tool writes: each rule as one or two layers written
 * byte by byte. The expected rows are written by hand from POSIX's pax, GNU tar's manual ("Tar
 * Internals") and the engines' own readers. */
#include "image_fixture.h"

#include "raw_tar.h"

static const struct bytes ONE = {"1", 1}, NONE = {"", 0};

static char field[12], other_field[8];

/* Size and uid as GNU tar writes values that are too large for octal. */
static void base_256(struct buf *tar)
{
    raw_file(tar,
             (struct raw){.name = "a",
                          .size_field = raw_base256(field, 12, 1),
                          .uid_field = raw_base256(other_field, 8, 3000000)},
             ONE);
}

/* uid -2, as NFS servers use it */
static void base_256_negative(struct buf *tar)
{
    memset(other_field, 0xff, sizeof other_field);
    other_field[7] = (char)0xfe;
    raw_file(tar, (struct raw){.name = "a", .uid_field = bytes_from(other_field, 8)}, ONE);
}

/* Global headers as git archive writes them; their attributes, which docker and containerd also
 * ignore (moby pkg/archive, createTarFile: "PAX Global Extended Headers found and ignored"). */
static void global_header(struct buf *tar)
{
    raw_pax(tar, 'g', (const char *const[]){"comment=0123456789abcdef", "uid=77", NULL});
    raw_file(tar, (struct raw){.name = "a", .uid = 5}, ONE);
    raw_file(tar, (struct raw){.name = "b", .uid = 6}, ONE);
}

/* An extended header applies to the next member only, and overrides its fields. */
static void extended_header(struct buf *tar)
{
    raw_pax(tar, 'x',
            (const char *const[]){"path=d/long", "uid=4000000", "gid=4000001",
                                  "mtime=1234567890.123456789", "uname=somebody", NULL});
    raw_file(tar, (struct raw){.name = "short", .uid = 5}, ONE);
    raw_file(tar, (struct raw){.name = "b", .uid = 6, .gid = 8}, ONE);
}

/* A decimal number with a sign (POSIX, pax): 1.25 s before 1970 is second -2 and 750 ms. */
static void before_1970(struct buf *tar)
{
    raw_pax(tar, 'x', (const char *const[]){"mtime=-1.25", NULL});
    raw_file(tar, (struct raw){.name = "a"}, ONE);
}

/* Container engines apply SCHILY.xattr records only. The mask is the group's part of the mode. */
static void access_list(struct buf *tar)
{
    raw_pax(tar, 'x',
            (const char *const[]){"SCHILY.acl.access=user::rw-,user:7:r--,group::---,mask::r--,"
                                  "other::r--",
                                  "SCHILY.xattr.user.x=1", NULL});
    raw_file(tar, (struct raw){.name = "a", .mode = 0644}, ONE);
}

static void names_of_owners(struct buf *tar)
{
    raw_file(tar, (struct raw){.name = "a", .uid = 5, .gid = 6, .owner = "root"}, ONE);
}

static void long_names(struct buf *tar)
{
    char name[151];
    memset(name, 'n', 150);
    name[150] = 0;
    raw_file(tar, (struct raw){.type = 'L', .name = "././@LongLink"}, bytes_from(name, 151));
    raw_file(tar, (struct raw){.name = "cut"}, ONE);
    memset(name, 't', 150);
    raw_file(tar, (struct raw){.type = 'K', .name = "././@LongLink"}, bytes_from(name, 151));
    raw_header(tar, (struct raw){.type = '2', .name = "l", .link = "cut"}, 0);
}

/* Tars before POSIX: no magic, type NUL, directories marked by their slash. */
static void old_tar(struct buf *tar)
{
    raw_header(tar, (struct raw){.is_old = true, .name = "d/", .mode = 0711}, 0);
    raw_file(tar, (struct raw){.is_old = true, .name = "d/a"}, ONE);
    raw_header(tar, (struct raw){.is_old = true, .type = '1', .name = "b", .link = "d/a"}, 0);
}

/* Unknown types are files (POSIX: as if it were a regular file); '7' is contiguous. */
static void other_types(struct buf *tar)
{
    raw_file(tar, (struct raw){.type = '7', .name = "a"}, ONE);
    raw_file(tar, (struct raw){.type = 'Q', .name = "b"}, ONE);
}

/* The size of a directory is the space to allocate; it has no content (POSIX, typeflag 5). */
static void directory_with_size(struct buf *tar)
{
    raw_header(tar, (struct raw){.type = '5', .name = "e", .mode = 0700}, 512);
    raw_file(tar, (struct raw){.name = "e/a"}, ONE);
}

static void behind_the_end(struct buf *tar)
{
    raw_file(tar, (struct raw){.name = "a"}, ONE);
    raw_end(tar);
    raw_file(tar, (struct raw){.name = "b"}, ONE);
    raw_end(tar);
    buf_add(tar, bytes_of("and something that is no block"));
}

static void two_attributes(struct buf *tar)
{
    raw_pax(tar, 'x',
            (const char *const[]){"SCHILY.xattr.user.x=plain", "LIBARCHIVE.xattr.user.y=YjY0",
                                  "LIBARCHIVE.xattr.user.%7a%25=Yg", NULL});
    raw_file(tar, (struct raw){.name = "a"}, ONE);
}

static void marker_of_type_nul(struct buf *tar)
{
    raw_header(tar, (struct raw){.is_old = true, .name = "d/.wh.a"}, 0);
    raw_header(tar, (struct raw){.type = '2', .name = ".wh.b", .link = "x"}, 0);
}

static void below_markers(struct buf *tar)
{
    raw_file(tar, (struct raw){.type = '5', .name = "d", .mode = 0755}, NONE);
    raw_file(tar, (struct raw){.name = "d/a"}, ONE);
    raw_file(tar, (struct raw){.name = "b"}, ONE);
}

static void file_over(struct buf *tar)
{
    raw_file(tar, (struct raw){.name = "d"}, bytes_of("333"));
}

static void directory_again(struct buf *tar)
{
    raw_file(tar, (struct raw){.type = '5', .name = "d", .mode = 0710}, NONE);
    raw_file(tar, (struct raw){.name = "d/z"}, bytes_of("22"));
}

static void link_across(struct buf *tar)
{
    raw_header(tar, (struct raw){.type = '1', .name = "d/link", .link = "./b"}, 0);
}

static void two_of_one_name(struct buf *tar)
{
    raw_pax(tar, 'x', (const char *const[]){"SCHILY.xattr.user.old=1", NULL});
    raw_file(tar, (struct raw){.name = "a", .mode = 0755}, bytes_of("#!/bin/sh\n"));
    raw_file(tar, (struct raw){.name = "./a", .mode = 0600, .uid = 9}, ONE);
}

static const char ROWS[] =
    "SELECT kind || ' ' || path || ' ' || printf('%o', mode) || ' ' || uid || ':' || gid || ' ' || "
    "bytes || coalesce(' > ' || link, '') || coalesce(' = ' || hardlink, '') FROM v_file "
    "WHERE path <> '/' ORDER BY path";
static const char XATTRS[] = "SELECT name || '=' || value FROM xattr ORDER BY name";
static const char NEEDS[] = "SELECT value FROM need";
static const char TIMES[] = "SELECT mtime_s || '.' || mtime_ns FROM entry WHERE mtime_ns > 0";

static const struct {
    const char *name;
    void (*layers[4])(struct buf *tar);
    const char *want;         /* ROWS */
    const char *also, *gives; /* a query and its rows */
    int64_t problems;
} cases[] = {
    {"numbers in base 256", {base_256}, "file /a 644 3000000:0 1\n", NULL, NULL, 0},
    {"negative numbers", {base_256_negative}, "file /a 644 0:0 1\n", NULL, NULL, 1},
    {"a global header", {global_header}, "file /a 644 5:0 1\nfile /b 644 6:0 1\n", NULL, NULL, 0},
    {"an extended header",
     {extended_header},
     "file /b 644 6:8 1\ndir /d 755 0:0 0\nfile /d/long 644 4000000:4000001 1\n",
     TIMES,
     "1234567890.123456789\n",
     0},
    {"a fraction of a second before 1970",
     {before_1970},
     "file /a 644 0:0 1\n",
     TIMES,
     "-2.750000000\n",
     0},
    {"an access control list in a layer",
     {access_list},
     "file /a 644 0:0 1\n",
     XATTRS,
     "user.x=1\n",
     1},
    {"names of owners are nothing", {names_of_owners}, "file /a 644 5:6 1\n", NULL, NULL, 0},
    {"GNU's long names",
     {long_names},
     "link /l 644 0:0 0 > "
     "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
     "t"
     "tttttttttttttttttttttttttttttttttttttttttttttttttttttttt\nfile /"
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
     "n"
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn 644 0:0 1\n",
     NULL,
     NULL,
     0},
    {"a tar before POSIX",
     {old_tar},
     "file /b 644 0:0 1 = /b\ndir /d 711 0:0 0\nfile /d/a 644 0:0 1 = /b\n",
     NULL,
     NULL,
     0},
    {"other types", {other_types}, "file /a 644 0:0 1\nfile /b 644 0:0 1\n", NULL, NULL, 0},
    {"a directory with a size",
     {directory_with_size},
     "dir /e 700 0:0 0\nfile /e/a 644 0:0 1\n",
     NULL,
     NULL,
     0},
    {"bytes after the end", {behind_the_end}, "file /a 644 0:0 1\n", NULL, NULL, 0},
    {"extended attributes of both makes",
     {two_attributes},
     "file /a 644 0:0 1\n",
     XATTRS,
     "user.x=plain\nuser.y=b64\nuser.z%=b\n",
     0},
    {"whiteouts of any type",
     {below_markers, marker_of_type_nul},
     "dir /d 755 0:0 0\n",
     NULL,
     NULL,
     0},
    {"a file over a directory, and back",
     {below_markers, file_over, directory_again},
     "file /b 644 0:0 1\ndir /d 710 0:0 0\nfile /d/z 644 0:0 2\n",
     NULL,
     NULL,
     0},
    {"a hard link into a lower layer, both of them under an upper one",
     {below_markers, link_across, below_markers},
     "file /b 644 0:0 1\ndir /d 755 0:0 0\nfile /d/a 644 0:0 1\nfile /d/link 644 0:0 1\n",
     NULL,
     NULL,
     0},
    {"of two of one name nothing of the first stays",
     {two_of_one_name},
     "file /a 600 9:0 1\n",
     NEEDS,
     "",
     0},
    {"… no attribute either", {two_of_one_name}, "file /a 600 9:0 1\n", XATTRS, "", 0},
};

static bool add_row(void *with, int n, const struct bytes *columns)
{
    for (int i = 0; i < n; i++)
        buf_add(with, columns[i]);
    buf_byte(with, '\n');
    return true;
}

static void check_rows(struct db *db, const char *name, const char *sql, const char *want)
{
    struct err err = {0};
    BUF_AUTO struct buf got = {0};
    if (!db_sql(db, bytes_of(sql), add_row, &got, &err))
        fail_msg("%s: %s", name, err.text);
    if (strcmp(got.p ? got.p : "", want) != 0)
        fail_msg("%s:\n%s", name, got.p ? got.p : "");
}

static void load_case(const struct place *place, struct db *db, size_t at)
{
    char *files[4];
    size_t n = 0;
    struct err err = {0};
    bool was_there;
    MEM_AUTO char *image = place_path(place, "i.tar");
    for (; n < 4 && cases[at].layers[n]; n++) {
        BUF_AUTO struct buf tar = {0};
        char name[16];
        snprintf(name, sizeof name, "%zu.tar", n);
        cases[at].layers[n](&tar);
        raw_end(&tar);
        files[n] = place_path(place, name);
        write_file(files[n], buf_bytes(&tar));
    }
    docker_make(image, "localhost/x:1", files, n);
    if (!load_ref(db, "subject", image, 0, false, &was_there, &err))
        fail_msg("%s: %s", cases[at].name, err.text);
    while (n > 0)
        free(files[--n]);
}

static void members_by_the_book(void **state)
{
    struct place *place = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unlink(place->session);
        struct db *db = session_open(place);
        load_case(place, db, i);
        check_rows(db, cases[i].name, ROWS, cases[i].want);
        if (cases[i].also)
            check_rows(db, cases[i].name, cases[i].also, cases[i].gives);
        if (number_of(db, "SELECT count(*) FROM v_problem") != cases[i].problems)
            fail_msg("%s: problems", cases[i].name);
        db_close(db);
    }
}

/* An eStargz layer: each part a gzip member, its index and a landmark in the last members, even
 * after the tar's end (stargz-snapshotter, docs/estargz.md); the diff_id covers all bytes. */
static void stargz(void **state)
{
    struct place *place = *state;
    BUF_AUTO struct buf first = {0};
    BUF_AUTO struct buf last = {0};
    MEM_AUTO char *one = place_path(place, "one");
    MEM_AUTO char *two = place_path(place, "two");
    MEM_AUTO char *image = place_path(place, "i.tar");
    raw_file(&first, (struct raw){.name = "a"}, ONE);
    raw_file(&first, (struct raw){.name = ".no.prefetch.landmark"}, bytes_of("\x0f"));
    raw_end(&first);
    raw_file(&last, (struct raw){.name = "stargz.index.json"}, bytes_of("{}"));
    raw_end(&last);
    write_file(one, buf_bytes(&first));
    write_file(two, buf_bytes(&last));
    assert_int_equal(setenv("D", place->dir, 1), 0);
    assert_int_equal(
        system(
            "cd $D && gzip -c one >l && gzip -c two >>l && d=$(cat one two | sha256sum | cut "
            "-c1-64) && printf '{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}' "
            "$d >c && printf '[{\"Config\":\"c\",\"RepoTags\":null,\"Layers\":[\"l\"]}]' "
            ">manifest.json && tar -cf i.tar l c manifest.json"),
        0);
    struct db *db = session_open(place);
    struct err err = {0};
    struct progress progress = {0};
    int64_t load;
    bool was_there;
    assert_true(loading_begin(db, &load, &err));
    struct image_request request = {.ref = image, .role = "subject", .verify = true, .load = load};
    if (!image_load(db, &request, &progress, &was_there, &err) || !loading_finish(db, load, &err))
        fail_msg("%s", err.text);
    check_rows(db, "stargz", ROWS, "file /a 644 0:0 1\n");
    db_close(db);
}

/* A null in the history is one step without a command: docker's decoder makes an empty step of it.
 */
static void null_in_history(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *one = place_path(place, "one"), *two = place_path(place, "two"),
                  *image = place_path(place, "i.tar");
    tar_make(one, "f a 1\n");
    tar_make(two, "f b 1\n");
    assert_int_equal(setenv("D", place->dir, 1), 0);
    assert_int_equal(
        system("cd $D && printf '{\"history\":[null,{\"created_by\":\"second\"}],\"rootfs\":{"
               "\"diff_ids\":[\"sha256:%064d\",\"sha256:%064d\"]}}' 1 2 >c && printf '[{"
               "\"Config\":\"c\",\"Layers\":[\"one\",\"two\"]}]' >manifest.json && tar -cf "
               "i.tar one two c manifest.json"),
        0);
    struct db *db = session_open(place);
    struct err err = {0};
    bool was_there;
    if (!load_ref(db, "subject", image, 0, false, &was_there, &err))
        fail_msg("%s", err.text);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_layer WHERE (ordinal = 1 AND command IS "
                                   "NULL) OR (ordinal = 2 AND command = 'second')"),
                     2);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members_by_the_book, place_make, place_drop),
        cmocka_unit_test_setup_teardown(stargz, place_make, place_drop),
        cmocka_unit_test_setup_teardown(null_in_history, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
