/* SPDX-License-Identifier: MIT
 * Capabilities as text: values by hand from linux/capability.h; text as getcap -n 2.66 prints it
 * for the same value, and invalid values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "image/content/capability.h"

#define VALUE(text) text, sizeof text - 1

static const struct {
    const char *value;
    size_t n;
    const char *words; /* NULL: refused */
} cases[] = {
    {VALUE("\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "cap_net_raw=ep"},
    {VALUE("\0\0\0\2\x20\0\0\0\x20\0\0\0\0\0\0\0\0\0\0\0"), "cap_kill=ip"},
    {VALUE("\1\0\0\1\x20\0\0\0\0\0\0\0"), "cap_kill=ep"},
    {VALUE("\1\0\0\3\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xe8\3\0\0"), "cap_kill=ep [rootid=1000]"},
    {VALUE("\0\0\0\2\0\0\0\0\0\0\0\0\x80\1\0\0\0\0\0\0"), "cap_bpf,cap_checkpoint_restore=p"},
    {VALUE("\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "="},
    {VALUE(""), NULL},
    {VALUE("\1\0\0"), NULL},
    {VALUE("\1\0\0\2"), NULL},
    {VALUE("\1\0\0\2\0\x20\0\0\0\0\0\0"), NULL},                 /* too short for its revision */
    {VALUE("\1\0\0\1\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), NULL}, /* too long */
    {VALUE("\1\0\0\4\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), NULL}, /* no such revision */
};

static void words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf out = {0};
        bool ok = capability_text(bytes_from(cases[i].value, cases[i].n), &out);
        assert_int_equal(ok, cases[i].words != NULL);
        if (ok)
            assert_string_equal(out.p, cases[i].words);
        else
            assert_int_equal(out.n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
