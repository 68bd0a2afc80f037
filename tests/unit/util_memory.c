/* SPDX-License-Identifier: MIT
 *
 * Memory blocks below and above 1 MiB, the size from which huge pages are used.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/arena.h"

enum { MIB = 1024 * 1024 };

static const size_t sizes[] = {1, 4096, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 1, 5 * MIB};
enum { N_SIZES = sizeof sizes / sizeof *sizes };

/* Also for memory that was just freed and contains old bytes. */
static void test_zero(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < N_SIZES; i++) {
            char *p = mem_zero(sizes[i], 1);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(p[k], 0);
            memset(p, 'x', sizes[i]);
            free(p);
        }
    }
}

static void test_growth(void **state)
{
    (void)state;
    uint32_t *list = NULL;
    size_t n = 0, cap = 0;
    while (n < 5 * MIB / sizeof *list) {
        ARRAY_ROOM(list, n, cap);
        list[n] = (uint32_t)n;
        n++;
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(list[i], i);
    free(list);
}

/* Small blocks of all sizes, with big blocks between them that have their own pages. */
static void test_arena(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct piece {
        struct bytes copy;
        unsigned char *zeros;
    } *pieces = NULL;
    size_t n = 0, cap = 0, bytes = 0;
    static char text[3 * MIB];
    while (bytes < 12 * MIB) {
        size_t size = n % 1000 == 999 ? sizes[n / 1000 % N_SIZES] : n % 300;
        ARRAY_ROOM(pieces, n, cap);
        if (size > sizeof text)
            size = sizeof text;
        memset(text, (int)(n % 251), size);
        pieces[n].copy = arena_copy(&arena, bytes_from(text, size));
        pieces[n].zeros = arena_alloc(&arena, n % 40 + 1);
        assert_int_equal((uintptr_t)pieces[n].zeros % 16, 0);
        bytes += size;
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        struct bytes copy = pieces[i].copy;
        for (size_t k = 0; k < copy.n; k++)
            assert_int_equal((unsigned char)copy.p[k], i % 251);
        assert_int_equal(copy.p[copy.n], 0);
        for (size_t k = 0; k < i % 40 + 1; k++)
            assert_int_equal(pieces[i].zeros[k], 0);
    }
    free(pieces);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_zero), cmocka_unit_test(test_growth),
                                       cmocka_unit_test(test_arena)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
