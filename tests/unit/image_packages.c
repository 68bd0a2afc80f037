/* SPDX-License-Identifier: MIT
 *
 * Owners of a tree's paths from the records of dpkg, apk and Python in its layers. Expected values
 * are read from the texts by hand. */
#include "image_fixture.h"

#include "image/merge/package_owners_walk.h"
#include "image/content/package_text.h"

/* Makes a layer from files with several lines: path, content, … NULL. A path that ends in "/" is a
 * directory; a content that begins with "->" is a symlink with the target after it, with "=>" a
 * hard link. */
static void layer_make(const char *file, const char *const *parts)
{
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax_restricted(tar);
    assert_int_equal(archive_write_open_filename(tar, file), ARCHIVE_OK);
    for (; parts[0]; parts += 2) {
        struct archive_entry *entry = archive_entry_new();
        size_t n = strlen(parts[1]);
        bool is_dir = parts[0][strlen(parts[0]) - 1] == '/';
        archive_entry_set_pathname(entry, parts[0]);
        archive_entry_set_perm(entry, is_dir ? 0755 : 0644);
        archive_entry_set_filetype(entry, is_dir ? AE_IFDIR : AE_IFREG);
        if (!strncmp(parts[1], "->", 2)) {
            archive_entry_set_filetype(entry, AE_IFLNK);
            archive_entry_set_symlink(entry, parts[1] + 2);
            n = 0;
        } else if (!strncmp(parts[1], "=>", 2)) {
            archive_entry_set_hardlink(entry, parts[1] + 2);
            n = 0;
        }
        archive_entry_set_size(entry, (la_int64_t)n);
        assert_int_equal(archive_write_header(tar, entry), ARCHIVE_OK);
        if (n)
            archive_write_data(tar, parts[1], n);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(tar), ARCHIVE_OK);
    archive_write_free(tar);
}

/* Loads one or two layers as the subject image. */
static void load(struct db *db, const struct place *place, const char *const *lower,
                 const char *const *upper)
{
    struct err err = {0};
    bool was_there;
    char *files[] = {place_path(place, "0.tar"), place_path(place, "1.tar")};
    MEM_AUTO char *image = place_path(place, "image.tar");
    layer_make(files[0], lower);
    if (upper)
        layer_make(files[1], upper);
    docker_make(image, "t:1", files, upper ? 2 : 1);
    if (!load_ref(db, "subject", image, 0, true, &was_there, &err))
        fail_msg("%s", err.text);
    free(files[0]);
    free(files[1]);
}

/* Returns the rows of a query, one per line, "|" between the columns. */
static char *rows_of(struct db *db, const char *sql)
{
    struct err err = {0};
    struct buf out = {0};
    struct stmt *q = db_query(db, sql, &err);
    enum step step = STEP_ERR;
    while (q && (step = stmt_step(q, &err)) == STEP_ROW) {
        buf_add(&out, stmt_bytes(q, 0));
        buf_byte(&out, '|');
        buf_add(&out, stmt_bytes(q, 1));
        buf_byte(&out, '\n');
    }
    if (step != STEP_DONE)
        fail_msg("%s: %s", sql, err.text);
    buf_byte(&out, 0);
    return buf_steal(&out);
}

static void expect(struct db *db, const char *sql, const char *wanted)
{
    MEM_AUTO char *got = rows_of(db, sql);
    assert_string_equal(got, wanted);
}

static const char OWNED[] =
    "SELECT path, package FROM v_file WHERE package IS NOT NULL ORDER BY path";
static const char PACKAGES[] =
    "SELECT manager || ' ' || name || ' ' || version || ' ' || arch, files || ' ' || bytes "
    "FROM v_package ORDER BY 1";
static const char PROBLEMS[] = "SELECT where_, what FROM v_problem ORDER BY where_, what";

static const char *const debian[] = {
    "usr/bin/",
    "",
    "bin",
    "->usr/bin",
    "usr/bin/ls",
    "12345",
    "usr/bin/dir",
    "=>usr/bin/ls",
    "usr/bin/only-here",
    "abc",
    "usr/share/doc/coreutils/",
    "",
    "usr/share/doc/coreutils/copyright",
    "1234567",
    "usr/share/doc/both",
    "b",
    "etc/gone.conf",
    "gg",
    "etc/absent.conf",
    "x",
    "usr/lib/a/x.so",
    "123",
    "usr/bin/which.real",
    "w1",
    "usr/bin/which",
    "w22",
    "var/lib/dpkg/status",
    "Package: coreutils\nStatus: install ok installed\nArchitecture: amd64\nVersion: 9.1-1\n"
    "Description: tools\n Package: no-such\n .\n\n"
    "Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n\n"
    "Package: absent\nStatus: purge ok not-installed\nArchitecture: all\n\n"
    "Package: liba\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\n"
    "Version: 2:1.0\n\n"
    "Package: liba\nStatus: install ok installed\nArchitecture: i386\nVersion: 2:1.1\n\n"
    "Package: divert\nStatus: install ok half-configured\nArchitecture: all\nVersion: 3\n",
    "var/lib/dpkg/diversions",
    "/usr/bin/which\n/usr/bin/which.real\ndivert\n",
    "var/lib/dpkg/info/coreutils.list",
    "/.\n/bin\n/bin/ls\n/bin/dir\n/usr/bin/which\n/usr\n/usr/share\n/usr/share/doc\n"
    "/usr/share/doc/coreutils\n/usr/share/doc/coreutils/copyright\n/usr/share/doc/excluded\n",
    "var/lib/dpkg/info/gone.list",
    "/.\n/etc\n/etc/gone.conf\n/bin/ls\n",
    "var/lib/dpkg/info/absent.list",
    "/.\n/etc\n/etc/absent.conf\n",
    "var/lib/dpkg/info/nobody.list",
    "/usr/bin/only-here\n",
    "var/lib/dpkg/info/liba:amd64.list",
    "/usr\n/usr/lib\n/usr/lib/a\n/usr/lib/a/x.so\n",
    "var/lib/dpkg/info/liba:i386.list",
    "/usr\n/usr/share/doc/both\n",
    "var/lib/dpkg/info/divert.list",
    "/usr\n/usr/bin\n/usr/bin/which\n",
    NULL};

static void dpkg_with_links_diversions_and_leftovers(void **state)
{
    struct db *db = session_open(*state);
    load(db, *state, debian, NULL);
    /* /bin is a link, and belongs to coreutils; /usr/bin belongs to divert, the only package that
     * lists it. /etc is listed by gone only: an absent package is not installed. /usr is in several
     * lists. */
    expect(db, OWNED,
           "/bin|coreutils\n/etc|gone\n/etc/gone.conf|gone\n/usr/bin|divert\n"
           "/usr/bin/dir|coreutils\n/usr/bin/ls|coreutils\n/usr/bin/which|divert\n"
           "/usr/bin/which.real|coreutils\n/usr/lib|liba\n/usr/lib/a|liba\n/usr/lib/a/x.so|liba\n"
           "/usr/share|coreutils\n/usr/share/doc|coreutils\n/usr/share/doc/both|liba\n"
           "/usr/share/doc/coreutils|coreutils\n"
           "/usr/share/doc/coreutils/copyright|coreutils\n");
    /* coreutils: /bin, ls and dir (5 bytes once), copyright, which.real */
    expect(db, PACKAGES,
           "dpkg coreutils 9.1-1 amd64|5 14\ndpkg divert 3 all|1 3\ndpkg gone 1 all|1 2\n"
           "dpkg liba 2:1.0 amd64|1 3\ndpkg liba 2:1.1 i386|1 1\n");
    expect(db, PROBLEMS, "");
    db_close(db);
}

static void only_what_the_tree_shows_counts(void **state)
{
    static const char *const upper[] = {
        "usr/bin/new",
        "nn",
        "var/lib/dpkg/status",
        "Package: divert\nStatus: install ok installed\nArchitecture: all\nVersion: 4\n\n"
        "Package: liba\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2:1.0\n",
        "var/lib/dpkg/info/.wh.liba:amd64.list",
        "",
        "var/lib/dpkg/info/divert.list",
        "/usr/bin/new\n",
        "var/lib/dpkg/.wh.diversions",
        "",
        NULL};
    struct db *db = session_open(*state);
    load(db, *state, debian, upper);
    expect(db, OWNED, "/usr/bin/new|divert\n");
    expect(db, PACKAGES, "dpkg divert 4 all|1 2\ndpkg liba 2:1.0 amd64|0 0\n");
    /* The lower layer alone, no longer in the session: its file was read when the two were loaded.
     */
    load(db, *state, debian, NULL);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_package"), 5);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_file WHERE package = 'coreutils'"), 8);
    assert_int_equal(number_of(db, "SELECT count(*) FROM package"), 5);
    assert_int_equal(number_of(db, "SELECT count(DISTINCT layer) FROM package_file"), 1);
    db_close(db);
}

static void distroless_and_apk(void **state)
{
    static const char *const layers[] = {
        "lib/apk/db/installed",
        "C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\nS:383000\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:"
        "755\n"
        "Z:Q1x=\nR:libc.musl-x86_64.so.1\nF:etc\n\n"
        "P:tool\nV:1\nA:noarch\nF:usr/"
        "bin\nR:tool\nR:missing\nF:etc\nR:tool.conf\n\nP:virtual\nV:0\n",
        "lib/ld-musl-x86_64.so.1",
        "elf",
        "lib/libc.musl-x86_64.so.1",
        "->ld-musl-x86_64.so.1",
        "usr/bin/tool",
        "tt",
        "etc/tool.conf",
        "c",
        "var/lib/dpkg/status.d/tzdata",
        "Package: tzdata\nVersion: 2024a\nArchitecture: all\n",
        "var/lib/dpkg/status.d/tzdata.md5sums",
        "00000000000000000000000000000000  usr/share/zoneinfo/UTC\n"
        "00000000000000000000000000000000  usr/share/zoneinfo/with space\n",
        "var/lib/dpkg/status.d/other.md5sums",
        "00000000000000000000000000000000  usr/bin/tool\n",
        "usr/share/zoneinfo/UTC",
        "utc",
        "usr/share/zoneinfo/with space",
        "sp",
        NULL};
    struct db *db = session_open(*state);
    load(db, *state, layers, NULL);
    expect(db, OWNED,
           "/etc/tool.conf|tool\n/lib|musl\n/lib/ld-musl-x86_64.so.1|musl\n"
           "/lib/libc.musl-x86_64.so.1|musl\n/usr/bin|tool\n/usr/bin/tool|tool\n"
           "/usr/share/zoneinfo/UTC|tzdata\n/usr/share/zoneinfo/with space|tzdata\n");
    expect(db, PACKAGES,
           "apk musl 1.2.4-r2 x86_64|2 3\napk tool 1 noarch|2 3\napk virtual 0 |0 0\n"
           "dpkg tzdata 2024a all|2 5\n");
    db_close(db);
}

static void python_owns_what_nobody_else_does(void **state)
{
    static const char *const layers[] = {
        "usr/local/lib/python3.11/site-packages/numpy-1.26.4.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: NumPy\nVersion: 1.26.4\n\nName: not-this\nVersion: 9\n",
        "usr/local/lib/python3.11/site-packages/numpy-1.26.4.dist-info/RECORD",
        "../../../bin/f2py,sha256=x,216\n\"numpy/a,\"\"b\"\".py\",,\r\nnumpy/"
        "__init__.py,sha256=y,1\n"
        "numpy-1.26.4.dist-info/RECORD,,\nnumpy/missing.py,,\n/usr/bin/dual,,\n/opt/far.py,,\n",
        "usr/local/lib/python3.11/site-packages/numpy/__init__.py",
        "12",
        "usr/local/lib/python3.11/site-packages/numpy/a,\"b\".py",
        "1234",
        "usr/local/bin/f2py",
        "123",
        "usr/bin/dual",
        "d",
        "opt/far.py",
        "far",
        "usr/lib/python3/dist-packages/bare-2.0.dist-info/RECORD",
        "bare.py,,\n",
        "usr/lib/python3/dist-packages/bare.py",
        "1",
        "usr/lib/python3/dist-packages/debs-1.dist-info/RECORD",
        "debs.py,,\n",
        "usr/lib/python3/dist-packages/debs-1.dist-info/METADATA",
        "Name: debs\nVersion: 1\n",
        "usr/lib/python3/dist-packages/debs.py",
        "12345",
        "usr/lib/python3/dist-packages/noted-1.dist-info/METADATA",
        "Name: noted\nVersion: 1\n",
        "var/lib/dpkg/status",
        "Package: python3-debs\nStatus: install ok installed\nVersion: 1-1\n",
        "var/lib/dpkg/info/python3-debs.list",
        "/usr/bin/dual\n/usr/lib/python3/dist-packages/debs.py\n",
        NULL};
    struct db *db = session_open(*state);
    load(db, *state, layers, NULL);
    expect(db, OWNED,
           "/opt/far.py|NumPy\n/usr/bin/dual|python3-debs\n"
           "/usr/lib/python3/dist-packages/bare.py|bare\n"
           "/usr/lib/python3/dist-packages/debs.py|python3-debs\n/usr/local/bin/f2py|NumPy\n"
           "/usr/local/lib/python3.11/site-packages/numpy-1.26.4.dist-info/RECORD|NumPy\n"
           "/usr/local/lib/python3.11/site-packages/numpy/__init__.py|NumPy\n"
           "/usr/local/lib/python3.11/site-packages/numpy/a,\"b\".py|NumPy\n");
    assert_int_equal(number_of(db, "SELECT files FROM v_package WHERE name = 'NumPy'"), 5);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_package"), 3);
    db_close(db);
}

static void links_of_directories_that_lead_nowhere(void **state)
{
    static const char *const layers[] = {
        "loop/a",
        "->b",
        "loop/b",
        "->a",
        "dangling",
        "->nowhere",
        "up",
        "->usr/../../../usr/lib",
        "abs",
        "->/usr/lib/./",
        "usr/lib/here",
        "1",
        "plain",
        "file",
        "var/lib/dpkg/status",
        "Package: p\nStatus: install ok installed\n",
        "var/lib/dpkg/info/p.list",
        "/loop/a/x\n/dangling/y\n/up/here\n/plain/z\n/../..\n/\n//\n.\n/abs//../lib/here/\n"
        "/usr/lib/here/\n",
        NULL};
    struct db *db = session_open(*state);
    load(db, *state, layers, NULL);
    expect(db, OWNED, "/usr/lib/here|p\n");
    db_close(db);
}

static bool any_node(const void *with, int64_t path, struct package_owners_node *out)
{
    *out = (struct package_owners_node){
        .layer = 1, .path = path, .is_dir = path < *(const int64_t *)with};
    return true;
}

static void following_paths_has_an_end(void **state)
{
    struct db *db = session_open(*state);
    struct err err = {0};
    struct path_ids paths = path_ids_of(db);
    assert_true(db_begin(db, &err));
    int64_t file = path_ids_intern(&paths, bytes_of("usr/bin/a"), &err), id;
    struct package_owners_request request = {
        .db = db, .paths = &paths, .node = any_node, .with = &file};
    struct package_owners_walk walk = {.request = &request};
    assert_true(path_ids_write(&paths, &err));
    enum lookup found = package_owners_walk(&walk, bytes_of("/usr/bin/a"), &id, &err);
    assert_int_equal(found, LOOKUP_FOUND);
    assert_int_equal(id, file);
    assert_int_equal(walk.cost, 1);
    found = package_owners_walk(&walk, bytes_of("/usr/./bin/../bin/a"), &id, &err);
    assert_int_equal(found, LOOKUP_FOUND);
    assert_int_equal(id, file);
    assert_in_range(walk.cost, 5, 10); /* the path itself; usr, bin, bin; and the file */
    walk.cost = OWNERS_COST_MAX;
    found = package_owners_walk(&walk, bytes_of("/usr/bin/a"), &id, &err);
    assert_int_equal(found, LOOKUP_ABSENT);
    assert_true(walk.cost > OWNERS_COST_MAX);
    package_owners_walk_finish(&walk);
    path_ids_finish(&paths);
    db_rollback(db);
    db_close(db);
}

static void odd_files_are_problems(void **state)
{
    char *name = strcpy(malloc(9 + 300 + 2), "Package: "), *path = malloc(5002);
    memset(name + 9, 'n', 300);
    strcpy(name + 309, "\n");
    memset(path, 'p', 5000);
    memcpy(path, "0  ", 3);
    strcpy(path + 5000, "\n");
    const char *const layers[] = {"usr/lib/apk/db/installed",
                                  "P:\n\nV:1\nF:usr\nR:x\n\nR:y\n\nP:tail",
                                  "var/lib/dpkg/status",
                                  name,
                                  "var/lib/dpkg/status.d/one",
                                  "Package: one\n",
                                  "var/lib/dpkg/status.d/one.md5sums",
                                  path,
                                  "var/lib/dpkg/diversions",
                                  "/a\n/b\n",
                                  "x/site-packages/-1.dist-info/RECORD",
                                  "../../x/y\n\"open, quote",
                                  "x/y",
                                  "",
                                  "usr/x",
                                  "",
                                  NULL};
    struct db *db = session_open(*state);
    load(db, *state, layers, NULL);
    expect(db, OWNED, "");
    expect(db, PACKAGES, "apk tail  |0 0\ndpkg one  |0 0\n");
    expect(db, PROBLEMS,
           "var/lib/dpkg/status|a package whose name or version is too long\n"
           "var/lib/dpkg/status.d/one.md5sums|a path that no file can have\n");
    free(name);
    free(path);
    db_close(db);
}

static void path_ids_tell_what_a_file_is(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum package_text_kind kind;
        const char *stem;
    } rows[] = {
        {"var/lib/dpkg/status", PACKAGE_DPKG_STATUS, ""},
        {"var/lib/dpkg/status-old", PACKAGE_NONE, ""},
        {"var/lib/dpkg/info/a:i386.list", PACKAGE_DPKG_LIST, "a:i386"},
        {"var/lib/dpkg/info/.list", PACKAGE_NONE, ""},
        {"var/lib/dpkg/info/a.md5sums", PACKAGE_NONE, ""},
        {"var/lib/dpkg/info/d/a.list", PACKAGE_NONE, ""},
        {"var/lib/dpkg/status.d/a", PACKAGE_DPKG_ONE, "a"},
        {"var/lib/dpkg/status.d/a.md5sums", PACKAGE_DPKG_SUMS, "a"},
        {"x/var/lib/dpkg/status", PACKAGE_NONE, ""},
        {"lib/apk/db/installed", PACKAGE_APK, ""},
        {"usr/lib/apk/db/installed", PACKAGE_APK, ""},
        {"a/site-packages/b-1.dist-info/RECORD", PACKAGE_PYTHON_RECORD,
         "a/site-packages/b-1.dist-info"},
        {"dist-packages/b.dist-info/METADATA", PACKAGE_PYTHON_METADATA,
         "dist-packages/b.dist-info"},
        {"a/other-packages/b-1.dist-info/RECORD", PACKAGE_NONE, ""},
        {"a/site-packages/RECORD", PACKAGE_NONE, ""},
        {"RECORD", PACKAGE_NONE, ""},
        {"", PACKAGE_NONE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes path = bytes_of(rows[i].path);
        assert_int_equal(package_text_kind_of(path), rows[i].kind);
        assert_true(bytes_equal(package_text_stem(rows[i].kind, path), bytes_of(rows[i].stem)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_ids_tell_what_a_file_is),
        cmocka_unit_test_setup_teardown(dpkg_with_links_diversions_and_leftovers, place_make,
                                        place_drop),
        cmocka_unit_test_setup_teardown(only_what_the_tree_shows_counts, place_make, place_drop),
        cmocka_unit_test_setup_teardown(distroless_and_apk, place_make, place_drop),
        cmocka_unit_test_setup_teardown(python_owns_what_nobody_else_does, place_make, place_drop),
        cmocka_unit_test_setup_teardown(links_of_directories_that_lead_nowhere, place_make,
                                        place_drop),
        cmocka_unit_test_setup_teardown(following_paths_has_an_end, place_make, place_drop),
        cmocka_unit_test_setup_teardown(odd_files_are_problems, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
