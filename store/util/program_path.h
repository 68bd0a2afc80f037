/* SPDX-License-Identifier: MIT
 *
 * Finds the file of a program as execvp(3) does, to report a missing one before it is needed.
 */
#ifndef XSMALL_UTIL_PROGRAM_PATH_H
#define XSMALL_UTIL_PROGRAM_PATH_H

#include "util/bytes.h"

/* Replaces the bytes of out with the path of the executable: name itself if it has a slash, else
 * the first one in $PATH. Returns false if there is no such executable. */
bool program_path_find(const char *name, struct buf *out);

#endif
