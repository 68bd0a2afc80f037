/* SPDX-License-Identifier: MIT
 * Dependencies in files: ELF files compared with readelf(1), #! lines as fs/binfmt_script.c reads
 * them, damaged ELF files, and extended attributes. */
#include "image_fixture.h"

#include "image/content/elf.h"
#include "image/content/ld_so_conf.h"

static void add_line(void *with, enum need_kind kind, struct bytes value)
{
    static const char *const names[] = {[NEED_INTERPRETER] = "interpreter",
                                        [NEED_NEEDED] = "NEEDED",
                                        [NEED_RUNPATH] = "RUNPATH",
                                        [NEED_RPATH] = "RPATH",
                                        [NEED_SONAME] = "SONAME",
                                        [NEED_MACHINE] = "machine",
                                        [NEED_VERSION_NEEDED] = "version of",
                                        [NEED_VERSION_DEFINED] = "version",
                                        [NEED_DIRECTORY] = "directory",
                                        [NEED_INCLUDE] = "include"};
    buf_printf(with, "%s %.*s\n", names[kind], (int)value.n, value.p);
}

static bool read_bytes(void *with, void *to, size_t n, uint64_t offset)
{
    const struct bytes *from = with;
    if (offset > from->n || n > from->n - offset)
        return false;
    memcpy(to, from->p + offset, n);
    return true;
}

static FILE *ask(const char *command, const char *file)
{
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, "LC_ALL=C %s '%s' 2>/dev/null", command, file);
    FILE *from = popen(text.p, "r");
    assert_non_null(from);
    return from;
}

/* Symbol versions as readelf lists them, without weak dependencies and the file's own name. */
static void add_versions(const char *file, struct buf *out)
{
    BUF_AUTO struct buf defined = {0};
    char line[4096], name[1024], flags[64];
    FILE *from = ask("readelf -WV", file);
    bool is_empty = true; /* the library that is listed has no version yet */
    BUF_AUTO struct buf needed = {0};
    while (fgets(line, sizeof line, from)) {
        if (sscanf(line, " %*s Version: %*d File: %1023s", name) == 1) {
            if (!is_empty)
                buf_printf(out, "%s\n", needed.p);
            buf_clear(&needed);
            buf_printf(&needed, "version of %s", name);
            is_empty = true;
        } else if (sscanf(line, " %*s Name: %1023s Flags: %63s", name, flags) == 2 &&
                   strcmp(flags, "WEAK")) {
            buf_printf(&needed, " %s", name);
            is_empty = false;
        } else if (sscanf(line, " %*s Rev: %*d Flags: %63s Index: %*d Cnt: %*d Name: %1023s", flags,
                          name) == 2 &&
                   strcmp(flags, "BASE")) {
            buf_printf(&defined, " %s", name);
        }
    }
    if (!is_empty)
        buf_printf(out, "%s\n", needed.p);
    if (defined.n)
        buf_printf(out, "version%s\n", defined.p);
    pclose(from);
}

/* The header bytes that define the machine and class. */
static void add_machine_line(const char *file, struct buf *out)
{
    unsigned class, data, machine;
    FILE *from = ask("od -An -tu1 -j4 -N2", file);
    assert_int_equal(fscanf(from, "%u %u", &class, &data), 2);
    pclose(from);
    from = ask("od -An -tu2 -j18 -N2", file);
    assert_int_equal(fscanf(from, "%u", &machine), 1);
    pclose(from);
    buf_printf(out, "machine %u %u %u\n", class, data, machine);
}

/* Returns readelf's output for the file, in the same form. readelf comes with the compiler. */
static struct buf readelf(const char *file)
{
    struct buf out = {0};
    char line[4096], value[2048], tag[64];
    FILE *from = ask("readelf -Wld", file);
    while (fgets(line, sizeof line, from)) {
        if (sscanf(line, " [Requesting program interpreter: %2047[^]]", value) == 1)
            buf_printf(&out, "interpreter %s\n", value);
        const char *open = strchr(line, '[');
        if (sscanf(line, " 0x%*x (%63[A-Z])", tag) == 1 && open &&
            sscanf(open, "[%2047[^]]", value) == 1)
            buf_printf(&out, "%s %s\n", tag, value);
    }
    pclose(from);
    add_machine_line(file, &out);
    add_versions(file, &out);
    return out;
}

/* Returns the path, owned by the caller, of a shared library with each kind of dependency, made by
 * the compiler. */
static char *make_library(const struct place *place)
{
    BUF_AUTO struct buf command = {0};
    buf_printf(&command,
               "cd %s && printf '#include <math.h>\\nint x(void){return 1;}"
               "double y(double v){return cos(v);}' > x.c && "
               "printf 'X_1 {global: x;};\\nX_1.1 {global: y;} X_1;' > x.map && "
               "cc -shared -fPIC -o libx.so.1 x.c -Wl,--version-script,x.map "
               "-Wl,-soname,libx.so.1 -Wl,-rpath,'$ORIGIN/../lib:/opt/l' -Wl,--no-as-needed -lm",
               place->dir);
    assert_int_equal(system(command.p), 0);
    return place_path(place, "libx.so.1");
}

static void elf_as_readelf_says(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *library = make_library(place);
    MEM_AUTO char *program = realpath("/proc/self/exe", NULL);
    const char *files[] = {library, program, "/lib/x86_64-linux-gnu/libc.so.6",
                           "/usr/lib/x86_64-linux-gnu/libstdc++.so.6"};
    for (size_t i = 0; i < 4; i++) {
        if (i > 1 && access(files[i], R_OK) != 0)
            continue; /* another machine's */
        BUF_AUTO struct buf want = readelf(files[i]);
        BUF_AUTO struct buf content = read_file(files[i]);
        BUF_AUTO struct buf got = {0};
        assert_true(want.n > 0);
        struct bytes all = buf_bytes(&content);
        struct elf_source source = {read_bytes, &all, NULL};
        assert_true(elf_needs(&source, all.n, add_line, &got));
        assert_string_equal(got.p, want.p);
    }
}

/* The files that configure a loader's search path, as ldconfig(8) and musl read them. */
static void configuration_of_loaders(void **state)
{
    static const struct {
        const char *path, *text, *expected;
    } cases[] = {
        {"etc/ld.so.conf",
         "# words\ninclude /etc/a/*.conf b.conf\n\t/opt/lib/ # why\nhwcap 1 nosegneg\n"
         "/usr/lib=libc6\nrelative\n\n/last",
         "include /etc/a/*.conf\ninclude b.conf\ndirectory /opt/lib\ndirectory /usr/lib\n"
         "directory /last\n"},
        {"etc/ld.so.conf.d/x.conf", "/\n/a/b///\r\n", "directory /\ndirectory /a/b\n"},
        {"etc/ld-musl-x86_64.path", "/lib:/usr/local/lib\n:/usr/lib\nx\n/with blank#",
         "directory /lib\ndirectory /usr/local/lib\ndirectory /usr/lib\n"
         "directory /with blank#\n"},
        {"etc/ld.so.conf.d/x/y.conf", "/a", NULL},
        {"etc/ld.so.conf.d/x.conf.bak", "/a", NULL},
        {"etc/ld-musl-.path", "/a", NULL},
        {"usr/etc/ld.so.conf", "/a", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf got = {0};
        struct bytes path = bytes_of(cases[i].path);
        if (ld_so_conf_is_one(path) != (cases[i].expected != NULL))
            fail_msg("%s", cases[i].path);
        if (!cases[i].expected)
            continue;
        ld_so_conf_needs(path, bytes_of(cases[i].text), add_line, &got);
        assert_string_equal(got.p, cases[i].expected);
    }
}

/* xorshift64: the same bytes every time. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void count_need(void *with, enum need_kind kind, struct bytes value)
{
    (void)kind, (void)value;
    ++*(size_t *)with;
}

/* No expected result: the sanitizers must report nothing, and the run must end. */
static void broken_elf_files(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *library = make_library(place);
    BUF_AUTO struct buf content = read_file(library);
    uint64_t seed = 88172645463325252u;
    size_t n_needs = 0, size = content.n < 20000 ? content.n : 20000;
    for (int round = 0; round < 3000; round++) {
        MEM_AUTO char *copy = mem_dup(bytes_from(content.p, size));
        for (int k = 0; k < 1 + round % 5; k++)
            copy[next_random(&seed) % (round % 2 ? 1024 : size)] = (char)next_random(&seed);
        struct bytes all = bytes_from(copy, round % 3 ? size : next_random(&seed) % size);
        struct elf_source source = {read_bytes, &all, NULL};
        elf_needs(&source, all.n, count_need, &n_needs);
    }
    assert_true(n_needs > 0);
}

static const struct need *needs_of(const struct tree *tree, const char *path, size_t *n)
{
    uint32_t node = tree_find(tree, bytes_of(path));
    assert_int_not_equal(node, NODE_NONE);
    *n = tree->nodes[node].n_needs;
    return tree->nodes[node].needs;
}

static void script_lines(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *content, *interpreter, *argument;
    } cases[] = {
        {"#!/bin/sh\necho", "/bin/sh", NULL},
        {"#!/bin/sh", "/bin/sh", NULL},
        {"#! \t/usr/bin/env  python3 -E \t\nx", "/usr/bin/env", "python3 -E"},
        {"#!/bin/sh\r\n", "/bin/sh\r", NULL},
        {"#!\n", NULL, NULL},
        {"#", NULL, NULL},
        {"!#/bin/sh\n", NULL, NULL},
        {"\x7f"
         "ELF",
         NULL, NULL},
    };
    enum { N = sizeof cases / sizeof *cases };
    MEM_AUTO char *image = place_path(place, "r.tar");
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax_restricted(tar);
    assert_int_equal(archive_write_open_filename(tar, image), ARCHIVE_OK);
    for (size_t i = 0; i < N; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%zu", i);
        tar_add(tar, name, bytes_of(cases[i].content));
    }
    archive_write_close(tar);
    archive_write_free(tar);
    struct db *db = session_open(place);
    struct err err = {0};
    bool was_there;
    if (!load_ref(db, "subject", image, 0, false, &was_there, &err))
        fail_msg("%s", err.text);
    struct tree *tree = must_read(db, "subject");
    for (size_t i = 0; i < N; i++) {
        char name[16];
        size_t n;
        snprintf(name, sizeof name, "/f%zu", i);
        const struct need *needs = needs_of(tree, name, &n);
        assert_int_equal(n, !!cases[i].interpreter + !!cases[i].argument);
        if (n > 0) {
            assert_int_equal(needs[0].kind, NEED_SCRIPT);
            assert_string_equal(needs[0].value.p, cases[i].interpreter);
        }
        if (n > 1) {
            assert_int_equal(needs[1].kind, NEED_SCRIPT_ARG);
            assert_string_equal(needs[1].value.p, cases[i].argument);
        }
    }
    tree_destroy(tree);
    db_close(db);
}

/* The same dependencies from a plain layer (read in place), a compressed layer (kept in memory, or
 * in a temporary file if it is large) and a directory. */
static void needs_from_everywhere(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *library = make_library(place);
    BUF_AUTO struct buf command = {0};
    BUF_AUTO struct buf want = {0};
    BUF_AUTO struct buf content = read_file(library);
    struct bytes all = buf_bytes(&content);
    struct elf_source source = {read_bytes, &all, NULL};
    assert_true(elf_needs(&source, all.n, add_line, &want));
    buf_printf(&command,
               "cd %s && mkdir -p r/etc r/usr && cp libx.so.1 r/usr/a && cp libx.so.1 r/usr/big && "
               "truncate -s 6000001 r/usr/big && tar -C r -cf r.tar . && gzip -k r.tar",
               place->dir);
    assert_int_equal(system(command.p), 0);
    static const char *const refs[] = {"r", "r.tar", "r.tar.gz"};
    static const char *const files[] = {"/usr/a", "/usr/big"};
    for (size_t i = 0; i < 6; i++) {
        MEM_AUTO char *ref = place_path(place, refs[i / 2]);
        BUF_AUTO struct buf got = {0};
        struct err err = {0};
        bool was_there;
        size_t n;
        unlink(place->session);
        struct db *db = session_open(place);
        if (!load_ref(db, "subject", ref, 0, false, &was_there, &err))
            fail_msg("%s", err.text);
        struct tree *tree = must_read(db, "subject");
        const struct need *needs = needs_of(tree, files[i % 2], &n);
        for (size_t k = 0; k < n; k++)
            add_line(&got, needs[k].kind, needs[k].value);
        assert_non_null(got.p);
        assert_string_equal(got.p, want.p);
        tree_destroy(tree);
        db_close(db);
    }
}

static void add_xattr_file(struct archive *tar, const char *name, bool other_order,
                           bool other_value)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0755);
    archive_entry_set_size(entry, 0);
    if (other_order)
        archive_entry_xattr_add_entry(entry, "user.b", "2", 1);
    archive_entry_xattr_add_entry(entry, "security.capability", "\1\0\0\2", 4);
    if (!other_order)
        archive_entry_xattr_add_entry(entry, "user.b", other_value ? "3" : "2", 1);
    assert_int_equal(archive_write_header(tar, entry), ARCHIVE_OK);
    archive_entry_free(entry);
}

static void extended_attributes(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *image = place_path(place, "r.tar");
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax(tar);
    assert_int_equal(archive_write_open_filename(tar, image), ARCHIVE_OK);
    add_xattr_file(tar, "a", false, false);
    add_xattr_file(tar, "b", true, false);
    add_xattr_file(tar, "c", false, true);
    tar_add(tar, "d", bytes_from("", 0));
    archive_write_close(tar);
    archive_write_free(tar);
    struct db *db = session_open(place);
    struct err err = {0};
    bool was_there;
    if (!load_ref(db, "subject", image, 0, false, &was_there, &err))
        fail_msg("%s", err.text);
    struct tree *tree = must_read(db, "subject");
    static const uint8_t none[16];
    const struct node *a = &tree->nodes[1], *b = &tree->nodes[2], *c = &tree->nodes[3];
    assert_memory_equal(a->xattrs, b->xattrs, 16);
    assert_memory_not_equal(a->xattrs, none, 16);
    assert_memory_not_equal(a->xattrs, c->xattrs, 16);
    assert_memory_equal(tree->nodes[4].xattrs, none, 16);
    assert_int_equal(number_of(db, "SELECT count(*) FROM xattr WHERE name = "
                                   "'security.capability' AND value = x'01000002'"),
                     3);
    tree_destroy(tree);
    db_close(db);
}

/* A tar has as text what the kernel stores in binary (posix_acl_xattr.h: version 2, then
 * tag, permissions, id of each entry); the mode's group bits are the mask, as stat shows them. */
static void access_control_lists(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *image = place_path(place, "r.tar");
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax(tar);
    assert_int_equal(archive_write_open_filename(tar, image), ARCHIVE_OK);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, "d");
    archive_entry_set_filetype(entry, AE_IFDIR);
    archive_entry_set_perm(entry, 0640);
    static const int types[] = {ARCHIVE_ENTRY_ACL_TYPE_ACCESS, ARCHIVE_ENTRY_ACL_TYPE_DEFAULT};
    for (size_t i = 0; i < 2; i++) {
        archive_entry_acl_add_entry(entry, types[i], 6, ARCHIVE_ENTRY_ACL_USER_OBJ, -1, "");
        archive_entry_acl_add_entry(entry, types[i], 4, ARCHIVE_ENTRY_ACL_GROUP_OBJ, -1, "");
        archive_entry_acl_add_entry(entry, types[i], 0, ARCHIVE_ENTRY_ACL_OTHER, -1, "");
    }
    archive_entry_acl_add_entry(entry, types[0], 7, ARCHIVE_ENTRY_ACL_USER, 1000, "u");
    archive_entry_acl_add_entry(entry, types[0], 5, ARCHIVE_ENTRY_ACL_USER, 7, "v");
    archive_entry_acl_add_entry(entry, types[0], 6, ARCHIVE_ENTRY_ACL_MASK, -1, "");
    assert_int_equal(archive_write_header(tar, entry), ARCHIVE_OK);
    archive_entry_free(entry);
    archive_write_close(tar);
    archive_write_free(tar);
    struct db *db = session_open(place);
    struct err err = {0};
    bool was_there;
    if (!load_ref(db, "subject", image, 0, false, &was_there, &err))
        fail_msg("%s", err.text);
    assert_int_equal(number_of(db, "SELECT count(*) FROM xattr WHERE name = "
                                   "'system.posix_acl_access' AND value = x'02000000"
                                   "01000600ffffffff"
                                   "0200050007000000"
                                   "02000700e8030000"
                                   "04000400ffffffff"
                                   "10000600ffffffff"
                                   "20000000ffffffff'"),
                     1);
    assert_int_equal(number_of(db, "SELECT count(*) FROM xattr WHERE name = "
                                   "'system.posix_acl_default' AND value = x'02000000"
                                   "01000600ffffffff"
                                   "04000400ffffffff"
                                   "20000000ffffffff'"),
                     1);
    assert_int_equal(number_of(db, "SELECT mode FROM v_file WHERE path = '/d'"), 0660);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(elf_as_readelf_says, place_make, place_drop),
        cmocka_unit_test_setup_teardown(broken_elf_files, place_make, place_drop),
        cmocka_unit_test_setup_teardown(script_lines, place_make, place_drop),
        cmocka_unit_test(configuration_of_loaders),
        cmocka_unit_test_setup_teardown(needs_from_everywhere, place_make, place_drop),
        cmocka_unit_test_setup_teardown(extended_attributes, place_make, place_drop),
        cmocka_unit_test_setup_teardown(access_control_lists, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
