/* SPDX-License-Identifier: MIT
 *
 * From a path as a package manager wrote it to the path id that it stands for in a tree that is
 * being merged: symlinks of the directories above are followed, one at the end is meant itself.
 *
 *     int64_t id;
 *     if (package_owners_walk(&walk, bytes_of("/bin/ls"), &id, err) == LOOKUP_FOUND) …
 */
#ifndef XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_WALK_H
#define XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_WALK_H

#include "image/merge/package_owners.h"

/* What following the paths of one image may cost, in look-ups of short paths: a hostile list could
 * take hours through links of links. Real ones take two or three a file. */
enum { OWNERS_COST_MAX = 20 * 1000 * 1000 };

struct package_owners_walk {
    const struct package_owners_request *request; /* borrowed */
    struct buf dir, real; /* owned; the last directory as written, where it is */
    bool entered;         /* there was one */
    bool dir_is_there;
    uint64_t cost;         /* so far; above OWNERS_COST_MAX nothing is found any more */
    struct buf left, path; /* owned */
};

/* Finds the id of the path in the tree. ABSENT: the tree has no such path. */
enum lookup package_owners_walk(struct package_owners_walk *walk, struct bytes path, int64_t *id,
                                struct err *err);
void package_owners_walk_finish(struct package_owners_walk *walk);

#endif
