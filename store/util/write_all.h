/* SPDX-License-Identifier: MIT
 *
 * Writes to a descriptor until all bytes are written: short writes go on, EINTR is tried again.
 *
 *     write_all(fd, text) || err_sys(err, "%s", path)
 */
#ifndef XSMALL_UTIL_WRITE_ALL_H
#define XSMALL_UTIL_WRITE_ALL_H

#include "util/bytes.h"

bool write_all(int fd, struct bytes bytes);                     /* write(2); false with errno */
bool write_all_at(int fd, struct bytes bytes, uint64_t offset); /* pwrite(2); false with errno */

#endif
