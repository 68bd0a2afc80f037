/* SPDX-License-Identifier: MIT */
#include "image/content/acl.h"

#include <stdlib.h>

enum { VERSION = 2, HEADER_BYTES = 4, ENTRY_BYTES = 8 };
#define NOBODY 0xffffffffu

bool acl_add(struct acl *acl, struct acl_entry entry)
{
    bool named = entry.tag == ACL_TAG_USER || entry.tag == ACL_TAG_GROUP;
    if (!entry.tag || acl->n == ACL_ENTRIES_MAX || (named && entry.id == NOBODY))
        return false;
    if (!named)
        entry.id = NOBODY;
    acl->entries[acl->n++] = entry;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct acl_entry *x = a, *y = b;
    if (x->tag != y->tag)
        return x->tag < y->tag ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Stores the low n bytes of value, little-endian. */
static void put(char *to, uint32_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (char)(value >> (8 * i));
}

struct bytes acl_encode(struct acl *acl, struct arena *arena)
{
    if (!acl->n)
        return (struct bytes){0};
    size_t n = HEADER_BYTES + acl->n * ENTRY_BYTES;
    char *value = arena_alloc(arena, n);
    qsort(acl->entries, acl->n, sizeof *acl->entries, compare);
    put(value, VERSION, HEADER_BYTES);
    for (size_t i = 0; i < acl->n; i++) {
        char *at = value + HEADER_BYTES + i * ENTRY_BYTES;
        put(at, acl->entries[i].tag, 2);
        put(at + 2, acl->entries[i].permissions, 2);
        put(at + 4, acl->entries[i].id, 4);
    }
    return bytes_from(value, n);
}
