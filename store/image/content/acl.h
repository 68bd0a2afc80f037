/* SPDX-License-Identifier: MIT
 *
 * A POSIX access control list as Linux keeps it, in system.posix_acl_access and …_default
 * (uapi/linux/posix_acl.h, posix_acl_xattr.h).
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
    uint16_t tag, permissions; /* rwx, 4 2 1 */
    uint32_t id;               /* of a user or a group; else it does not matter */
};
struct acl {
    struct acl_entry entries[ACL_ENTRIES_MAX];
    size_t n;
};

/* False where the entry has no tag of those above, names nobody, or there are too many. */
bool acl_add(struct acl *acl, struct acl_entry entry);
/* The attribute's value; sorts the entries as the kernel wants them. n 0 for an empty list. */
struct bytes acl_encode(struct acl *acl, struct arena *arena);

#endif
