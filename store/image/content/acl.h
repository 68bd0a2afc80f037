/* SPDX-License-Identifier: MIT
 *
 * Encodes a POSIX access control list as Linux stores it in system.posix_acl_access and
 * system.posix_acl_default (uapi/linux/posix_acl.h, posix_acl_xattr.h).
 *
 *     struct acl acl = {0};
 *     if (!acl_add(&acl, (struct acl_entry){ACL_TAG_USER, 6, 1000})) …
 *     struct bytes value = acl_encode(&acl, arena);
 */
#ifndef XSMALL_IMAGE_CONTENT_ACL_H
#define XSMALL_IMAGE_CONTENT_ACL_H

#include "util/arena.h"

enum {
    ACL_TAG_USER_OBJ = 0x01,
    ACL_TAG_USER = 0x02,
    ACL_TAG_GROUP_OBJ = 0x04,
    ACL_TAG_GROUP = 0x08,
    ACL_TAG_MASK = 0x10,
    ACL_TAG_OTHER = 0x20,
    ACL_ENTRIES_MAX = 1024
};

struct acl_entry {
    uint16_t tag, permissions; /* bits: r 4, w 2, x 1 */
    uint32_t id;               /* id of the user or group; ignored for other tags */
};
struct acl {
    struct acl_entry entries[ACL_ENTRIES_MAX];
    size_t n;
};

/* Adds an entry. Returns false if the tag is 0, a user or group entry has no id, or the list is
 * full. */
bool acl_add(struct acl *acl, struct acl_entry entry);
/* Sorts the entries as the kernel requires and returns the value of the attribute; n is 0 for an
 * empty list. */
struct bytes acl_encode(struct acl *acl, struct arena *arena);

#endif
