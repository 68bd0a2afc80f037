/* SPDX-License-Identifier: MIT
 *
 * File capabilities in words.
 *
 *     capability_text(value, &out)     // "cap_net_raw=ep"
 */
#ifndef XSMALL_IMAGE_CONTENT_CAPABILITY_H
#define XSMALL_IMAGE_CONTENT_CAPABILITY_H

#include "util/bytes.h"

/* Appends what getcap(8) -n prints of a value of the extended attribute security.capability
 * (capabilities(7), linux/capability.h: struct vfs_cap_data). False, and nothing appended, where it
 * is none. */
bool capability_text(struct bytes value, struct buf *out);

#endif
