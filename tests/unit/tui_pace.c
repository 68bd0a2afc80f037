/* SPDX-License-Identifier: MIT
 * Rates and remaining times, worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "threads/pace.h"

static struct progress progress;

static const char *at(struct pace *pace, uint64_t done, int64_t ms)
{
    static struct buf text;
    progress.done_bytes = done;
    pace_look(pace, &progress, ms);
    buf_clear(&text);
    pace_say(pace, &text);
    return text.n ? text.p : "";
}

static void test_rate(void **state)
{
    struct pace pace = {0};
    (void)state;
    progress = (struct progress){.total_bytes = 100 * 1000 * 1000, .phase = PROGRESS_LAYERS};
    assert_string_equal(at(&pace, 10 * 1000 * 1000, 5000), "");
    assert_string_equal(at(&pace, 12 * 1000 * 1000, 5200), ""); /* too soon */
    /* 40 MB in 2 s since the first call; 50 MB are left. */
    assert_string_equal(at(&pace, 50 * 1000 * 1000, 7000), "20.0 MB/s, 3 s left");
    assert_string_equal(at(&pace, 100 * 1000 * 1000, 9500), "20.0 MB/s");
    /* Another phase starts from 0; without a total there is no remaining time. */
    progress.phase = PROGRESS_FETCH;
    progress.total_bytes = 0;
    assert_string_equal(at(&pace, 1000, 10000), "");
    assert_string_equal(at(&pace, 3000, 11000), "2.00 kB/s");
    /* A slow load: 1 000 B/s, 125 kB left. */
    progress.phase = PROGRESS_LOGS;
    progress.total_bytes = 127 * 1000;
    assert_string_equal(at(&pace, 0, 20000), "");
    assert_string_equal(at(&pace, 2000, 22000), "1.00 kB/s, 2 min 05 s left");
    assert_string_equal(at(&pace, 2000, 22000 + 1000000000000LL), ""); /* no progress */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rate)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
