/* SPDX-License-Identifier: MIT
 *
 * Files written with holes: zeros take no room on the disk.
 *
 *     ftruncate(fd, size) == 0 && sparse_write(fd, chunk, at) && …
 */
#ifndef XSMALL_UTIL_SPARSE_WRITE_H
#define XSMALL_UTIL_SPARSE_WRITE_H

#include "util/bytes.h"

/* Writes at offset, except for whole blocks of zeros: the file must be as long as it is to be
 * already, and have nothing there. False with errno. */
bool sparse_write(int fd, struct bytes bytes, uint64_t offset);

#endif
