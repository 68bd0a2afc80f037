/* SPDX-License-Identifier: MIT
 * Search of libraries: the loaders' configuration, several machines and C libraries in one image,
 * and the tokens of search paths. Expected paths follow from ld.so(8) and musl's dynlink.c.
 */
#include "keep_tree.h"

#define X86_64     NEED(MACHINE, "2 1 62")
#define I386       NEED(MACHINE, "1 1 3")
#define A64        NEED(MACHINE, "2 1 183")
#define N_NEEDS(n) .n_needs = n

static void the_cache_is_made_of_the_configuration(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.path = "/etc/ld.so.conf",
         .kind = 'F',
         .needs = {NEED(INCLUDE, "ld.so.conf.d/*.conf"), NEED(DIRECTORY, "/opt/last")},
         N_NEEDS(2)},
        {.path = "/etc/ld.so.conf.d/b.conf",
         .kind = 'F',
         .needs = {NEED(DIRECTORY, "/opt/b"), NEED(INCLUDE, "/etc/ld.so.conf")}, /* a circle */
         N_NEEDS(2)},
        {.path = "/etc/ld.so.conf.d/a.conf",
         .kind = 'F',
         .needs = {NEED(DIRECTORY, "/opt/a")},
         N_NEEDS(1)},
        {.path = "/etc/ld.so.cache", .kind = 'F'},
        {.path = "/app",
         .kind = 'F',
         .needs = {X86_64, NEED(NEEDED, "libone.so"), NEED(NEEDED, "libtwo.so"),
                   NEED(NEEDED, "libthree.so")},
         N_NEEDS(4)},
        {.path = "/opt/b/libone.so", .kind = 'F'},
        {.path = "/opt/last/libone.so", .kind = 'F'},
        {.path = "/usr/lib/libone.so", .kind = 'F'},
        {.path = "/opt/a/libtwo.so", .kind = 'F'},
        {.path = "/opt/b/libtwo.so", .kind = 'F'},
        {.path = "/opt/last/libthree.so", .kind = 'F'}};
    enum { N = sizeof lines / sizeof *lines };
    struct case_ c = {.tree = TREE(lines)};
    mark(&c, "/app", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/app /opt/a/libtwo.so /opt/b/libone.so /opt/last/libthree.so");
    finish(&c);

    /* Without a cache glibc searches only its own directories; the others are used as a fallback.
     */
    struct line bare[N];
    memcpy(bare, lines, sizeof bare);
    bare[3].path = "/etc/no.cache";
    struct case_ d = {.tree = TREE(bare)};
    mark(&d, "/app", MARK_KEEP);
    compute(&d);
    expect_needed(&d, "/app /opt/a/libtwo.so /opt/last/libthree.so /usr/lib/libone.so");
    finish(&d);
}

static void machines_side_by_side(void **state)
{
    (void)state;
    static const struct line lines[] = {
        {.path = "/a32", .kind = 'F', .needs = {I386, NEED(NEEDED, "libz.so")}, N_NEEDS(2)},
        {.path = "/a64", .kind = 'F', .needs = {X86_64, NEED(NEEDED, "libz.so")}, N_NEEDS(2)},
        {.path = "/arm", .kind = 'F', .needs = {A64, NEED(NEEDED, "libz.so")}, N_NEEDS(2)},
        {.path = "/old", .kind = 'F', .needs = {NEED(NEEDED, "libz.so")}, N_NEEDS(1)},
        {.path = "/lib/i386-linux-gnu/libz.so", .kind = 'F', .needs = {I386}, N_NEEDS(1)},
        {.path = "/lib/x86_64-linux-gnu/libz.so", .kind = 'F', .needs = {X86_64}, N_NEEDS(1)},
        {.path = "/usr/lib/libz.so", .kind = 'F', .needs = {A64}, N_NEEDS(1)}};
    static const char *const expected[][2] = {
        {"/a32", "/a32 /lib/i386-linux-gnu/libz.so"},
        {"/a64", "/a64 /lib/x86_64-linux-gnu/libz.so"},
        {"/arm", "/arm /usr/lib/libz.so"},
        {"/old",
         "/lib/i386-linux-gnu/libz.so /old"}}; /* of a session without the order: the first */
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct case_ c = {.tree = TREE(lines)};
        mark(&c, expected[i][0], MARK_KEEP);
        compute(&c);
        expect_needed(&c, expected[i][1]);
        finish(&c);
    }
    struct case_ all = {.tree = TREE(lines)};
    mark(&all, "/a32", MARK_KEEP);
    mark(&all, "/a64", MARK_KEEP);
    mark(&all, "/arm", MARK_KEEP);
    compute(&all);
    expect_needed(&all, "/a32 /a64 /arm /lib/i386-linux-gnu/libz.so /lib/x86_64-linux-gnu/libz.so "
                        "/usr/lib/libz.so");
    finish(&all);
}

static void two_c_libraries(void **state)
{
    (void)state;
    struct line lines[] = {
        {.path = "/etc/ld-musl-x86_64.path",
         .kind = 'F',
         .needs = {NEED(DIRECTORY, "/lib/x86_64-linux-musl")},
         N_NEEDS(1)},
        {.path = "/lib/ld-musl-x86_64.so.1", .kind = 'F'},
        {.path = "/lib64/ld-linux-x86-64.so.2", .kind = 'F'},
        {.path = "/m",
         .kind = 'F',
         .needs = {NEED(INTERPRETER, "/lib/ld-musl-x86_64.so.1"), NEED(NEEDED, "liba.so")},
         N_NEEDS(2)},
        {.path = "/g",
         .kind = 'F',
         .needs = {NEED(INTERPRETER, "/lib64/ld-linux-x86-64.so.2"), NEED(NEEDED, "liba.so")},
         N_NEEDS(2)},
        /* its C library follows from the program that needs it */
        {.path = "/lib/x86_64-linux-musl/liba.so",
         .kind = 'F',
         .needs = {NEED(NEEDED, "libb.so")},
         N_NEEDS(1)},
        {.path = "/lib/x86_64-linux-musl/libb.so", .kind = 'F'},
        {.path = "/lib/x86_64-linux-gnu/liba.so",
         .kind = 'F',
         .needs = {NEED(NEEDED, "libb.so")},
         N_NEEDS(1)},
        {.path = "/lib/x86_64-linux-gnu/libb.so", .kind = 'F'},
        {.path = "/usr/local/lib/liba.so", .kind = 'F'}};
    struct case_ c = {.tree = TREE(lines)};
    mark(&c, "/m", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/lib/ld-musl-x86_64.so.1 /lib/x86_64-linux-musl/liba.so "
                      "/lib/x86_64-linux-musl/libb.so /m");
    mark(&c, "/g", MARK_KEEP);
    compute(&c);
    expect_needed(&c, "/g /lib/ld-musl-x86_64.so.1 /lib/x86_64-linux-gnu/liba.so "
                      "/lib/x86_64-linux-gnu/libb.so /lib/x86_64-linux-musl/liba.so "
                      "/lib/x86_64-linux-musl/libb.so /lib64/ld-linux-x86-64.so.2 /m");
    finish(&c);
    /* Without a path file: /lib, /usr/local/lib, /usr/lib. */
    lines[0].path = "/etc/other.path";
    struct case_ d = {.tree = TREE(lines)};
    mark(&d, "/m", MARK_KEEP);
    compute(&d);
    expect_needed(&d, "/lib/ld-musl-x86_64.so.1 /m /usr/local/lib/liba.so");
    finish(&d);
}

static void tokens_of_search_paths(void **state)
{
    (void)state;
    static const struct {
        const char *runpath, *machine, *there;
        bool found;
    } cases[] = {
        {"$ORIGIN/../l", "2 1 62", "/x/l/libz.so", true},
        {"/none:${ORIGIN}/${PLATFORM}", "2 1 62", "/x/bin/x86_64/libz.so", true},
        {"/x/$PLATFORM", "2 1 62", "/x/haswell/libz.so", true},
        {"/x/$PLATFORM", "2 1 62", "/x/aarch64/libz.so", false},
        {"/x/$PLATFORM", "2 1 183", "/x/aarch64/libz.so", true},
        {"/x/$PLATFORM", "1 1 3", "/x/i586/libz.so", true},
        {"/x/$PLATFORM", "2 1 243", "/x/x86_64/libz.so", false},
        {"/x/$LIB/$PLATFORM", "2 1 62", "/x/lib64/x86_64/libz.so", true},
        {"/x/$LIB", "2 1 62", "/x/lib/x86_64-linux-gnu/libz.so", true},
        {"/x/$OTHER", "2 1 62", "/x/libz.so", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct line lines[] = {{.path = "/x/bin/app", .kind = 'F', N_NEEDS(3)},
                               {.path = cases[i].there, .kind = 'F'}};
        lines[0].needs[0] = (struct need){NEED_MACHINE, bytes_of(cases[i].machine)};
        lines[0].needs[1] = (struct need){NEED_RUNPATH, bytes_of(cases[i].runpath)};
        lines[0].needs[2] = (struct need){NEED_NEEDED, bytes_of("libz.so")};
        struct case_ c = {.tree = TREE(lines)};
        mark(&c, "/x/bin/app", MARK_KEEP);
        compute(&c);
        if (at(&c, cases[i].there)->needed != cases[i].found)
            fail_msg("%s on %s", cases[i].runpath, cases[i].machine);
        finish(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cache_is_made_of_the_configuration),
        cmocka_unit_test(machines_side_by_side),
        cmocka_unit_test(two_c_libraries),
        cmocka_unit_test(tokens_of_search_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
