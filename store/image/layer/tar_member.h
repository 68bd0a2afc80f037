/* SPDX-License-Identifier: MIT
 *
 * The name and the attributes of a layer's member in canonical form: what is refused, what is a
 * whiteout, what is hidden (OCI image-spec, layer.md).
 *
 *     if (tar_member_name(feed, raw, entry)) …      // else it was refused or hidden:
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

/* Sets entry->path, and entry->kind where the name makes it a whiteout or an opaque marker. False
 * where the member is not to be loaded: a refused name is counted as a problem, leftovers of aufs
 * and of stargz are hidden. */
bool tar_member_name(struct entry_feed *feed, struct bytes raw, struct entry *entry);
/* Sets entry->link of a hard link. False, counted, where the name is refused. */
bool tar_member_hardlink(struct entry_feed *feed, struct bytes raw, struct entry *entry);
/* Owners are 32 bits wide in Linux; others are counted and become 0. */
uint32_t tar_member_owner(struct entry_feed *feed, const struct entry *entry, int64_t id);
/* A character device 0/0 is a whiteout of overlayfs; becomes that. */
void tar_member_device(struct entry *entry, uint32_t major, uint32_t minor);
/* Sorts the attributes gathered in list (a name twice: the later one), copies the list, and hashes
 * them: name, NUL, length (64 bits, little-endian), value of each. Names and values must be in the
 * feed's arena. */
void tar_member_xattrs(struct entry_feed *feed, struct entry *entry, struct entry_xattr *list,
                       size_t n);

#endif
