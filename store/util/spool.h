/* SPDX-License-Identifier: MIT
 *
 * A temporary file without a name, for bytes that must be read twice and do not fit in memory. The
 * file is created in $TMPDIR, or in /var/tmp if TMPDIR is not set. The kernel removes it when the
 * descriptor is closed.
 */
#ifndef XSMALL_UTIL_SPOOL_H
#define XSMALL_UTIL_SPOOL_H

#include "util/bytes.h"
#include "util/err.h"

/* Returns a descriptor open for reading and writing; the caller closes it. Returns -1 and fills err
 * on failure. */
int spool_open(struct err *err);
/* Writes bytes at offset, replacing existing bytes. */
bool spool_write(int fd, struct bytes bytes, uint64_t offset, struct err *err);

void spool_close_at(int *fd); /* closes *fd if it is not negative, then sets *fd to -1 */
#define FD_AUTO __attribute__((cleanup(spool_close_at)))

#endif
