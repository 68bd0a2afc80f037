/* SPDX-License-Identifier: MIT
 *
 * Writes files with holes, so that blocks of zeros use no disk space.
 *
 *     ftruncate(fd, size) == 0 && sparse_write(fd, chunk, at) && …
 */
#ifndef XSMALL_UTIL_SPARSE_WRITE_H
#define XSMALL_UTIL_SPARSE_WRITE_H

#include "util/bytes.h"

/* Writes bytes at offset, but skips whole blocks of zeros. The file must already have its final
 * length, and the range must be a hole. Returns false with errno set. */
bool sparse_write(int fd, struct bytes bytes, uint64_t offset);

#endif
