/* SPDX-License-Identifier: MIT
 *
 * The directories in which the dynamic loader of a C library searches by itself, after RPATH and
 * RUNPATH.
 *
 *     struct ld_so ld_so = {0};
 *     struct bytes dirs = ld_so_dirs(&ld_so, tree, ld_so_is_musl(&ld_so, closure, node));
 *     ld_so_finish(&ld_so);
 */
#ifndef XSMALL_KEEP_NEEDS_LD_SO_PATHS_H
#define XSMALL_KEEP_NEEDS_LD_SO_PATHS_H

#include "keep/closure.h"

/* What is read once for one subject image; zeroed at first. */
struct ld_so {
    struct buf dirs[2];                                      /* glibc's, musl's; ':' between them */
    enum { LD_SO_UNREAD, LD_SO_GLIBC, LD_SO_MUSL } unmarked; /* whose a file without a sign is */
};
void ld_so_finish(struct ld_so *ld_so);

enum { LD_SO_MAX_PLATFORMS = 4 };

/* Borrowed, ':' between them. */
struct bytes ld_so_dirs(struct ld_so *ld_so, const struct tree *tree, bool musl);
/* Whether a file belongs to musl: by its interpreter or its C library, or by those of the files
 * that need it; else by whether the image has musl's loader. */
bool ld_so_is_musl(struct ld_so *ld_so, const struct closure *closure, uint32_t node);
/* The values that $PLATFORM can have for a NEED_MACHINE; returns how many. */
size_t ld_so_platforms(struct bytes machine, const char *out[LD_SO_MAX_PLATFORMS]);

#endif
