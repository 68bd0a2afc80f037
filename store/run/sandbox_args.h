/* SPDX-License-Identifier: MIT
 *
 * The command lines of a run: bubblewrap's and strace's.
 */
#ifndef XSMALL_RUN_SANDBOX_ARGS_H
#define XSMALL_RUN_SANDBOX_ARGS_H

#include "run/run_dir.h"
#include "run/run_spec.h"

/* Name in the root of the sandbox of its first program (inside/inside.c). */
#define SANDBOX_INSIDE ".xsmall-inside"

/* Descriptors that bubblewrap inherits. Only 0, 1 and 2 reach the image's program. */
enum { SANDBOX_GO = 3, SANDBOX_INFO = 4, SANDBOX_FILTER = 5, SANDBOX_N_FDS = 6 };

/* Places of the unpacked image at which the sandbox mounts something; known after unpacking. */
struct sandbox_places {
    bool has_tmp;         /* /tmp is an empty directory: a tmpfs is mounted there */
    struct words targets; /* of spec->mounts, with links resolved, in their order */
};

/* Appends bwrap and its arguments. */
void sandbox_args(const struct run_spec *spec, const struct run_dir *dir, const struct id_map *map,
                  const struct sandbox_places *places, struct words *out);
/* Appends strace and its arguments; it attaches to process pid. */
void tracer_args(const struct run_dir *dir, pid_t pid, struct words *out);

#endif
