/* SPDX-License-Identifier: MIT */
#include "util/program_path.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool program_path_find(const char *name, struct buf *out)
{
    const char *paths = getenv("PATH");
    struct bytes rest = bytes_of(paths ? paths : "/usr/local/bin:/usr/bin:/bin");
    buf_replace(out, bytes_of(name));
    if (strchr(name, '/'))
        return is_program(name);
    while (rest.n) {
        struct bytes dir = bytes_split(&rest, ':');
        buf_replace(out, dir.n ? dir : bytes_of("."));
        buf_printf(out, "/%s", name);
        if (is_program(out->p))
            return true;
    }
    return false;
}
