/* SPDX-License-Identifier: MIT */
#include "cli/docs/pager.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output.h"

enum { SHELL_NOT_FOUND = 127 };

/* Returns whether the pager showed the text. A pager that a person leaves early succeeds, too. */
static bool run_pager(const char *pager, struct bytes text)
{
    fflush(stdout);
    FILE *pipe = popen(pager, "w");
    if (!pipe)
        return false;
    fwrite(text.p, 1, text.n, pipe);
    int status = pclose(pipe);
    return !WIFEXITED(status) || WEXITSTATUS(status) != SHELL_NOT_FOUND;
}

void pager_show(struct bytes text)
{
    const char *pager = getenv("PAGER");
    if (!pager || !*pager)
        pager = "less";
    setenv("LESS", "FRX", false);
    if (!text.n || !isatty(STDOUT_FILENO) || !run_pager(pager, text))
        output_bytes(stdout, text);
}
