/* SPDX-License-Identifier: MIT
 *
 * Extended attributes and access control lists of a tar member, from libarchive's entry.
 */
#ifndef XSMALL_IMAGE_LAYER_TAR_XATTRS_H
#define XSMALL_IMAGE_LAYER_TAR_XATTRS_H

#include "image/layer/entry_queue.h"

struct archive_entry;

/* Sets the attributes of entry, sorted. An access control list becomes the value of the kernel's
 * attribute, and its mask the group bits of the mode. */
void tar_xattrs_take(struct archive_entry *from, struct entry_feed *feed, struct entry *entry);

#endif
