/* SPDX-License-Identifier: MIT
 *
 * The directories that the dynamic loader of a C library searches by default, after RPATH and
 * RUNPATH.
 *
 *     struct ld_so ld_so = {0};
 *     struct bytes dirs = ld_so_dirs(&ld_so, tree, ld_so_is_musl(&ld_so, closure, node));
 *     ld_so_finish(&ld_so);
 */
#ifndef XSMALL_KEEP_NEEDS_LD_SO_PATHS_H
#define XSMALL_KEEP_NEEDS_LD_SO_PATHS_H

#include "keep/closure.h"

/* Data that is read once for a subject image; initialize to zero. */
struct ld_so {
    struct buf dirs[2]; /* of glibc, of musl; separated by ':' */
    enum { LD_SO_UNREAD, LD_SO_GLIBC, LD_SO_MUSL } unmarked; /* of files that do not show theirs */
};
void ld_so_finish(struct ld_so *ld_so);

enum { LD_SO_MAX_PLATFORMS = 4 };

/* Returns the directories, borrowed, separated by ':'. */
struct bytes ld_so_dirs(struct ld_so *ld_so, const struct tree *tree, bool musl);
/* Returns whether a file uses musl: by its interpreter or its C library, or by those of the files
 * that need it; if they do not show it, by whether the image has musl's loader. */
bool ld_so_is_musl(struct ld_so *ld_so, const struct closure *closure, uint32_t node);
/* Lists the values that $PLATFORM can have for a NEED_MACHINE; returns their number. */
size_t ld_so_platforms(struct bytes machine, const char *out[LD_SO_MAX_PLATFORMS]);

#endif
