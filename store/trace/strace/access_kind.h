/* SPDX-License-Identifier: MIT
 *
 * How a call uses a path.
 *
 *     access_kind_name(ACCESS_MAPPED)                "mapped", as stored
 *     access_kind_of(bytes_of("mapped"))             ACCESS_MAPPED
 */
#ifndef XSMALL_TRACE_STRACE_ACCESS_KIND_H
#define XSMALL_TRACE_STRACE_ACCESS_KIND_H

#include "util/bytes.h"

enum access_kind {
    ACCESS_EXECUTED, /* execve succeeded or failed */
    ACCESS_MAPPED,
    ACCESS_READ,    /* opened, not for writing */
    ACCESS_LISTED,  /* opened as a directory or getdents64 on it */
    ACCESS_WRITTEN, /* opened for writing, truncated, chmod, … */
    ACCESS_CREATED, /* O_CREAT, mkdir, mknod, symlink, bind, link's and rename's new name */
    ACCESS_RENAMED, /* rename's old name */
    ACCESS_REMOVED,
    ACCESS_STAT, /* stat, access, getxattr, … */
    ACCESS_READLINK,
    ACCESS_CHDIR,
    ACCESS_OTHER
};
/* Returns the name stored in the session: "executed", … */
const char *access_kind_name(enum access_kind kind);
enum access_kind access_kind_of(struct bytes name); /* returns ACCESS_OTHER for an unknown name */

#endif
