/* SPDX-License-Identifier: MIT */
#include "trace/strace/access_kind.h"

static const char *const kind_names[] = {
    [ACCESS_EXECUTED] = "executed", [ACCESS_MAPPED] = "mapped",   [ACCESS_READ] = "read",
    [ACCESS_LISTED] = "listed",     [ACCESS_WRITTEN] = "written", [ACCESS_CREATED] = "created",
    [ACCESS_RENAMED] = "renamed",   [ACCESS_REMOVED] = "removed", [ACCESS_STAT] = "stat",
    [ACCESS_READLINK] = "readlink", [ACCESS_CHDIR] = "chdir",     [ACCESS_OTHER] = "other",
};

const char *access_kind_name(enum access_kind kind)
{
    return kind_names[kind];
}

enum access_kind access_kind_of(struct bytes name)
{
    for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
        if (bytes_equal(name, bytes_of(kind_names[i])))
            return (enum access_kind)i;
    return ACCESS_OTHER;
}
