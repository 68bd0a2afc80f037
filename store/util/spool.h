/* SPDX-License-Identifier: MIT
 *
 * A temporary file without a name, for bytes that must be read twice and are too many for memory.
 * It is in $TMPDIR, else /var/tmp, and is gone when its descriptor is closed.
 */
#ifndef XSMALL_UTIL_SPOOL_H
#define XSMALL_UTIL_SPOOL_H

#include "util/bytes.h"
#include "util/err.h"

/* A descriptor for reading and writing, yours to close; -1 and err on failure. */
int spool_open(struct err *err);
/* Writes at offset, over what is there. */
bool spool_write(int fd, struct bytes bytes, uint64_t offset, struct err *err);

void spool_close_at(int *fd); /* closes it unless it is negative, and makes it -1 */
#define FD_AUTO __attribute__((cleanup(spool_close_at)))

#endif
