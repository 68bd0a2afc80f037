/* SPDX-License-Identifier: MIT
 *
 * Formats file capabilities as text.
 *
 *     capability_text(value, &out)     // "cap_net_raw=ep"
 */
#ifndef XSMALL_IMAGE_CONTENT_CAPABILITY_H
#define XSMALL_IMAGE_CONTENT_CAPABILITY_H

#include "util/bytes.h"

/* Appends the text that getcap(8) -n prints for a value of the extended attribute
 * security.capability (capabilities(7), linux/capability.h: struct vfs_cap_data). If the value is
 * not valid, appends nothing and returns false. */
bool capability_text(struct bytes value, struct buf *out);

#endif
