/* SPDX-License-Identifier: MIT
 *
 * Writes to a descriptor until all bytes are written. Continues after short writes and retries
 * after EINTR.
 *
 *     write_all(fd, text) || err_sys(err, "%s", path)
 */
#ifndef XSMALL_UTIL_WRITE_ALL_H
#define XSMALL_UTIL_WRITE_ALL_H

#include "util/bytes.h"

/* Both return false with errno set on failure. */
bool write_all(int fd, struct bytes bytes);                     /* write(2) */
bool write_all_at(int fd, struct bytes bytes, uint64_t offset); /* pwrite(2) */

#endif
