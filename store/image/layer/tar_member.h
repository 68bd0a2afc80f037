/* SPDX-License-Identifier: MIT
 *
 * Converts the name and the attributes of a layer's member to canonical form. Rejects invalid
 * names, detects whiteouts, and skips members that are not part of the image (OCI image-spec,
 * layer.md).
 *
 *     if (tar_member_name(feed, raw, entry)) …      // else it was rejected or skipped: call
 * entry_feed_remove_last
 */
#ifndef XSMALL_IMAGE_LAYER_TAR_MEMBER_H
#define XSMALL_IMAGE_LAYER_TAR_MEMBER_H

#include "image/layer/entry_queue.h"

enum {
    TAR_MEMBER_PATH_MAX = 4094, /* PATH_MAX of Linux without the leading slash and the NUL */
    TAR_MEMBER_NAME_MAX = 255,
    TAR_MEMBER_LINK_MAX = 4095,
    TAR_MEMBER_XATTRS_MAX = 4096
};

/* Sets entry->path. If the name is a whiteout or an opaque marker, sets also entry->kind. Returns
 * false if the member must not be loaded: an invalid name is counted as a problem; files of aufs
 * and of stargz are skipped. */
bool tar_member_name(struct entry_feed *feed, struct bytes raw, struct entry *entry);
/* Sets entry->link of a hard link. If the name is invalid, counts a problem and returns false. */
bool tar_member_hardlink(struct entry_feed *feed, struct bytes raw, struct entry *entry);
/* Returns the owner id. Linux has 32-bit ids; if id does not fit, counts a problem and returns 0.
 */
uint32_t tar_member_owner(struct entry_feed *feed, const struct entry *entry, int64_t id);
/* Sets the device numbers. A character device 0/0 is a whiteout of overlayfs; the entry becomes a
 * whiteout. */
void tar_member_device(struct entry *entry, uint32_t major, uint32_t minor);
/* Sorts the attributes in list (if a name occurs twice, the later value stays), copies the list to
 * the entry, and hashes it: name, NUL, length (64 bits, little-endian) and value of each attribute.
 * Names and values must be in the feed's arena. */
void tar_member_xattrs(struct entry_feed *feed, struct entry *entry, struct entry_xattr *list,
                       size_t n);

#endif
