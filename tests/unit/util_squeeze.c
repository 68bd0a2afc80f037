/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/bit_pack.h"

static void each_is_given_back(const uint32_t *numbers, uint32_t width)
{
    struct arena arena = {0};
    struct bit_packed column;
    bit_pack(numbers, &arena, &column);
    assert_int_equal(column.width, width);
    for (size_t i = 0; i < BIT_PACK_N; i++)
        assert_int_equal(bit_packed_at(&column, i), numbers[i]);
    arena_finish(&arena);
}

/* Numbers of each width, from 0 bits to 32, with the smallest at 0, in the middle and at the end.
 */
static void test_widths(void **state)
{
    (void)state;
    for (uint32_t width = 0; width <= 32; width++) {
        uint32_t range = width == 32 ? UINT32_MAX : (1u << width) - 1;
        uint32_t bases[] = {0, (UINT32_MAX - range) / 2, UINT32_MAX - range};
        for (size_t k = 0; k < 3; k++) {
            uint32_t numbers[BIT_PACK_N];
            for (size_t i = 0; i < BIT_PACK_N; i++)
                numbers[i] = bases[k] + (range ? (uint32_t)rand() * 3u % range : 0);
            numbers[17] = bases[k];
            numbers[BIT_PACK_N - 1] = bases[k] + range;
            each_is_given_back(numbers, width);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_widths)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
