/* SPDX-License-Identifier: MIT
 * Skips a unit program, with the messages of tests/lib_common.sh. Call before the tests run: the
 * program ends. */
#ifndef XSMALL_UNIT_NEED_H
#define XSMALL_UNIT_NEED_H

#include <stdio.h>
#include <stdlib.h>

enum { EXIT_SKIPPED = 77 };

static inline void need_tool(const char *name)
{
    char command[128];
    snprintf(command, sizeof command, "command -v %s >/dev/null", name);
    if (system(command) == 0)
        return;
    printf("skipped: missing tool: %s\n", name);
    exit(EXIT_SKIPPED);
}

static inline void need_strace(void)
{
    need_tool("strace");
    if (system("strace -f -o /dev/null true") == 0)
        return;
    puts("skipped: no right to trace");
    exit(EXIT_SKIPPED);
}

#endif
