/* SPDX-License-Identifier: MIT */
#include "image/layer/tar_xattrs.h"

#include <archive.h>
#include <archive_entry.h>

#include "image/content/acl.h"
#include "image/layer/tar_member.h"

/* Returns the kernel's value of an access control list tag; 0 if it is not a POSIX tag. */
static uint16_t acl_tag(int tag)
{
    switch (tag) {
    case ARCHIVE_ENTRY_ACL_USER_OBJ:
        return ACL_TAG_USER_OBJ;
    case ARCHIVE_ENTRY_ACL_USER:
        return ACL_TAG_USER;
    case ARCHIVE_ENTRY_ACL_GROUP_OBJ:
        return ACL_TAG_GROUP_OBJ;
    case ARCHIVE_ENTRY_ACL_GROUP:
        return ACL_TAG_GROUP;
    case ARCHIVE_ENTRY_ACL_MASK:
        return ACL_TAG_MASK;
    case ARCHIVE_ENTRY_ACL_OTHER:
        return ACL_TAG_OTHER;
    default:
        return 0;
    }
}

/* Returns an access control list as the value of the kernel's extended attribute; n is 0 if there
 * is no list. libarchive sets the group bits of the mode from the list's group entry; the kernel
 * uses the mask entry. */
static struct bytes take_acl(struct archive_entry *from, int type, struct entry_feed *feed,
                             struct entry *entry)
{
    int kind, permset, tag, id;
    const char *name;
    struct acl acl = {0};
    struct bytes none = {0};
    if (archive_entry_acl_reset(from, type) == 0)
        return none;
    while (archive_entry_acl_next(from, type, &kind, &permset, &tag, &id, &name) == ARCHIVE_OK) {
        struct acl_entry one = {acl_tag(tag), (uint16_t)(permset & 7), (uint32_t)id};
        if (!acl_add(&acl, one)) {
            entry_feed_problem(feed, entry->path,
                               bytes_of("an access control list that is not read"));
            return none;
        }
        if (one.tag == ACL_TAG_MASK && type == ARCHIVE_ENTRY_ACL_TYPE_ACCESS)
            entry->mode = (entry->mode & ~070u) | (uint32_t)one.permissions << 3;
    }
    return acl_encode(&acl, entry_feed_arena(feed));
}

void tar_xattrs_take(struct archive_entry *from, struct entry_feed *feed, struct entry *entry)
{
    static const struct {
        const char *name;
        int type;
    } lists[] = {{"system.posix_acl_access", ARCHIVE_ENTRY_ACL_TYPE_ACCESS},
                 {"system.posix_acl_default", ARCHIVE_ENTRY_ACL_TYPE_DEFAULT}};
    struct arena *arena = entry_feed_arena(feed);
    MEM_AUTO struct entry_xattr *list = NULL;
    size_t n = 0, cap = 0, size;
    for (size_t i = 0; archive_entry_acl_types(from) && i < 2; i++) {
        struct bytes acl = take_acl(from, lists[i].type, feed, entry);
        if (!acl.n)
            continue;
        if (!feed->is_rootfs) { /* containers/storage, containerd and umoci ignore SCHILY.acl */
            entry_feed_problem(feed, entry->path,
                               bytes_of("access control list, which container engines do not "
                                        "apply; not loaded"));
            continue;
        }
        ARRAY_ROOM(list, n, cap);
        list[n++] = (struct entry_xattr){bytes_of(lists[i].name), acl};
    }
    const char *name;
    const void *value;
    archive_entry_xattr_reset(from);
    while (archive_entry_xattr_next(from, &name, &value, &size) == ARCHIVE_OK) {
        if (n == TAR_MEMBER_XATTRS_MAX) {
            entry_feed_problem(feed, entry->path, bytes_of("too many extended attributes: cut"));
            break;
        }
        ARRAY_ROOM(list, n, cap);
        list[n].name = arena_copy(arena, bytes_of(name));
        list[n++].value = arena_copy(arena, bytes_from(value, size));
    }
    tar_member_xattrs(feed, entry, list, n);
}
