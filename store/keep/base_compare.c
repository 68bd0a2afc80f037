/* SPDX-License-Identifier: MIT */
#include "keep/base_compare.h"

const char *in_base_name(enum in_base in_base)
{
    static const char *const names[] = {[BASE_SAME] = "same",
                                        [BASE_META] = "meta",
                                        [BASE_CONTENT] = "content",
                                        [BASE_LINK] = "link",
                                        [BASE_ABSENT] = "absent"};
    return names[in_base];
}

enum in_base base_compare(const struct tree *subject, uint32_t here, const struct tree *base,
                          uint32_t there)
{
    if (there == NODE_NONE)
        return BASE_ABSENT;
    unsigned what = tree_compare_attributes(&subject->nodes[here], &base->nodes[there]);
    if (what & (COMPARE_KIND | COMPARE_LINK))
        return BASE_LINK;
    if (what & COMPARE_CONTENT)
        return BASE_CONTENT;
    return what & (COMPARE_MODE | COMPARE_OWNER | COMPARE_XATTRS) ? BASE_META : BASE_SAME;
}
