/* SPDX-License-Identifier: MIT
 *
 * Base64: the vectors of RFC 4648, section 10, and coreutils' base64 for all byte values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "util/text.h"

static void vectors_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *expected;
    } cases[] = {{"f", "Zg=="},        {"fo", "Zm8="},        {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf out = {0};
        text_base64(bytes_of(cases[i].bytes), &out);
        assert_string_equal(out.p, cases[i].expected);
    }
    BUF_AUTO struct buf none = {0};
    text_base64(bytes_of(""), &none);
    assert_int_equal(none.n, 0);
}

static void every_byte_as_coreutils_says(void **state)
{
    (void)state;
    char path[] = "/tmp/xsmall-base64-XXXXXX", expected[1024], all[256];
    BUF_AUTO struct buf command = {0}, out = {0};
    int fd = mkstemp(path);
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    assert_int_equal(write(fd, all, sizeof all), sizeof all);
    close(fd);
    buf_printf(&command, "base64 -w0 %s", path);
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    size_t n = fread(expected, 1, sizeof expected, pipe);
    pclose(pipe);
    unlink(path);
    text_base64(bytes_from(all, sizeof all), &out);
    assert_int_equal(out.n, n);
    assert_memory_equal(out.p, expected, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_the_rfc),
        cmocka_unit_test(every_byte_as_coreutils_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
