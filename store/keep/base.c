/* SPDX-License-Identifier: MIT */
#include "keep/base.h"

#include <string.h>

const char *in_base_name(enum in_base in_base)
{
    static const char *const names[] = {[BASE_SAME] = "same",
                                        [BASE_META] = "meta",
                                        [BASE_CONTENT] = "content",
                                        [BASE_LINK] = "link",
                                        [BASE_ABSENT] = "absent"};
    return names[in_base];
}

void base_map(const struct tree *subject, const struct tree *base, uint32_t *out)
{
    out[NODE_ROOT] = NODE_ROOT;
    for (uint32_t i = 1; i < subject->n; i++) {
        uint32_t parent = out[subject->nodes[i].parent];
        out[i] = parent == NODE_NONE || base->nodes[parent].kind != NODE_DIR
                     ? NODE_NONE
                     : tree_child(base, parent, subject->nodes[i].name);
    }
}

static bool same_device(const struct node *a, const struct node *b)
{
    return a->device_major == b->device_major && a->device_minor == b->device_minor;
}

enum in_base base_compare(const struct tree *subject, uint32_t here, const struct tree *base,
                          uint32_t there)
{
    if (there == NODE_NONE)
        return BASE_ABSENT;
    const struct node *a = &subject->nodes[here], *b = &base->nodes[there];
    if (a->kind != b->kind || (a->kind == NODE_LINK && !bytes_equal(a->link, b->link)))
        return BASE_LINK;
    if (a->kind == NODE_FILE && (a->size != b->size || memcmp(a->hash, b->hash, sizeof a->hash)))
        return BASE_CONTENT;
    if ((a->kind == NODE_CHAR || a->kind == NODE_BLOCK) && !same_device(a, b))
        return BASE_CONTENT;
    bool same_mode = a->kind == NODE_LINK || a->mode == b->mode;
    bool same_owner = a->uid == b->uid && a->gid == b->gid;
    bool same_xattrs = memcmp(a->xattrs, b->xattrs, sizeof a->xattrs) == 0;
    return same_mode && same_owner && same_xattrs ? BASE_SAME : BASE_META;
}
