/* SPDX-License-Identifier: MIT
 *
 * Opens and creates paths below a directory as if it were the root: absolute links and ".." stay
 * inside (openat2(2), RESOLVE_IN_ROOT). For trees that a program of an image may have written.
 */
#ifndef XSMALL_RUN_IN_ROOT_H
#define XSMALL_RUN_IN_ROOT_H

#include <sys/types.h>

#include "util/bytes.h"
#include "util/err.h"

/* openat2(2) in the root; -1 with errno. path may be absolute. */
int in_root_open(int root, const char *path, int flags, mode_t mode);
/* Creates the directory and those above it, mode 0755. A link to a directory is followed. Returns
 * an O_PATH descriptor, or -1 with errno. */
int in_root_make_directory(int root, const char *path);
/* Replaces a file of a directory, not following a link of that name. */
bool in_root_write(int directory, const char *name, struct bytes text, struct err *err);

#endif
