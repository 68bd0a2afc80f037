/* SPDX-License-Identifier: MIT
 *
 * What adding a file group does to the kept tree: the members and their dependencies, without the
 * files that the base provides. Nothing is computed again: the closure of the kept tree is extended
 * by the members, and the extension is undone. Private to store/keep/groups.
 *
 *     struct group_effects effects;
 *     group_effects_init(&effects, &input, keep);
 *     bool ok = group_effects_find(&effects, group, &effect, err);
 *     group_effects_finish(&effects);
 */
#ifndef XSMALL_KEEP_GROUPS_GROUP_EFFECT_H
#define XSMALL_KEEP_GROUPS_GROUP_EFFECT_H

#include "keep/groups/file_group.h"
#include "keep/keep.h"

struct group_effect {
    bool changes;     /* the kept tree would have more paths, directories included */
    uint32_t n_files; /* more kept files: non-directories */
    int64_t bytes;    /* their contents; a hard link once, and only if no name of it is kept now */
};

struct group_effects {
    const struct keep_input *input; /* borrowed */
    const struct keep *keep;        /* borrowed; computed from input */
    struct verdict *verdicts;       /* owned; a copy that is extended and restored */
    uint8_t *kept_peer; /* owned; by first name of a hard link: whether a name is kept */
};

void group_effects_init(struct group_effects *effects, const struct keep_input *input,
                        const struct keep *keep);
void group_effects_finish(struct group_effects *effects);
/* Returns false with err if cancelled. */
bool group_effects_find(struct group_effects *effects, const struct file_group *group,
                        struct group_effect *out, struct err *err);

#endif
