/* SPDX-License-Identifier: MIT
 * USER of an image as runc reads it. Expected values: moby/sys, user/user_test.go
 * (TestGetExecUser), and the passwd and group files below read by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/user_lookup.h"

static const char passwd[] = "root:x:0:0:root user:/root:/bin/bash\n"
                             "# a comment\n"
                             "adm:x:42:43:adm:/var/adm:/bin/false\n"
                             "111:x:222:333::/var/garbage\n"
                             "odd:x:111:112::/home/odd:::::\n"
                             "bad:x:abc:1::/:/bin/sh\n"
                             "user7456:x:7456:100:Vasya:/home/user7456\n";
static const char group[] = "root:x:0:root\n"
                            "adm:x:43:\n"
                            "grp:x:1234:root,adm,user7456\n"
                            "444:x:555:111\n"
                            "odd:x:444:\n"
                            "this is just some garbage data\n"
                            "many:x:2000:user7456\n";

static void is_user(const char *name, uint32_t uid, uint32_t gid, const char *groups,
                    const char *home)
{
    struct user user;
    struct err err;
    assert_true(user_look_up(bytes_of(name), bytes_of(passwd), bytes_of(group), &user, &err));
    assert_int_equal(user.uid, uid);
    assert_int_equal(user.gid, gid);
    assert_string_equal(buf_str(&user.groups), groups);
    assert_string_equal(buf_str(&user.home), home);
    user_finish(&user);
}

static void is_refused(const char *name)
{
    struct user user;
    struct err err;
    assert_false(user_look_up(bytes_of(name), bytes_of(passwd), bytes_of(group), &user, &err));
}

static void test_users(void **state)
{
    (void)state;
    is_user("", 0, 0, "0,1234", "/root");
    is_user("root", 0, 0, "0,1234", "/root");
    is_user("0", 0, 0, "0,1234", "/root");
    is_user("adm", 42, 43, "1234", "/var/adm");
    is_user("42", 42, 43, "1234", "/var/adm");
    is_user("adm:odd", 42, 444, "", "/var/adm"); /* a group given: no others */
    is_user("0:adm", 0, 43, "", "/root");
    is_user("root:7", 0, 7, "", "/root");
    is_user("1337", 1337, 0, "", ""); /* a number need not be listed */
    is_user("1337:1338", 1337, 1338, "", "");
    is_user("111", 222, 333, "555", "/var/garbage"); /* a name before a number */
    is_user("user7456", 7456, 100, "1234,2000", "/home/user7456");
}

static void test_refused(void **state)
{
    (void)state;
    is_refused("notuser");
    is_refused("notuser:notgroup");
    is_refused("root:notgroup");
    is_refused("bad");
    is_refused("-1");
    is_refused("-1:0");
    is_refused("0:-5");
    is_refused("4294967296");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_users),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
