/* SPDX-License-Identifier: MIT
 *
 * Resolves a path of a package manager's file to a path id in a tree that is being merged. Symlinks
 * in parent directories are followed; a symlink at the end is not followed.
 *
 *     int64_t id;
 *     if (package_owners_walk(&walk, bytes_of("/bin/ls"), &id, err) == LOOKUP_FOUND) …
 */
#ifndef XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_WALK_H
#define XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_WALK_H

#include "image/merge/package_owners.h"

/* Limit for the cost of resolving all paths of one image, in look-ups of short paths. Without a
 * limit, a hostile list with symlinks to symlinks could cost hours. Real lists cost two or three
 * look-ups per file. */
enum { OWNERS_COST_MAX = 20 * 1000 * 1000 };

struct package_owners_walk {
    const struct package_owners_request *request; /* borrowed */
    struct buf dir, real; /* owned; the last directory as written, and its resolved path */
    bool entered;         /* dir and real are valid */
    bool dir_is_there;
    uint64_t cost;         /* cost so far; above OWNERS_COST_MAX every look-up returns ABSENT */
    struct buf left, path; /* owned */
};

/* Finds the id of the path in the tree. ABSENT: the tree has no such path. */
enum lookup package_owners_walk(struct package_owners_walk *walk, struct bytes path, int64_t *id,
                                struct err *err);
void package_owners_walk_finish(struct package_owners_walk *walk);

#endif
