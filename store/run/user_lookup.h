/* SPDX-License-Identifier: MIT
 *
 * Looks up USER[:GROUP] in the texts of passwd(5) and group(5), by the rules of runc (moby/sys,
 * user.GetExecUser).
 *
 *     struct user user;
 *     if (user_look_up(bytes_of("www-data"), passwd, group, &user, err)) …
 *     user_finish(&user);
 */
#ifndef XSMALL_RUN_USER_LOOKUP_H
#define XSMALL_RUN_USER_LOOKUP_H

#include <stdint.h>

#include "util/bytes.h"
#include "util/err.h"

struct user {
    uint32_t uid, gid;
    struct buf groups; /* supplementary group ids: "10,20" */
    struct buf home;   /* empty: not listed */
};

/* An empty name is user 0. A number that is not listed is accepted; a name that is not is an
 * error. */
bool user_look_up(struct bytes name, struct bytes passwd, struct bytes group, struct user *out,
                  struct err *err);
void user_finish(struct user *user);

#endif
